// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.Job;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerEvent;
import dev.belfry.run.RunId;
import dev.belfry.run.Trigger;
import dev.belfry.run.TypeRef;
import dev.belfry.schedule.Exclusion;
import dev.belfry.schedule.Overlap;
import dev.belfry.schedule.Schedule;
import dev.belfry.store.Amendment;
import dev.belfry.store.InboxEntry;
import dev.belfry.store.NewRun;
import dev.belfry.store.Payload;
import dev.belfry.testkit.VirtualTime.VirtualHost;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ticks that depend on the end of a run, and whoever tells their schedules of it. */
class AfterCompletionTest extends TickWords {
  private static final Schedule PAUSE_A_MINUTE = Schedule.afterCompletion(MINUTE);

  /** Returns the first instants of a row that begins with the world, a minute apart. */
  private static List<Instant> minutes(int count) {
    return Stream.iterate(World.START, minute -> minute.plus(MINUTE)).limit(count).toList();
  }

  @Test
  void afterCompletion_countsFromTheEndOfEachRun() {
    takes = MINUTE;
    try (Scheduler scheduler = world.start(job(Schedule.afterCompletion(Duration.ofMinutes(10))))) {
      world.time.advance(Duration.ofMinutes(7));
      assertThat(starts).containsExactly(at("08:00:00"));

      world.time.resumeAll();
      world.time.advance(Duration.ofMinutes(10));
      assertThat(starts).containsExactly(at("08:00:00"), at("08:17:00"));
      world.time.resumeAll();
      world.time.runDue();
    }
  }

  @Test
  void manualRun_thatGoesOnAtTheTick_postponesItByThePauseAfterItsEnd() {
    try (Scheduler scheduler = world.start(job(PAUSE_A_MINUTE))) {
      world.time.advance(Duration.ofSeconds(30));
      takes = MINUTE;
      scheduler.schedules().trigger("tick", "user-7");
      world.time.advance(Duration.ofSeconds(60));
      takes = Duration.ZERO;

      endRuns();
      world.time.advance(Duration.ofSeconds(100));

      assertThat(starts).containsExactly(at("08:00:00"), at("08:00:30"), at("08:02:30"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void deathOfOneOfTwoNodes_doesNotEndTheRow(int victim) {
    List<VirtualHost> hosts = List.of(world.time.newHost(), world.time.newHost());
    hosts.forEach(host -> world.builder(host, job(PAUSE_A_MINUTE)).start());
    world.time.advance(Duration.ofSeconds(200));

    hosts.get(victim).kill();
    world.time.advance(Duration.ofMinutes(30));

    assertThat(starts.size()).isGreaterThanOrEqualTo(4 + 29);
    assertThat(Duration.between(starts.get(starts.size() - 1), world.time.now()))
        .isLessThanOrEqualTo(MINUTE);
  }

  @Test
  void deathOfTheNodeThatDelivered_leavesTheNextTickToTheOther() {
    VirtualHost doomed = world.time.newHost();
    world.builder(doomed, job(PAUSE_A_MINUTE)).start();
    world.time.advance(Duration.ofSeconds(1)); // the first run has ended, its end is delivered
    world.start(job(PAUSE_A_MINUTE));
    world.time.advance(Duration.ofSeconds(29));

    doomed.kill();
    world.time.advance(Duration.ofMinutes(10).minusSeconds(30));

    assertThat(starts).isEqualTo(minutes(11));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void deathOfOneOfTwoNodes_whileARunIsInHand_doesNotEndTheRow(int victim) {
    takes = MINUTE;
    List<VirtualHost> hosts = List.of(world.time.newHost(), world.time.newHost());
    hosts.forEach(host -> world.builder(host, job(PAUSE_A_MINUTE)).start());
    world.time.advance(Duration.ofSeconds(10));
    assertThat(starts).hasSize(1);

    hosts.get(victim).kill();
    for (int i = 0; i < 120; i++) {
      world.time.advance(Duration.ofSeconds(5));
      endRuns();
    }

    assertThat(starts.size()).isGreaterThanOrEqualTo(8);
    assertThat(Duration.between(starts.get(starts.size() - 1), world.time.now()))
        .isLessThanOrEqualTo(MINUTE.plusSeconds(5));
  }

  @Test
  void queuedTick_outlivesTheNodeOfTheRunItWaitsFor() {
    takes = MINUTE;
    Schedule queueing = Schedule.every(MINUTE).withOverlap(Overlap.QUEUE);
    VirtualHost doomed = world.time.newHost();
    world.builder(doomed, job(queueing)).start();
    world.time.advance(Duration.ofSeconds(70));
    world.start(job(queueing));
    world.time.advance(Duration.ofSeconds(100));
    assertThat(world.store.schedule("tick").orElseThrow().parkedOn()).isPresent();
    takes = Duration.ZERO;

    doomed.kill();
    world.time.advance(Duration.ofMinutes(10));

    assertThat(ticks.subList(0, 3)).containsExactly(at("08:01:00"), at("08:01:00"), at("08:02:00"));
    assertThat(ticks).endsWith(at("08:10:00"), at("08:11:00"), at("08:12:00"));
  }

  @Test
  void nodeThatLacksTheJob_leavesItsDeliveriesToOthers() {
    Job<String> other = Job.named("other", String.class).handler((ctx, in) -> {});
    world.start(job(PAUSE_A_MINUTE));
    world.start(other);
    world.time.advance(Duration.ofSeconds(30));

    for (int i = 0; i < 30; i++) {
      world.faults.loseCalls("inbox", 1); // so that either of them may be the one that asks next
      world.time.advance(MINUTE);
    }

    assertThat(starts).hasSize(31);
    assertThat(world.store.inbox(10)).isEmpty();
  }

  @Test
  void exclusionByName_isFoundInTheCode_andKeepsNoEndFromBeingDelivered() {
    Exclusion holiday = Exclusion.named("holiday", date -> date.equals(LocalDate.of(2026, 3, 3)));
    world.start(job(Schedule.afterCompletion(Duration.ofHours(6)).except(holiday)));

    world.time.advance(Duration.ofDays(2));

    assertThat(starts)
        .startsWith(at("08:00:00"), at("14:00:00"), at("20:00:00"))
        .hasSizeGreaterThan(3);
    assertThat(world.store.inbox(10)).isEmpty();
  }

  @Test
  void endThatThisVersionCannotDeliver_waitsAndHoldsUpNoOther() {
    Job<String> odd = Job.named("odd", String.class).handler((ctx, in) -> {});
    world.start(job(PAUSE_A_MINUTE), odd);
    world.time.advance(Duration.ofSeconds(30));
    var codec = world.store.codec();
    Payload input = Payload.of(codec.id(), codec.encode(TypeRef.of(String.class), "x"));
    RunId run = RunId.of(World.START.toEpochMilli(), 0, 1);

    world.store.amend(
        List.of(
            new Amendment.CreateSchedule(
                "odd-1", "odd", "every new moon", input, List.of(), Optional.empty()),
            new Amendment.TriggerSchedule(
                "odd-1",
                NewRun.of(run, "odd", input)
                    .withTrigger(Trigger.manual("odd-1", "newer code"))
                    .withWatched(true),
                Optional.empty())));
    world.time.advance(Duration.ofMinutes(10).minusSeconds(30));

    assertThat(starts).isEqualTo(minutes(11));
    assertThat(world.store.inbox(10))
        .extracting(entry -> ((InboxEntry.Ended) entry).run())
        .contains(run);
    assertThat(world.events(SchedulerEvent.StoreLost.class)).isEmpty();
  }
}
