// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static dev.belfry.testkit.engine.ExplainPage.listed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.EnqueueOptions;
import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.ScheduleSpec;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerClient;
import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import dev.belfry.run.Target;
import dev.belfry.schedule.Exclusion;
import dev.belfry.schedule.Overlap;
import dev.belfry.schedule.Schedule;
import dev.belfry.store.NewRun;
import dev.belfry.store.Payload;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each reason why a schedule or a job does what it does has a sentence, now and at any time. */
class ExplainScheduleTest {
  private static final Schedule NINE = Schedule.daily(LocalTime.of(9, 0));
  private static final Schedule MINUTELY = Schedule.every(Duration.ofMinutes(1));
  private static final Instant AT_NINE = Instant.parse("2026-03-02T09:00:00Z");

  private static final EventType<String> PAID =
      EventType.of("paid", String.class).keyedBy(order -> order);

  private final World world = new World();
  private boolean takesLong;

  @AfterEach
  void resume() {
    takesLong = false;
    world.time.resumeAll();
    world.time.runDue();
  }

  private Job<Void> job(Schedule schedule) {
    return Job.named("report")
        .schedule("morning", schedule, null)
        .handler(
            ctx -> {
              if (takesLong) {
                world.time.pause();
              }
            });
  }

  private Scheduler start(Schedule schedule) {
    return world.start(job(schedule));
  }

  private RunId lastRun() {
    var runs = world.runsOf("report").stream().map(Run::id).toList();
    return runs.get(runs.size() - 1);
  }

  // Now

  @Test
  void unknownSchedule() {
    assertThat(listed(start(NINE).explainSchedule("evening")))
        .isEqualTo("there is no schedule \"evening\"; it was deleted or never made");
  }

  @Test
  void tickToCome() {
    assertThat(listed(start(NINE).explainSchedule("morning")))
        .isEqualTo("schedule \"morning\" fires next at 2026-03-02T09:00:00Z");
  }

  @Test
  void pausedSchedule() {
    Scheduler scheduler = start(NINE);
    scheduler.schedules().pause("morning");

    assertThat(listed(scheduler.explainSchedule("morning")))
        .isEqualTo(
            "schedule \"morning\" is paused; its ticks from 2026-03-02T09:00:00Z on are missed when"
                + " it is resumed");
  }

  @Test
  void pausedJob() {
    Scheduler scheduler = start(NINE);
    scheduler.pause(Target.job("report"), "ann");

    assertThat(listed(scheduler.explainSchedule("morning")))
        .isEqualTo(
            "schedule \"morning\" fires next at 2026-03-02T09:00:00Z; its run will wait: job report"
                + " is paused");
    assertThat(listed(scheduler.explainJob("report")))
        .isEqualTo("job \"report\" starts nothing: job report is paused");
  }

  @Test
  void runThatMayHoldUpTheNextTick() {
    takesLong = true;
    Scheduler scheduler = start(MINUTELY);
    world.time.advance(Duration.ofSeconds(61));

    assertThat(listed(scheduler.explainSchedule("morning")))
        .isEqualTo(
            "schedule \"morning\" fires next at 2026-03-02T08:02:00Z, if run "
                + lastRun()
                + " has ended by then");
    assertThat(listed(scheduler.explainJob("report")))
        .isEqualTo("job \"report\" has 1 run running; the newest is run " + lastRun());
  }

  @Test
  void tickThatWaitsForARun() {
    takesLong = true;
    Scheduler scheduler = start(MINUTELY.withOverlap(Overlap.QUEUE));
    world.time.advance(Duration.ofSeconds(121));

    assertThat(listed(scheduler.explainSchedule("morning")))
        .isEqualTo(
            "schedule \"morning\" waits for the end of run "
                + lastRun()
                + " with its tick at 2026-03-02T08:02:00Z");
  }

