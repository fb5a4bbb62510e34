// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.Alert;
import dev.belfry.AlertRule;
import dev.belfry.Job;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerClient;
import dev.belfry.run.RunId;
import dev.belfry.run.Status;
import dev.belfry.schedule.CatchUp;
import dev.belfry.schedule.Schedule;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What alert rules find is told once, and so is its end. */
class AlertTest extends AlertWords {
  @Test
  void consecutiveFailures_areToldOnceForAStreak_andSoIsItsEnd() {
    Job<String> job = obedient(job(THREE));
    try (Scheduler scheduler = builder(job).start()) {
      run(scheduler, job, "fine", "disk", "bug");
      assertThat(told()).isEmpty();
      run(scheduler, job, "disk", "disk", "disk");
      assertThat(scheduler.alerts().open()).isEqualTo(alerts);
      run(scheduler, job, "fine", "fine", "disk", "disk");
    }

    String sentence =
        "job work: 3 runs in a row failed, the newest is run "
            + runs.get(3)
            + ", at 2026-03-02T08:03:00Z: java.io.IOException: no disk";
    Instant first = World.START.plus(MINUTE);
    assertThat(alerts)
        .containsExactly(
            new Alert(
                "consecutive-failures:3",
                Optional.of("work"),
                Optional.of(runs.get(3)),
                sentence,
                first,
                World.START.plus(MINUTE.multipliedBy(3)),
                3,
                false),
            new Alert(
                "consecutive-failures:3",
                Optional.of("work"),
                Optional.of(runs.get(3)),
                "recovered at 2026-03-02T08:06:00Z: " + sentence,
                first,
                World.START.plus(MINUTE.multipliedBy(6)),
                3,
                true));
  }

  @Test
  void endOfWhatWasNotTold_isNotTold() {
    Job<String> job = obedient(job(THREE));
    try (Scheduler scheduler = builder(job).start()) {
      run(scheduler, job, "disk", "disk", "fine");
      assertThat(scheduler.alerts().open()).isEmpty();
    }

    assertThat(alerts).isEmpty();
  }

  @Test
  void nextStreak_isToldAgain() {
    Job<String> job = obedient(job(AlertRule.consecutiveFailures(2)));
    try (Scheduler scheduler = builder(job).start()) {
      run(scheduler, job, "disk", "disk", "fine", "disk", "fine", "bug", "bug");
    }

    assertThat(alerts).extracting(Alert::recovered).containsExactly(false, true, false);
  }

  @Test
  void runsThatAreCancelledOrSkipped_areNoPartOfAStreak() {
    Job<String> job = obedient(job(THREE));
    try (Scheduler scheduler = builder(job).start()) {
      run(scheduler, job, "disk", "skip", "disk");
      RunHandle cancelled = scheduler.enqueue(job, "fine");
      scheduler.cancel(cancelled.id(), "no need");
      run(scheduler, job, "disk", "skip");
    }

    assertThat(alerts).extracting(Alert::count).containsExactly(3L);
  }

  @Test
  void runsThatFailAtOnce_areToldOnce() {
    Job<String> job = obedient(job(THREE));
    try (Scheduler scheduler = builder(job).start()) {
      scheduler.enqueueAll(job, Collections.nCopies(500, "disk"));
      world.time.advance(MINUTE);
    }

    assertThat(alerts).hasSize(1);
  }

  @Test
  void failureOfAKind_isTold() {
    Job<String> job =
        obedient(
            job(
                    AlertRule.failure(Status.TIMED_OUT),
                    AlertRule.failure(IOException.class),
                    AlertRule.failure("bugs", failure -> failure.message().contains("bug")),
                    AlertRule.failure(
                        "broken",
                        failure -> {
                          throw new IllegalStateException("no opinion");
                        }))
                .timeout(Duration.ofSeconds(5)));
    try (Scheduler scheduler = builder(job).start()) {
      run(scheduler, job, "late", "disk", "disk", "bug", "fine");
    }

    assertThat(told())
        .containsExactly(
            "job work ended TIMED_OUT, run "
                + runs.get(0)
                + ", at 2026-03-02T08:00:05Z: java.util.concurrent.TimeoutException: ran longer"
                + " than its timeout of PT5S",
            "job work ended FAILED, run "
                + runs.get(1)
                + ", at 2026-03-02T08:01:00Z: java.io.IOException: no disk",
            "job work ended FAILED, run "
                + runs.get(3)
                + ", at 2026-03-02T08:03:00Z: java.lang.IllegalStateException: a bug",
            "recovered at 2026-03-02T08:04:00Z: " + told().get(0),
            "recovered at 2026-03-02T08:04:00Z: " + told().get(1),
            "recovered at 2026-03-02T08:04:00Z: " + told().get(2));
    assertThat(alerts)
        .extracting(Alert::rule)
        .startsWith("failure:TIMED_OUT", "failure:java.io.IOException", "failure:bugs");
  }

