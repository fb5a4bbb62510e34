// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.RunId;
import dev.belfry.run.Trigger;
import dev.belfry.store.Amendment;
import dev.belfry.store.Declaration.DeclaredSchedule;
import dev.belfry.store.DueTicks;
import dev.belfry.store.Firing;
import dev.belfry.store.JobStore;
import dev.belfry.store.NewRun;
import dev.belfry.store.ScheduleRow;
import dev.belfry.store.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Short words for schedules. */
abstract class ScheduleWords extends ContractPart {
  static final String ID = "nightly";
  static final Duration MINUTE = Duration.ofMinutes(1);

  ScheduleWords(Function<? super InstantSource, ? extends JobStore> opener) {
    super(opener);
  }

  static Amendment.CreateSchedule create(String id, Instant firstAt) {
    return create(id, JOB, firstAt);
  }

  static Amendment.CreateSchedule create(String id, String job, Instant firstAt) {
    return new Amendment.CreateSchedule(
        id, job, "every PT1M", payload("{}"), List.of("t"), Optional.of(firstAt));
  }

  /** Makes a schedule by a call, with its first tick now. */
  ScheduleRow created() {
    assertThat(amend(create(ID, store.now()))).isEqualTo(Verdict.APPLIED);
    return row();
  }

  static DeclaredSchedule declared(String definition, Instant firstAt) {
    return new DeclaredSchedule(
        ID, definition, payload("{}"), List.of("t"), Optional.of(firstAt), "hash of " + definition);
  }

  ScheduleRow row() {
    return store.schedule(ID).orElseThrow(() -> new AssertionError("no schedule " + ID));
  }

  NewRun runOf(Instant nominal) {
    return newRun().withTrigger(Trigger.schedule(ID, nominal));
  }

  NewRun runByHand() {
    return newRun().withTrigger(Trigger.manual(ID, "ann"));
  }

  static Firing firing(ScheduleRow seen, Firing.Tick tick, Instant next) {
    return firing(seen, tick, Optional.of(next), Optional.empty());
  }

  static Firing firing(
      ScheduleRow seen, Firing.Tick tick, Optional<Instant> next, Optional<Firing.Missed> missed) {
    return new Firing(
        seen.id(),
        seen.version(),
        seen.nextAt().orElseThrow(() -> new AssertionError("no next tick")),
        seen.lastRun(),
        tick,
        next,
        missed);
  }

  Verdict fire(Firing firing) {
    return store.fire(List.of(firing)).get(0);
  }

  /** Fires the next tick of the schedule, so that the one after is a minute later. */
  RunId fired() {
    ScheduleRow seen = row();
    Instant nominal = seen.nextAt().orElseThrow(() -> new AssertionError("no next tick"));
    NewRun run = runOf(nominal);
    assertThat(fire(firing(seen, new Firing.Start(run), nominal.plus(MINUTE))))
        .isEqualTo(Verdict.APPLIED);
    return run.id();
  }

  /** Lets the next tick come, and parks the schedule on a run. */
  Firing parked(RunId on, boolean cancel) {
    clock.set(row().nextAt().orElseThrow(() -> new AssertionError("no next tick")));
    Firing firing = firing(row(), new Firing.Park(on, cancel), Optional.empty(), Optional.empty());
    assertThat(fire(firing)).isEqualTo(Verdict.APPLIED);
    return firing;
  }

  DueTicks dueTicks() {
    return store.dueTicks(Set.of(JOB), Set.of(ID), 100);
  }

  List<String> due() {
    return dueTicks().due().stream().map(ScheduleRow::id).toList();
  }
}