  @Test
  void scheduleThatCountsFromTheEndOfItsRun() {
    takesLong = true;
    Scheduler scheduler = start(Schedule.afterCompletion(Duration.ofMinutes(1)));
    world.time.advance(Duration.ofSeconds(1));

    assertThat(listed(scheduler.explainSchedule("morning")))
        .isEqualTo(
            "schedule \"morning\" counts from the end of run "
                + lastRun()
                + ", which has not ended");
  }

  @Test
  void noFurtherTick() {
    Scheduler scheduler = start(Schedule.at(AT_NINE));
    world.time.advance(Duration.ofHours(2));

    assertThat(listed(scheduler.explainSchedule("morning")))
        .isEqualTo("schedule \"morning\" has no further tick: it is \"at 2026-03-02T09:00:00Z\"");
    assertThat(listed(scheduler.explainJob("report")))
        .isEqualTo(
            "job \"report\" has nothing to do: it has no runs to come and no schedule; its last run "
                + lastRun()
                + " ended at 2026-03-02T09:00:00Z COMPLETED");
  }

  @Test
  void noNodeKnowsTheJob() {
    start(NINE).close();
    SchedulerClient client = SchedulerClient.of(world.store, job(NINE));

    assertThat(listed(client.explainSchedule("morning")))
        .isEqualTo(
            "schedule \"morning\" fires nothing: no live node has a handler for job \"report\"; no"
                + " node is alive");
    assertThat(listed(client.explainJob("report")))
        .isEqualTo(
            "job \"report\" starts nothing: no live node has a handler for job \"report\"; no node"
                + " is alive");
  }

  @Test
  void orphan() {
    start(NINE).close();
    Job<Void> without = Job.named("report").handler(ctx -> {});
    Scheduler scheduler = world.start(without);
    world.time.advance(Duration.ofHours(2));

    assertThat(listed(scheduler.explainSchedule("morning")))
        .isEqualTo(
            "schedule \"morning\" fires nothing: its tick at 2026-03-02T09:00:00Z has come, but the"
                + " code of no live node declares it");
  }

  @Test
  void scheduleThatOnlyOtherNodesCanRead() {
    start(NINE.except(Exclusion.named("holidays", date -> false)));
    SchedulerClient client = SchedulerClient.of(world.store);

    assertThat(listed(client.explainSchedule("morning", AT_NINE)))
        .isEqualTo(
            "schedule \"morning\" can't be read here: the exclusion \"holidays\" is known by its name"
                + " only; give it in a job's schedule");
  }

  // At an instant

  private String atNine(SchedulerClient client) {
    String sentence = listed(client.explainSchedule("morning", AT_NINE));
    assertThat(sentence).startsWith("schedule \"morning\" ");
    return sentence.substring("schedule \"morning\" ".length());
  }

  @Test
  void at_unknownSchedule() {
    assertThat(listed(start(NINE).explainSchedule("evening", AT_NINE)))
        .isEqualTo("there is no schedule \"evening\"; it was deleted or never made");
  }

  @Test
  void at_firedRun() {
    Scheduler scheduler = start(NINE);
    world.time.advance(Duration.ofDays(3));

    assertThat(atNine(scheduler))
        .isEqualTo(
            "fired at 2026-03-02T09:00:00Z: run "
                + world.runsOf("report").get(0).id()
                + " ended at 2026-03-02T09:00:00Z COMPLETED");
  }

  @Test
  void at_firedRunThatWaits() {
    Scheduler scheduler = start(NINE);
    scheduler.pause(Target.all(), "ann");
    world.time.advance(Duration.ofHours(2));

    assertThat(atNine(scheduler))
        .isEqualTo(
            "fired at 2026-03-02T09:00:00Z: run "
                + lastRun()
                + " is due since 2026-03-02T09:00:00Z and waits: all is paused");
  }

  @Test
  void at_overlap() {
    takesLong = true;
    Scheduler scheduler = start(Schedule.every(Duration.ofMinutes(30)));
    world.time.advance(Duration.ofMinutes(31));
    RunId run = lastRun();
    world.time.advance(Duration.ofHours(1));

    assertThat(atNine(scheduler))
        .isEqualTo(
            "left out its tick at 2026-03-02T09:00:00Z: run "
                + run
                + " had not ended: the tick at 2026-03-02T09:00:00Z");
  }

