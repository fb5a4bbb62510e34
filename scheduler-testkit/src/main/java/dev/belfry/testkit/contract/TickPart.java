// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.Pass;
import dev.belfry.run.RunId;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import dev.belfry.run.Trigger;
import dev.belfry.store.Amendment;
import dev.belfry.store.Declaration;
import dev.belfry.store.Firing;
import dev.belfry.store.JobStore;
import dev.belfry.store.NewRun;
import dev.belfry.store.RollupQuery;
import dev.belfry.store.ScheduleRow;
import dev.belfry.store.Verdict;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** A tick fires once, never early, and not unseen. */
abstract class TickPart extends ScheduleWords {
  private static final Instant NEXT = START.plus(MINUTE);

  TickPart(Function<? super InstantSource, ? extends JobStore> opener) {
    super(opener);
  }

  @Test
  void start_insertsTheRunAndMovesTheSchedule() {
    ScheduleRow seen = created();
    NewRun run = runOf(START);

    assertThat(fire(firing(seen, new Firing.Start(run), NEXT))).isEqualTo(Verdict.APPLIED);

    assertThat(row().nextAt()).contains(NEXT);
    assertThat(row().lastAt()).contains(START);
    assertThat(row().lastRun()).contains(run.id());
    assertThat(row().active()).isTrue();
    assertThat(row().version()).isEqualTo(seen.version());
    assertThat(read(run.id()).trigger()).isEqualTo(Trigger.schedule(ID, START));
    assertThat(due()).isEmpty();
    assertThat(dueTicks().next()).contains(NEXT);
    assertThat(claimOne(join()).id()).isEqualTo(run.id());
  }

  @Test
  void start_isOfTheTickThatTheRunNames() {
    ScheduleRow seen = created();
    advance(MINUTE);
    Firing firing = firing(seen, new Firing.Start(runOf(NEXT)), NEXT.plus(MINUTE));
    assertThat(fire(firing)).isEqualTo(Verdict.APPLIED);
    assertThat(fire(firing)).isEqualTo(Verdict.REPEATED);
    assertThat(row().lastAt()).contains(NEXT);

    amend(new Amendment.ChangeSchedule(ID, "every PT2M", Optional.of(NEXT)));
    fire(firing(row(), new Firing.Start(runOf(NEXT)), NEXT.plus(MINUTE)));

    assertThat(claim(join(), 10)).hasSize(1);
  }

  @Test
  void start_keepsTheCatalogsVersion() {
    ScheduleRow seen = created();
    declare(JOB);
    var before = store.catalog();

    fire(firing(seen, new Firing.Start(runOf(START)), NEXT));

    assertThat(store.catalog()).isEqualTo(before);
  }

  @Test
  void start_withoutANextTick_leavesNone() {
    ScheduleRow seen = created();

    fire(firing(seen, new Firing.Start(runOf(START)), Optional.empty(), Optional.empty()));

    assertThat(row().nextAt()).isEmpty();
    assertThat(dueTicks().next()).isEmpty();
  }

  @Test
  void startAgain_isRepeated() {
    ScheduleRow seen = created();
    Firing firing = firing(seen, new Firing.Start(runOf(START)), NEXT);
    fire(firing);
    ScheduleRow after = row();

    assertThat(fire(firing)).isEqualTo(Verdict.REPEATED);

    assertThat(row()).isEqualTo(after);
    assertThat(claim(join(), 10)).hasSize(1);
  }

  @Test
  void startOfTheSameTickByAnotherNode_isRefused() {
    ScheduleRow seen = created();
    fire(firing(seen, new Firing.Start(runOf(START)), NEXT));

    assertThat(fire(firing(seen, new Firing.Start(runOf(START)), NEXT))).isEqualTo(Verdict.REFUSED);

    assertThat(claim(join(), 10)).hasSize(1);
  }

  @Test
  void fire_withAnOldVersion_isRefused() {
    ScheduleRow seen = created();
    amend(new Amendment.ChangeSchedule(ID, "every PT2M", Optional.of(START)));

    assertRefused(firing(seen, new Firing.Start(runOf(START)), NEXT));
  }

  @Test
  void fire_ofAnotherTickThanTheNext_isRefused() {
    ScheduleRow seen = created();
    Instant other = START.minusSeconds(1);

    assertRefused(
        new Firing(
            ID,
            seen.version(),
            other,
            seen.lastRun(),
            new Firing.Start(runOf(other)),
            Optional.of(NEXT),
            Optional.empty()));
  }

  @Test
  void fire_afterARunByHand_isRefused() {
    ScheduleRow seen = created();
    amend(new Amendment.TriggerSchedule(ID, runByHand(), Optional.empty()));

    assertRefused(firing(seen, new Firing.Start(runOf(START)), NEXT));
  }

