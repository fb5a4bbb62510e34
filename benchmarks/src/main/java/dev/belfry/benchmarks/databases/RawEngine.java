// SPDX-License-Identifier: Apache-2.0

package dev.belfry.benchmarks.databases;

import dev.belfry.benchmarks.databases.RawQueue.Batch;
import dev.belfry.jdbc.JdbcJobStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The least that a queue can do: Belfry's hot table with its indexes, and no history; Belfry's
 * other tables stay empty. Claims a batch, then deletes it; or deletes a batch and claims the next
 * in one commit. Each of a few threads goes on behind what it claimed last, so that it never reads
 * dead rows again.
 */
final class RawEngine implements Engine {
  private static final int BATCH = 1_000;

  private final Setup setup;
  private final int most;
  private final boolean joined;
  private final RawQueue queue;
  private final AtomicLong ids = new AtomicLong(System.currentTimeMillis() << 20);
  private List<Thread> threads = List.of();

  /**
   * Makes it.
   *
   * @param most how many runs are claimed together
   * @param joined whether a batch is deleted in the commit that claims the next
   */
  RawEngine(Setup setup, int most, boolean joined) {
    this.setup = setup;
    this.most = most;
    this.joined = joined;
    this.queue = RawQueue.on(setup.product());
  }

  @Override
  public void create() throws SQLException {
    setup.execute(JdbcJobStore.using(setup.pool()).withTablePrefix("raw_").ddl());
    setup.execute(queue.changes());
  }

  @Override
  public void fill(int runs) throws SQLException {
    try (Connection connection = setup.pool().getConnection()) {
      for (int left = runs; left > 0; left -= BATCH) {
        queue.insert(connection, newIds(Math.min(left, BATCH)), "null");
      }
    }
  }

  @Override
  public void enqueue(long stamp) throws SQLException {
    try (Connection connection = setup.pool().getConnection()) {
      queue.insert(connection, newIds(1), Long.toString(stamp));
    }
  }

  /** Returns ids in the order of time, as Belfry's are. */
  private List<UUID> newIds(int count) {
    var made = new ArrayList<UUID>(count);
    for (int i = 0; i < count; i++) {
      made.add(new UUID(ids.incrementAndGet(), i));
    }
    return made;
  }

  @Override
  public void start(Tally tally) {
    threads = new ArrayList<>();
    for (int i = 0; i < queue.threads(); i++) {
      threads.add(new Thread(() -> drain(tally), "raw " + i));
    }
    threads.forEach(Thread::start);
  }

  private void drain(Tally tally) {
    try (Connection connection = setup.pool().getConnection()) {
      UUID node = UUID.randomUUID();
      Batch start = RawQueue.before(setup.product());
      Batch last = claim(connection, node, start, start);
      while (!last.ids().isEmpty()) {
        tally.ran(last.ids().size());
        if (!joined) {
          queue.delete(connection, last.ids());
        }
        Batch next = claim(connection, node, last, last);
        if (next.ids().isEmpty()) {
          // what is left lies before, if anything is
          next = claim(connection, node, start, start);
        }
        last = next;
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private Batch claim(Connection connection, UUID node, Batch finished, Batch behind)
      throws SQLException {
    return queue.claim(connection, node, most, joined ? finished.ids() : List.of(), behind);
  }

  @Override
  public int function(int steps) throws SQLException {
    List<UUID> run = newIds(1);
    try (Connection connection = setup.pool().getConnection()) {
      queue.insert(connection, run, "null");
      int sum = 0;
      for (int i = 0; i < steps; i++) {
        queue.keep(connection, run.get(0), "step-" + i, Integer.toString(i));
        sum += i;
      }
      queue.delete(connection, run);
      return sum;
    }
  }

  @Override
  public void settle() throws InterruptedException {
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @Override
  public void stop() throws InterruptedException {
    settle();
  }

  @Override
  public void crowd(int future, int running, int ended) throws SQLException {
    setup.execute(queue.crowd(future, running));
  }
}