  @Test
  void at_missed() {
    start(Schedule.every(Duration.ofMinutes(30))).close();
    world.time.advance(Duration.ofHours(3));
    Scheduler scheduler = start(Schedule.every(Duration.ofMinutes(30)));
    world.time.advance(Duration.ofMinutes(1));

    assertThat(atNine(scheduler))
        .isEqualTo(
            "left out its tick at 2026-03-02T09:00:00Z: missed; only the latest tick is caught up: 5"
                + " ticks from 2026-03-02T08:30:00Z to 2026-03-02T10:30:00Z");
  }

  @Test
  void at_pausedSchedule() {
    Scheduler scheduler = start(NINE);
    scheduler.schedules().pause("morning");
    world.time.advance(Duration.ofHours(2));

    assertThat(atNine(scheduler))
        .isEqualTo(
            "has a tick at 2026-03-02T09:00:00Z, which has not fired; it is paused; its ticks from"
                + " 2026-03-02T09:00:00Z on are missed when it is resumed");
  }

  @Test
  void at_noNode() {
    start(NINE).close();
    world.time.advance(Duration.ofHours(2));

    assertThat(atNine(SchedulerClient.of(world.store, job(NINE))))
        .isEqualTo(
            "has a tick at 2026-03-02T09:00:00Z, which has not fired; it fires nothing: no live"
                + " node has a handler for job \"report\"; no node is alive");
  }

  @Test
  void at_noTick() {
    assertThat(atNine(start(Schedule.daily(LocalTime.of(10, 0)))))
        .isEqualTo(
            "has no tick at 2026-03-02T09:00:00Z; the nearest are 2026-03-01T10:00:00Z and"
                + " 2026-03-02T10:00:00Z");
  }

  @Test
  void at_excludedDate() {
    assertThat(atNine(start(NINE.except(Exclusion.dates(LocalDate.of(2026, 3, 2))))))
        .isEqualTo("has no tick at 2026-03-02T09:00:00Z: 2026-03-02 is excluded");
  }

  @Test
  void at_endsOfRuns() {
    takesLong = true;
    Scheduler scheduler = start(Schedule.afterCompletion(Duration.ofMinutes(1)));
    world.time.advance(Duration.ofSeconds(1));

    assertThat(atNine(scheduler))
        .isEqualTo(
            "has no tick at 2026-03-02T09:00:00Z: it counts from the ends of its runs, and counts"
                + " from the end of run "
                + lastRun()
                + ", which has not ended");
  }

  @Test
  void at_toCome() {
    assertThat(atNine(start(NINE)))
        .isEqualTo("has a tick at 2026-03-02T09:00:00Z, which is to come");
  }

  @Test
  void at_beforeItWasMade() {
    world.time.advance(Duration.ofHours(2));

    assertThat(atNine(start(NINE)))
        .isEqualTo(
            "has a tick at 2026-03-02T09:00:00Z that left no trace: it was made or changed after"
                + " that, or its history was deleted");
  }

  // Jobs

  @Test
  void job_schedule() {
    assertThat(listed(start(NINE).explainJob("report")))
        .isEqualTo(
            "job \"report\" has no runs; its schedule \"morning\" fires next at"
                + " 2026-03-02T09:00:00Z");
  }

  @Test
  void job_pausedSchedule() {
    Scheduler scheduler = start(NINE);
    scheduler.schedules().pause("morning");

    assertThat(listed(scheduler.explainJob("report")))
        .isEqualTo("job \"report\" has no runs; its schedule \"morning\" is paused");
  }

