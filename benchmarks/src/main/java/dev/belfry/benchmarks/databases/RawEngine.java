// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The least that a queue can do: Belfry's hot table with its indexes, and no history. Claims a
 * batch, then deletes it; or deletes a batch and claims the next in one statement. Each of a few
 * threads goes on behind what it claimed last, so that it never reads dead rows again.
 */
final class RawEngine implements Engine {
  private static final int BATCH = 1_000;
  private static final UUID START = new UUID(0, 0);
  private static final String TABLE =
      """
      create table raw_run (
        id uuid primary key,
        lane int not null,
        due_at timestamptz not null,
        state smallint not null,
        held smallint not null,
        node uuid,
        fence bigint not null,
        attempt int not null,
        opens boolean not null,
        limits text,
        first_due timestamptz not null,
        created_at timestamptz not null,
        claimed_at timestamptz,
        first_claimed_at timestamptz,
        interruptions int not null,
        cancelled boolean not null,
        cancel_reason text,
        kind varchar(10) not null,
        actor text,
        schedule varchar(200) collate "C",
        nominal timestamptz,
        origin uuid,
        tags text,
        unique_key varchar(200) collate "C",
        watched boolean not null,
        waiting boolean not null,
        detail text,
        start_by timestamptz,
        finish_by timestamptz,
        codec varchar(40) not null,
        input bytea)
        with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
          autovacuum_vacuum_cost_delay = 0);
      create index raw_run_ready on raw_run (lane, due_at, id) where state = 0 and held = 0;
      create index raw_run_of_node on raw_run (node, cancelled, id) where node is not null;
      """;
  private static final String INSERT =
      "insert into raw_run (id, lane, due_at, state, held, fence, attempt, opens, first_due,"
          + " created_at, interruptions, cancelled, waiting, kind, watched, codec, input)"
          + " select id, 1, now(), 0, 0, 0, 0, true, now(), now(), 0, false, false, 'ENQUEUE',"
          + " false, 'json', ? from unnest(?::uuid[]) id";
  private static final String CLAIM =
      "update raw_run set state = 1, node = ?, fence = fence + 1, attempt = attempt + 1,"
          + " claimed_at = now(), first_claimed_at = now()"
          + " where id = any(array(select id from raw_run where lane = 1 and state = 0 and held = 0"
          + " and due_at <= now() and (due_at, id) > (?::timestamptz, ?)"
          + " order by lane, due_at, id limit %d for update skip locked))"
          + " returning id, due_at::text, fence, attempt, codec, input";
  private static final String DELETE = "delete from raw_run where id = any(?)";

  private final Setup setup;
  private final int batch;
  private final boolean joined;
  private final AtomicLong ids = new AtomicLong(System.currentTimeMillis() << 20);
  private List<Thread> threads = List.of();

  /**
   * Makes it.
   *
   * @param joined whether a batch is deleted in the statement that claims the next
   */
  RawEngine(Setup setup, int batch, boolean joined) {
    this.setup = setup;
    this.batch = batch;
    this.joined = joined;
  }

  @Override
  public void create() throws SQLException {
    setup.execute(TABLE);
  }

  @Override
  public void fill(int runs) throws SQLException {
    try (Connection connection = setup.pool().getConnection();
        PreparedStatement insert = connection.prepareStatement(INSERT)) {
      for (int left = runs; left > 0; left -= BATCH) {
        insert(insert, Math.min(left, BATCH));
      }
    }
  }

  @Override
  public void enqueue() throws SQLException {
    try (Connection connection = setup.pool().getConnection();
        PreparedStatement insert = connection.prepareStatement(INSERT)) {
      insert(insert, 1);
    }
  }

  private void insert(PreparedStatement insert, int runs) throws SQLException {
    var made = new UUID[runs];
    for (int i = 0; i < runs; i++) {
      made[i] = new UUID(ids.incrementAndGet(), i); // in order of time, as Belfry's are
    }
    insert.setBytes(1, "null".getBytes(StandardCharsets.UTF_8));
    insert.setArray(2, insert.getConnection().createArrayOf("uuid", made));
    insert.executeUpdate();
  }

  @Override
  public void start(Tally tally) {
    threads = new ArrayList<>();
    for (int i = 0; i < lanes(); i++) {
      threads.add(new Thread(() -> drain(tally), "raw " + i));
    }
    threads.forEach(Thread::start);
  }

  /** Returns how many threads do it best on two processors that the server needs, too. */
  private static int lanes() {
    return Integer.getInteger("raw.threads", 2);
  }

  private void drain(Tally tally) {
    try (Connection connection = setup.pool().getConnection();
        PreparedStatement claim = connection.prepareStatement(claim());
        PreparedStatement delete = connection.prepareStatement(DELETE)) {
      UUID node = UUID.randomUUID();
      Claimed last = new Claimed(List.of(), null, START);
      do {
        Claimed next = claim(claim, node, last);
        if (next.ids.isEmpty() && last.due != null) {
          // what is left lies behind the mark, if anything is
          next = claim(claim, node, new Claimed(List.of(), null, START));
        }
        tally.ran(next.ids.size());
        if (!joined) {
          delete.setArray(1, connection.createArrayOf("uuid", next.ids.toArray()));
          delete.executeUpdate();
        }
        last = next;
      } while (!last.ids.isEmpty());
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private String claim() {
    String claim = CLAIM.formatted(batch);
    return joined
        ? "with finished as (delete from raw_run where id = any(?)), claimed as ("
            + claim
            + ") select * from claimed"
        : claim;
  }

  private Claimed claim(PreparedStatement claim, UUID node, Claimed last) throws SQLException {
    int parameter = 1;
    if (joined) {
      claim.setArray(parameter++, claim.getConnection().createArrayOf("uuid", last.ids.toArray()));
    }
    claim.setObject(parameter++, node);
    claim.setString(parameter++, last.due == null ? "-infinity" : last.due);
    claim.setObject(parameter, last.greatest);
    var ids = new ArrayList<UUID>(batch);
    @Nullable String due = null;
    UUID greatest = START;
    try (ResultSet rows = claim.executeQuery()) {
      while (rows.next()) {
        UUID id = rows.getObject(1, UUID.class);
        String dueAt = rows.getString(2);
        rows.getLong(3);
        rows.getInt(4);
        rows.getString(5);
        rows.getBytes(6);
        ids.add(id);
        int later = due == null ? 1 : dueAt.compareTo(due);
        if (later > 0 || (later == 0 && id.compareTo(greatest) > 0)) {
          due = dueAt;
          greatest = id;
        }
      }
    }
    return new Claimed(ids, due, greatest);
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

  /** A batch: its runs, and the last of them in the order of claims. */
  private record Claimed(List<UUID> ids, @Nullable String due, UUID greatest) {}
}