  @Test
  void fire_beforeItsTime_isRefused() {
    created();
    amend(new Amendment.ChangeSchedule(ID, "every PT2M", Optional.of(NEXT)));

    assertRefused(firing(row(), new Firing.Start(runOf(NEXT)), NEXT.plus(MINUTE)));
  }

  @Test
  void fire_ofAnUnknownOrDeletedSchedule_isRefused() {
    ScheduleRow seen = created();
    amend(new Amendment.DeleteSchedule(ID));

    Firing firing = firing(seen, new Firing.Start(runOf(START)), NEXT);

    assertThat(fire(firing)).isEqualTo(Verdict.REFUSED);
    assertThat(store.runs(List.of(((Firing.Start) firing.tick()).run().id()))).isEmpty();
  }

  private void assertRefused(Firing firing) {
    ScheduleRow before = row();

    assertThat(fire(firing)).isEqualTo(Verdict.REFUSED);

    assertThat(row()).isEqualTo(before);
    assertThat(store.runs(List.of(((Firing.Start) firing.tick()).run().id()))).isEmpty();
  }

  @Test
  void fire_guardsEachByItself() {
    ScheduleRow seen = created();
    Firing good = firing(seen, new Firing.Start(runOf(START)), NEXT);
    Firing late = firing(seen, new Firing.Start(runOf(START)), NEXT);

    assertThat(store.fire(List.of(good, late))).containsExactly(Verdict.APPLIED, Verdict.REFUSED);
  }

  @Test
  void skip_movesTheScheduleOnly() {
    ScheduleRow seen = created();

    assertThat(fire(firing(seen, new Firing.Skip(), NEXT))).isEqualTo(Verdict.APPLIED);

    assertThat(row().nextAt()).contains(NEXT);
    assertThat(row().lastAt()).isEmpty();
    assertThat(row().lastRun()).isEmpty();
    assertThat(store.nextDue(JOB)).isEmpty();
  }

  @Test
  void missed_leavesOneSkippedRecord() {
    ScheduleRow seen = created();
    RunId record = nextId();
    Instant first = START.minus(MINUTE.multipliedBy(3));
    Instant last = START.minus(MINUTE);
    var missed = new Firing.Missed(record, first, last, 3, "missed while nobody was up");

    var firing =
        firing(seen, new Firing.Start(runOf(START)), Optional.of(NEXT), Optional.of(missed));
    assertThat(fire(firing)).isEqualTo(Verdict.APPLIED);

    var state = (RunState.Skipped) read(record).state();
    assertThat(state.at()).isEqualTo(START);
    assertThat(state.reason())
        .contains("missed while nobody was up", "3", first.toString(), last.toString());
    assertThat(read(record).job()).isEqualTo(JOB);
    assertThat(read(record).trigger()).isEqualTo(Trigger.schedule(ID, last));
    assertThat(read(record).createdAt()).isEqualTo(START);
    assertThat(read(record).dueAt()).isEqualTo(START);
    assertThat(read(record).startedAt()).isEmpty();
    assertThat(read(record).tags()).containsExactly("t");
    assertThat(store.passes(record)).hasSize(1);
    assertThat(lastPass(record).event()).isEqualTo(Pass.Event.SKIPPED);
    assertThat(lastPass(record).attempt()).isZero();
    assertThat(lastPass(record).node()).isEmpty();
    assertThat(
            store.rollups(RollupQuery.of(List.of(JOB), START, START.plus(MINUTE))).get(0).skipped())
        .isEqualTo(1);
    assertThat(claim(join(), 10)).hasSize(1);
  }

  @Test
  void missed_isLeftBySkipsToo() {
    ScheduleRow seen = created();
    var missed = new Firing.Missed(nextId(), START, START, 1, "catch-up is SKIP");

    fire(firing(seen, new Firing.Skip(), Optional.of(NEXT), Optional.of(missed)));

    assertThat(read(missed.record()).status()).isEqualTo(Status.SKIPPED);
    assertThat(row().lastRun()).isEmpty();
  }

  @Test
  void missed_makesNoLane() {
    store.declare(List.of(new Declaration(JOB, "mail", 2, List.of())));
    ScheduleRow seen = created();
    var before = store.catalog();
    var missed = new Firing.Missed(nextId(), START, START, 1, "catch-up is SKIP");

    fire(firing(seen, new Firing.Skip(), Optional.of(NEXT), Optional.of(missed)));

    assertThat(store.catalog()).isEqualTo(before);
  }

  @Test
  void missed_ofARefusedFiring_leavesNothing() {
    ScheduleRow seen = created();
    fire(firing(seen, new Firing.Skip(), NEXT));
    var missed = new Firing.Missed(nextId(), START, START, 1, "catch-up is SKIP");

    fire(firing(seen, new Firing.Skip(), Optional.of(NEXT), Optional.of(missed)));

    assertThat(store.runs(List.of(missed.record()))).isEmpty();
  }
}