  @Test
  void runThatTakesTooLong_isToldWhileItRuns() {
    Job<String> job = obedient(job(AlertRule.longerThan(Duration.ofSeconds(45))));
    try (Scheduler scheduler = builder(job).start()) {
      RunId slow = scheduler.enqueue(job, "long").id();
      world.time.advance(Duration.ofSeconds(44));
      assertThat(alerts).isEmpty();
      world.time.advance(Duration.ofSeconds(1));
      String sentence =
          "job work: run " + slow + " takes longer than PT45S, since 2026-03-02T08:00:00Z";
      assertThat(told()).containsExactly(sentence);

      world.time.resumeAll();
      run(scheduler, job, "long");
      world.time.resumeAll();
      world.time.runDue();
      assertThat(alerts).as("of a streak").hasSize(1);

      run(scheduler, job, "fine");
      assertThat(told()).endsWith("recovered at 2026-03-02T08:01:45Z: " + sentence).hasSize(2);
    }
  }

  @Test
  void partialSuccess_isToldOnceForAStreak() {
    Job<String> job = obedient(job(AlertRule.partialSuccess()));
    try (Scheduler scheduler = builder(job).start()) {
      run(scheduler, job, "partly", "partly", "fine");
    }

    String sentence = "job work: run " + runs.get(0) + " completed with 3 of 10 items failed";
    assertThat(told()).containsExactly(sentence, "recovered at 2026-03-02T08:02:00Z: " + sentence);
  }

  @Test
  void runThatIsNotFinishedByItsDeadline_isTold_andSoIsTheOneThatIs() {
    boolean[] broken = {false};
    Job<Void> job = nightly(broken, AlertRule.notFinishedBy(Schedule.daily(LocalTime.of(6, 0))));
    try (Scheduler scheduler = builder(job).start()) {
      world.time.advance(Duration.ofHours(24));
      assertThat(alerts).isEmpty();

      broken[0] = true;
      world.time.advance(Duration.ofDays(3));
      assertThat(told())
          .containsExactly(
              "job nightly: no run was completed by 2026-03-04T06:00:00Z, since"
                  + " 2026-03-03T06:00:00Z");

      broken[0] = false;
      world.time.advance(Duration.ofDays(3));
      assertThat(told()).hasSize(2);
      assertThat(told().get(1)).isEqualTo("recovered at 2026-03-07T03:00:00Z: " + told().get(0));
    }
  }

  @Test
  void deadlineThatCameWhileNobodyWasThere_isTold() {
    boolean[] broken = {false};
    Job<Void> job = nightly(broken, AlertRule.notFinishedBy(Schedule.daily(LocalTime.of(6, 0))));
    try (Scheduler scheduler = builder(job).start()) {
      world.time.advance(Duration.ofDays(1));
    }
    world.time.advance(Duration.ofDays(2));
    broken[0] = true;
    try (Scheduler scheduler = builder(job).start()) {
      world.time.advance(MINUTE);
    }

    assertThat(told())
        .containsExactly(
            "job nightly: no run was completed by 2026-03-05T06:00:00Z, since"
                + " 2026-03-04T06:00:00Z");
  }

  @Test
  void runThatIsNotStartedByItsDeadline_isTold_fromTheSecondDeadlineOnIfNoneEverWas() {
    Job<Void> job =
        Job.named("nightly")
            .alert(AlertRule.notStartedBy(Schedule.daily(LocalTime.of(6, 0))))
            .handler(ctx -> {});
    try (Scheduler scheduler = builder(job).start()) {
      world.time.advance(Duration.ofHours(24));
      assertThat(alerts).isEmpty();

      world.time.advance(Duration.ofDays(2));
      scheduler.enqueue(job);
      world.time.advance(Duration.ofHours(1));
    }

    String sentence =
        "job nightly: no run was started by 2026-03-04T06:00:00Z, since 2026-03-03T06:00:00Z";
    assertThat(told()).containsExactly(sentence, "recovered at 2026-03-05T08:00:00Z: " + sentence);
  }

