// SPDX-License-Identifier: Apache-2.0
package dev.belfry.examples.docs;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.JobContext;
import dev.belfry.StepOptions;
import dev.belfry.jdbc.JdbcJobStore;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.RunId;
import dev.belfry.run.Status;
import dev.belfry.schedule.Schedule;
import dev.belfry.store.JobStore;
import dev.belfry.testkit.CrashMatrix;
import dev.belfry.testkit.StoreFactory;
import dev.belfry.testkit.TestContext;
import dev.belfry.testkit.TestScheduler;
import dev.belfry.testkit.junit.SchedulerTest;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The code in the page on tests. */
class TestingTest {
  record Order(String id) {}

  private static final EventType<Order> ORDER_PLACED = EventType.of("order/placed", Order.class);

  private final Order order = new Order("7");
  private final Gateway gateway = new Gateway();
  private final Job<Order> billing = billing(gateway);

  /** Charges once for each key, as services for payments do. */
  private static final class Gateway {
    private final Map<String, String> charged = new HashMap<>();

    Integer charge(String key, Order order) {
      charged.put(key, order.id());
      return 4_200;
    }

    Map<String, String> charged() {
      return charged;
    }
  }

  private static void bill(JobContext ctx, Order order, Gateway gateway) {
    ctx.step(
        "charge",
        StepOptions.retry(RetryPolicy.fixed(ofMinutes(1))),
        Integer.class,
        step -> gateway.charge(step.key(), order));
    ctx.sleep("cool-down", ofDays(14));
    ctx.note("order", order.id());
  }

  private static Job<Order> billing(Gateway gateway) {
    return Job.named("billing", Order.class)
        .onEvent(ORDER_PLACED)
        .handler((ctx, order) -> bill(ctx, order, gateway));
  }

  @SchedulerTest(start = "2026-03-29T00:59:00Z")
  void billing_chargesThoughTheFirstTriesFail(TestScheduler t) {
    t.register(billing);
    t.faults().step("charge").failTimes(2, IOException::new);
    t.send(ORDER_PLACED, order);
    t.runDue(); // all that is due; time stands still
    t.enqueued("billing").times(1).with("{\"id\":\"7\"}");
    t.advance(ofMinutes(5)); // each thing at its time
    t.assertThatRun("billing").is(Status.SCHEDULED).step("charge").returned("4200").attempts(3);
    t.drain(); // until all runs have ended: two weeks
    t.assertThatRun("billing").completed().note("order", "7");
  }

  @SchedulerTest
  void oneJob(TestScheduler t) {
    t.run(billing, order).completed().step("charge").returned("4200");
  }

  @Test
  void handlerAlone() {
    TestContext.of(order)
        .run((ctx, it) -> bill(ctx, it, gateway))
        .completed()
        .step("charge")
        .returned("4200");
  }

  /** Shows how much time a test may let pass. */
  @Test
  void yearOfADailyJob() {
    var readings = new ArrayList<LocalTime>();
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    TestScheduler t = TestScheduler.start(Instant.parse("2026-01-01T00:00:00Z"));
    Job<Void> report =
        Job.named("report")
            .schedule(Schedule.daily(LocalTime.of(2, 30), berlin))
            .retry(RetryPolicy.fixed(ofMinutes(1)))
            .handler(ctx -> readings.add(t.localTime(berlin).toLocalTime()));
    t.register(report);
    t.faults()
        .handler("report")
        .failWhen(call -> call.attempt() <= 3, IOException::new); // three retries a day
    for (int week = 0; week < 52; week++) {
      t.advance(ofDays(7));
      t.crash(); // as kill -9 does; the next call starts a node again
    }
    assertThat(readings).hasSize(364).contains(LocalTime.of(2, 33), LocalTime.of(3, 3));
  }

  // Faults

  @SchedulerTest
  void faults(TestScheduler t) {
    t.register(billing);
    t.faults().step("charge").failWhen(call -> call.attempt() == 1, IOException::new);
    t.faults().handler("billing").failTimes(1, IOException::new);
    t.faults().store().loseAnswers("exchange", 1); // applied, but the node is not told
    t.faults().latency(ofMinutes(1)); // of each call of the engine
    t.faults().clockSkew(ofHours(-2)); // of the node, beside the store
    t.faults().deliverTwice(); // the next events
    RunId unreadable = t.faults().poison("billing"); // a run whose input is no JSON

    t.send(ORDER_PLACED, order);
    t.advance(ofDays(15));

    t.assertThatRun(unreadable).is(Status.BLOCKED);
    assertThat(t.runsOf("billing")).extracting(run -> run.status()).contains(Status.COMPLETED);
  }

  @SchedulerTest
  void leaseIsLost(TestScheduler t) {
    t.register(billing).faults().step("charge").loseLease(); // another node takes over

    t.run(billing, order).completed().attempts(2);

    assertThat(gateway.charged()).hasSize(1); // called twice, with the same key
  }

  // Crashes and replays

  @Test
  void crashAtEveryMoment() {
    int crashes =
        CrashMatrix.of(
                t -> {
                  var gateway = new Gateway();
                  t.register(billing(gateway));
                  t.send(ORDER_PLACED, order);
                  t.advance(ofDays(15)); // leaves time for another node to take over
                  t.assertThatRun("billing").completed();
                  assertThat(gateway.charged()).containsValue("7").hasSize(1);
                })
            .run();

    assertThat(crashes).isGreaterThan(20);
  }

  @SchedulerTest(replay = true)
  void everyPassEndsAfterAStep(TestScheduler t) {
    t.run(billing, order).completed();

    assertThat(gateway.charged()).hasSize(1);
  }

  @Test
  void sameRunAgain() {
    TestScheduler.assertIdempotent(billing, order, () -> Map.copyOf(gateway.charged()));
  }

  // Stores

  /** An H2 database of its own for each test. */
  public static final class Database implements StoreFactory {
    @Override
    public JobStore open(InstantSource clock) {
      return JdbcJobStore.open("jdbc:h2:mem:" + UUID.randomUUID(), "sa", "").withTime(clock);
    }
  }

  @SchedulerTest(store = Database.class)
  void onADatabase(TestScheduler t) {
    t.run(billing, order).completed();
  }

  @SchedulerTest
  void clockChange(TestScheduler t) {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    List<String> done = new ArrayList<>();
    Job<Void> nightly =
        Job.named("nightly")
            .schedule(Schedule.cron("30 2 * * *", berlin))
            .handler(ctx -> done.add(ctx.dueAt().toString()));
    t.register(nightly);

    t.advanceTo(t.nextClockChange(berlin).getInstant().minus(ofHours(1)));
    done.clear();
    t.advance(ofHours(2));

    assertThat(done).containsExactly("2026-03-29T01:00:00Z"); // once, right after the gap
  }
}
