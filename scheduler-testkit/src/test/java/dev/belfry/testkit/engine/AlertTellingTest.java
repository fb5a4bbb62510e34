// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.belfry.Alert;
import dev.belfry.AlertRule;
import dev.belfry.Alerts;
import dev.belfry.Job;
import dev.belfry.Scheduler;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.Run;
import dev.belfry.run.RunQuery;
import dev.belfry.run.Status;
import dev.belfry.schedule.Exclusion;
import dev.belfry.schedule.Schedule;
import dev.belfry.store.Declaration;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** How alerts are told: whose they are, repeated, silenced, retried; and what is refused. */
class AlertTellingTest extends AlertWords {
  @Test
  void rulesForAllJobs_areOfHooksToo_andAJobsOwnGoesFirst() {
    Job<String> job =
        obedient(
            job(AlertRule.consecutiveFailures(2).repeatedEvery(MINUTE))
                .onFailure(
                    (ctx, end) -> {
                      throw new IOException("no mail");
                    }));
    try (Scheduler scheduler = builder(job).alert(AlertRule.consecutiveFailures(2)).start()) {
      run(scheduler, job, "disk", "disk", "disk");
      world.time.advance(Duration.ofHours(1));
    }

    assertThat(alerts)
        .extracting(alert -> alert.job().orElse(""))
        .containsExactly("work", "work", "work/onFailure");
  }

  @Test
  void repeat_tellsAgainOfWhatIsSeenAfterTheInterval() {
    Job<String> job = obedient(job(THREE.repeatedEvery(Duration.ofMinutes(3))));
    try (Scheduler scheduler = builder(job).start()) {
      run(scheduler, job, "disk", "disk", "disk", "disk", "disk", "disk", "disk", "disk", "fine");
    }

    assertThat(alerts).extracting(Alert::count).containsExactly(3L, 6L, 6L);
    assertThat(alerts).extracting(Alert::recovered).containsExactly(false, false, true);
  }

  @Test
  void repeat_ofARunThatGoesOn_needsNoEnd() {
    AlertRule rule = AlertRule.longerThan(Duration.ofSeconds(45)).repeatedEvery(MINUTE);
    Job<String> job = obedient(job(rule));
    try (Scheduler scheduler = builder(job).start()) {
      run(scheduler, job, "long");
      assertThat(alerts).hasSize(1);
      world.time.advance(MINUTE.multipliedBy(2));
      assertThat(alerts).hasSize(3);
      world.time.resumeAll();
      world.time.advance(MINUTE.multipliedBy(2));
      assertThat(alerts).hasSize(3);
    }
  }

  @Test
  void alertWhoseRunHistoryHasForgotten_isNotToldAgain() {
    Job<String> job = obedient(job(THREE));
    try (Scheduler first = builder(job).start()) {
      run(first, job, "disk", "disk", "disk");
    }
    world.time.advance(Duration.ofDays(31));
    try (Scheduler second = builder(job).start()) {
      world.time.advance(Duration.ofHours(2));
      assertThat(second.runs(RunQuery.ofJob(Alerts.JOB)).items()).isEmpty();
      run(second, job, "disk", "fine");
    }

    assertThat(alerts).extracting(Alert::recovered).containsExactly(false, true);
  }

  @Test
  void repeat_endsWithARunThatIsGivenUp_thoughItsThreadGoesOn() {
    AlertRule rule = AlertRule.longerThan(Duration.ofSeconds(45)).repeatedEvery(MINUTE);
    Job<String> job = job(rule).timeout(Duration.ofSeconds(90)).handler((ctx, in) -> ignore());
    try (Scheduler scheduler = builder(job).start()) {
      run(scheduler, job, "stuck");
      world.time.advance(MINUTE.multipliedBy(9));
      assertThat(world.run(runs.get(0)).status()).isEqualTo(Status.TIMED_OUT);
      assertThat(alerts).hasSize(1);
      world.time.resumeAll();
      world.time.runDue();
    }
  }

  /** Works on after an interrupt. */
  private void ignore() throws InterruptedException {
    try {
      world.time.pause();
    } catch (InterruptedException ignored) {
      world.time.pause();
    }
  }

  @Test
  void silence_keepsWhatIsOverByItsEnd() {
    Job<String> job = obedient(job(THREE));
    try (Scheduler scheduler = builder(job).start()) {
      scheduler.alerts().silence(silence(Duration.ofHours(1)).ofJob(job));
      run(scheduler, job, "disk", "disk", "disk", "disk", "fine");
      world.time.advance(Duration.ofHours(1));

      assertThat(alerts).isEmpty();
      assertThat(scheduler.alerts().silences()).isEmpty();
    }
  }

  @Test
  void silence_postponesWhatGoesOn() {
    Job<String> job = obedient(job(THREE));
    try (Scheduler scheduler = builder(job).start()) {
      Alerts.Silence silence = silence(Duration.ofMinutes(5)).ofRule(THREE);
      scheduler.alerts().silence(silence);
      assertThat(scheduler.alerts().silences()).containsExactly(silence);
      run(scheduler, job, "disk", "disk", "disk", "disk", "disk");
      assertThat(alerts).isEmpty();
      run(scheduler, job, "disk");
    }

    assertThat(alerts).extracting(Alert::count).containsExactly(6L);
  }