  @Test
  void missedTicks_areTold_butNotThoseThatARunHeldUp() {
    Job<Void> job =
        Job.named("tick")
            .schedule(Schedule.every(MINUTE))
            .alert(AlertRule.missedTicks())
            .handler(ctx -> world.time.pause());
    builder(job).start().close();
    world.time.advance(Duration.ofMinutes(5));
    try (Scheduler scheduler = builder(job).start()) {
      world.time.advance(Duration.ofMinutes(2));
      world.time.resumeAll();
      world.time.advance(MINUTE);
      world.time.resumeAll();
      world.time.advance(Duration.ofSeconds(1));
    }

    String sentence =
        "job tick: schedule tick left out ticks: missed; only the latest tick is caught up: 4 ticks"
            + " from 2026-03-02T08:01:00Z to 2026-03-02T08:04:00Z";
    assertThat(told()).containsExactly(sentence, "recovered at 2026-03-02T08:08:00Z: " + sentence);
  }

  @Test
  void ticksThatAreNotCaughtUp_areTold_withoutARun() {
    Job<Void> job =
        Job.named("tick")
            .schedule(Schedule.daily(LocalTime.of(9, 0)).withCatchUp(CatchUp.skip()))
            .alert(AlertRule.missedTicks())
            .handler(ctx -> {});
    builder(job).start().close();
    world.time.advance(Duration.ofHours(2));
    try (Scheduler scheduler = builder(job).start()) {
      world.time.advance(MINUTE);
    }

    assertThat(told())
        .containsExactly(
            "job tick: schedule tick left out ticks: missed and not caught up: the tick at"
                + " 2026-03-02T09:00:00Z");
  }

  @Test
  void nodeThatDies_isToldOnce_whicheverNodesSeeIt() {
    var host = world.time.newHost();
    world.builder(host).name("web-1").start();
    Scheduler second = builder().alert(AlertRule.nodeLost()).start();
    Scheduler third = builder().alert(AlertRule.nodeLost()).start();
    world.time.advance(MINUTE);
    Instant lease = world.store.nodes().get(0).leaseUntil();

    host.kill();
    world.time.advance(MINUTE);

    second.close();
    third.close();
    assertThat(told()).containsExactly("node web-1 is lost: its lease ended at " + lease);
  }

  @Test
  void jobThatNoLiveNodeServes_isToldAfterFiveMinutes() {
    Job<String> other = Job.named("other", String.class).handler((ctx, input) -> {});
    SchedulerClient.of(world.store, other).enqueue(other, "input");
    try (Scheduler scheduler = builder().alert(AlertRule.unserved()).start()) {
      world.time.advance(Duration.ofSeconds(290));
      assertThat(alerts).isEmpty();
      world.time.advance(Duration.ofMinutes(2));
      String sentence =
          "job other: runs are due since 2026-03-02T08:00:00Z, and no live node has a handler for"
              + " it";
      assertThat(told()).containsExactly(sentence);

      world.start(other);
      world.time.advance(Duration.ofMinutes(2));
      assertThat(told())
          .containsExactly(sentence, "recovered at 2026-03-02T08:07:00Z: " + sentence);
    }
  }

  @Test
  void whatSeveralNodesSee_isToldOnce() {
    Job<String> job = obedient(job(THREE));
    Job<Void> nightly =
        nightly(new boolean[] {true}, AlertRule.notFinishedBy(Schedule.daily(LocalTime.of(6, 0))));
    List<Scheduler> nodes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      nodes.add(builder(job, nightly).start());
    }
    for (int i = 0; i < 8; i++) {
      run(nodes.get(i % 3), job, "disk");
    }
    world.time.advance(Duration.ofDays(3));
    nodes.forEach(Scheduler::close);

    assertThat(alerts)
        .extracting(Alert::rule)
        .containsExactly("consecutive-failures:3", "not-finished-by:cron 0 6 * * * UTC");
  }
}
