// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.Event;
import dev.belfry.EventMatch;
import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.Scheduler;
import dev.belfry.jdbc.EmptyDatabase;
import dev.belfry.jdbc.JdbcJobStore;
import dev.belfry.jdbc.Product;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An event that is sent just before, while or after its wait is registered, by another node or in a
 * caller's transaction that is committed late, ends the wait, and no other.
 */
@Execution(ExecutionMode.CONCURRENT)
class WaitRaceTest {
  private static final int RUNS = Integer.getInteger("belfry.race.runs", 300);
  private static final EventType<Integer> ANSWER =
      EventType.of("answer", Integer.class).keyedBy(String::valueOf);

  private final BlockingQueue<Integer> asked = new LinkedBlockingQueue<>();
  private final Map<Integer, String> answers = new ConcurrentHashMap<>();
  private final Job<Integer> ask =
      Job.named("ask", Integer.class)
          .handler(
              (ctx, number) -> {
                ctx.step("ask", () -> asked.add(number));
                Optional<Event<Integer>> answer =
                    ctx.waitForEvent("answer", ANSWER, number + "", Duration.ofSeconds(60));
                Optional<Event<Integer>> again =
                    ctx.waitForEvent(
                        "again",
                        ANSWER,
                        EventMatch.<Integer>key(number + "").since(Instant.EPOCH),
                        Duration.ofMillis(20));
                answers.put(number, answer.map(Event::data) + ", then " + again.map(Event::data));
              });

  @Test
  void noEventIsMissedOrTakenTwice_onH2() throws Exception {
    JdbcConnectionPool pool = JdbcConnectionPool.create("jdbc:h2:mem:race", "", "");
    pool.setMaxConnections(20);
    try (Connection kept = pool.getConnection()) {
      race(pool);
      assertThat(kept.isClosed()).isFalse();
    } finally {
      pool.dispose();
    }
  }

  @ParameterizedTest
  @MethodSource("dev.belfry.jdbc.Product#servers")
  void noEventIsMissedOrTakenTwice_onAServer(Product product) throws Exception {
    try (EmptyDatabase database = product.open()) {
      race(database.pool());
    }
  }

  private void race(DataSource pool) throws Exception {
    try (Scheduler one = start("one", pool);
        Scheduler two = start("two", pool)) {
      one.enqueueAll(ask, IntStream.range(0, RUNS).boxed().toList());
      var random = new Random(7);
      JdbcJobStore sender = JdbcJobStore.using(pool);
      sender.open();
      for (int sent = 0; sent < RUNS; sent++) {
        Integer number = asked.poll(30, TimeUnit.SECONDS);
        assertThat(number).as("question %s", sent).isNotNull();
        send(two, sender, pool, number, random.nextInt(3));
      }
      assertThat(one.awaitIdle(Duration.ofSeconds(60))).isTrue();
      assertThat(two.awaitIdle(Duration.ofSeconds(60))).isTrue();
      awaitAnswers();
      sender.close();
    }

    assertThat(answers).hasSize(RUNS);
    answers.forEach(
        (number, answer) ->
            assertThat(answer).isEqualTo("Optional[" + number + "], then Optional.empty"));
  }

  /** Waits that are open are not due, so that a scheduler is idle before they are over. */
  private void awaitAnswers() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (answers.size() < RUNS && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
  }

  private void send(Scheduler two, JdbcJobStore sender, DataSource pool, int number, int way)
      throws Exception {
    if (way == 0) {
      two.send(ANSWER, number);
      return;
    }
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      sender.within(connection).send(ANSWER, number);
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(way == 1 ? 0 : 5);
      while (System.nanoTime() < end) {
        Thread.onSpinWait(); // the wait is registered and looked back for meanwhile
      }
      connection.commit();
      connection.setAutoCommit(true);
    }
  }

  private Scheduler start(String name, DataSource pool) {
    return Scheduler.builder()
        .name(name)
        .pollInterval(Duration.ofMillis(50))
        .store(JdbcJobStore.using(pool))
        .register(ask)
        .start();
  }
}