  @Test
  void silence_isOfItsJobAndRuleOnly_andCanBeEnded() {
    Job<String> job = obedient(job(THREE, AlertRule.failure(IOException.class)));
    try (Scheduler scheduler = builder(job).start()) {
      scheduler.alerts().silence(silence(Duration.ofHours(1)).ofJob(job).ofRule(THREE));
      Alerts.Silence all = silence(Duration.ofHours(1));
      scheduler.alerts().silence(all);
      run(scheduler, job, "disk");
      scheduler.alerts().unsilence(all);
      run(scheduler, job, "disk", "disk");
    }

    assertThat(alerts).extracting(Alert::rule).containsExactly("failure:java.io.IOException");
  }

  private Alerts.Silence silence(Duration time) {
    return Alerts.Silence.until(world.time.now().plus(time), "ann");
  }

  @Test
  void silenceThatIsOver_isRefused() {
    try (Scheduler scheduler = builder().start()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> scheduler.alerts().silence(silence(Duration.ZERO)))
          .withMessage(
              "a silence must end after now, 2026-03-02T08:00:00Z, was until"
                  + " 2026-03-02T08:00:00Z");
    }
  }

  @Test
  void sinkThatFails_isToldLater_andKeepsNoOtherWaiting() {
    var late = new ArrayList<String>();
    Job<String> job = obedient(job(AlertRule.consecutiveFailures(1)));
    try (Scheduler scheduler =
        world
            .builder(world.time.newHost(), job)
            .onAlert(
                alert -> {
                  late.add("");
                  if (late.size() < 3) {
                    throw new IOException("no network");
                  }
                })
            .onAlert(alerts::add)
            .start()) {
      run(scheduler, job, "disk");
      world.time.advance(Duration.ofHours(1));
    }

    assertThat(late).hasSize(3);
    assertThat(alerts).hasSize(1);
  }

  @Test
  void alertThatCanNotBeTold_isNoReasonForAnAlert() {
    Job<String> job = obedient(Job.named("work", String.class).retry(RetryPolicy.none()));
    try (Scheduler scheduler =
        world
            .builder(world.time.newHost(), job)
            .alert(AlertRule.consecutiveFailures(1))
            .onAlert(
                alert -> {
                  throw new IOException("no network");
                })
            .start()) {
      run(scheduler, job, "disk");
      world.time.advance(Duration.ofHours(2));
    }

    assertThat(world.runsOf(Alerts.JOB)).extracting(Run::status).containsExactly(Status.FAILED);
  }

  @Test
  void jobWithoutRules_paysNothing() {
    Job<String> with = obedient(job(THREE));
    Job<String> plain = Job.named("plain", String.class).handler((ctx, input) -> {});
    try (Scheduler scheduler = builder(with, plain).start()) {
      scheduler.enqueue(plain, "input");
      world.time.advance(MINUTE);
    }

    String end = Declaration.endOf("plain");
    assertThat(world.store.subscribers(Set.of(end))).isEmpty();
    assertThat(world.faults.calls("deliver")).isZero();
  }

  @Test
  void whatMakesNoSense_isRefused() {
    refused(() -> AlertRule.consecutiveFailures(0), "consecutiveFailures must be 1 to 1000, was 0");
    refused(() -> AlertRule.longerThan(Duration.ZERO), "longerThan must be positive, was PT0S");
    refused(() -> AlertRule.unserved(Duration.ZERO), "unserved must be positive, was PT0S");
    refused(
        () -> AlertRule.failure(Status.CANCELLED),
        "status of a failure must be FAILED or TIMED_OUT, was CANCELLED");
    refused(
        () -> AlertRule.failure(" ", failure -> true),
        "name of an alert rule must have 1 to 100 letters, digits and . _ - / : and begin with a"
            + " letter or a digit, was \" \"");
    refused(
        () -> AlertRule.notStartedBy(Schedule.afterCompletion(MINUTE)),
        "deadlines must be a schedule of fixed times, was " + Schedule.afterCompletion(MINUTE));
    refused(
        () -> THREE.repeatedEvery(Duration.ofSeconds(59)),
        "repeatedEvery must be at least PT1M, was PT59S");
    refused(
        () -> job(AlertRule.nodeLost()),
        "alert rule node:lost is about no one job; give it to the scheduler");
    refused(
        () -> job(THREE, THREE), "job \"work\" has the alert rule consecutive-failures:3 twice");
    refused(
        () -> builder().alert(THREE).alert(THREE),
        "the scheduler has the alert rule consecutive-failures:3 twice");
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
  }

  @Test
  void ruleOfALongSchedule_hasAShortName() {
    Schedule schedule = Schedule.daily(LocalTime.of(6, 0));
    for (int day = 1; day < 10; day++) {
      schedule = schedule.except(Exclusion.dates(LocalDate.of(2026, 4, day)));
    }

    assertThat(AlertRule.notFinishedBy(schedule).name()).matches("not-finished-by:[0-9a-f]{16}");
  }
}