  @Test
  void job_runsThatAreDue_running_orToCome() {
    Job<String> work = Job.named("work", String.class).handler((ctx, in) -> world.time.pause());
    Scheduler scheduler = world.builder(world.time.newHost(), work).workers(1).start();
    scheduler.enqueue(work, "c", EnqueueOptions.after(Duration.ofHours(1)));
    assertThat(listed(scheduler.explainJob("work")))
        .isEqualTo("job \"work\" starts its next run at 2026-03-02T09:00:00Z");

    scheduler.enqueue(work, "a");
    scheduler.enqueue(work, "b");
    world.time.advance(Duration.ofSeconds(1));
    assertThat(listed(scheduler.explainJob("work")))
        .isEqualTo(
            "job \"work\" has runs that are due since 2026-03-02T08:00:00Z and wait for a free"
                + " worker");
  }

  @Test
  void job_runsThatArePutAside() {
    Job<String> work =
        Job.named("work", String.class).limitRuns(1).handler((ctx, in) -> world.time.pause());
    Scheduler scheduler = world.start(work);
    scheduler.enqueue(work, "a");
    RunId second = scheduler.enqueue(work, "b").id();
    world.time.advance(Duration.ofSeconds(1));

    assertThat(listed(scheduler.explainJob("work")))
        .isEqualTo(
            "job \"work\" has runs that are put aside; the newest, run "
                + second
                + ", waits for a slot of limit \"job work\"");
  }

  @Test
  void job_runsThatWait_orAreBlocked() {
    Job<String> work =
        Job.named("work", String.class)
            .handler((ctx, in) -> ctx.waitForEvent("paid", PAID, in, Duration.ofDays(3)));
    Scheduler scheduler = world.start(work);
    scheduler.enqueue(work, "a");
    RunId second = scheduler.enqueue(work, "b").id();
    world.time.advance(Duration.ofSeconds(1));
    assertThat(listed(scheduler.explainJob("work")))
        .isEqualTo(
            "job \"work\" has 2 runs waiting; the newest is run "
                + second
                + ": wait \"paid\" for paid of \"b\"");

    RunId blocked = RunId.of(1, 1, 1);
    world.store.insert(List.of(NewRun.of(blocked, "work", Payload.of("json", new byte[0]))));
    world.time.advance(Duration.ofSeconds(5));
    assertThat(listed(scheduler.explainJob("work")))
        .isEqualTo(
            "job \"work\" has 1 run blocked; the newest is run "
                + blocked
                + ": its input can't be decoded: cannot decode String at $: expected a value at"
                + " character 0, was the end");
  }

  @Test
  void tickThatIsJustDue() {
    var host = world.time.newHost();
    world.builder(host, job(NINE)).start();
    world.time.advance(Duration.ofMinutes(59));
    host.kill();
    world.time.advance(Duration.ofSeconds(65));
    Job<Void> without = Job.named("report").handler(ctx -> {});

    assertThat(listed(world.start(without).explainSchedule("morning")))
        .isEqualTo("schedule \"morning\" is about to fire its tick at 2026-03-02T09:00:00Z");
  }

  @Test
  void scheduleThatNoNodeCanRead() {
    Job<Void> job = Job.named("report").handler(ctx -> {});
    Exclusion holidays = Exclusion.named("holidays", date -> false);
    Scheduler scheduler = world.start(job);
    scheduler.schedules().create(ScheduleSpec.of("morning", job, NINE.except(holidays)));
    world.time.advance(Duration.ofHours(2));

    assertThat(listed(scheduler.explainSchedule("morning")))
        .isEqualTo(
            "schedule \"morning\" fires nothing: its tick at 2026-03-02T09:00:00Z has come, but no"
                + " live node can fire it; their logs say why");
  }

  @Test
  void at_theOnlyTick_orNone() {
    assertThat(atNine(start(Schedule.at(AT_NINE.plusSeconds(3_600)))))
        .isEqualTo("has no tick at 2026-03-02T09:00:00Z; the nearest is 2026-03-02T10:00:00Z");
    assertThat(atNine(start(Schedule.cron("0 0 30 2 *"))))
        .isEqualTo("has no tick at 2026-03-02T09:00:00Z: it has none at all");
  }
}
