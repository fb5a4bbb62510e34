// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.store.Amendment;
import dev.belfry.store.DueTicks;
import dev.belfry.store.Firing;
import dev.belfry.store.JobStore;
import dev.belfry.store.NewRun;
import dev.belfry.store.ScheduleRow;
import dev.belfry.store.Verdict;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Schedules that are made and changed by calls. */
abstract class SchedulePart extends ScheduleWords {
  SchedulePart(Function<? super InstantSource, ? extends JobStore> opener) {
    super(opener);
  }

  @Test
  void create_keepsEverythingThatWasHandedIn() {
    var before = store.catalog().version();

    amend(
        new Amendment.CreateSchedule(
            ID,
            JOB,
            "cron 0 3 * * *",
            payload("[7]"),
            List.of("b", "a"),
            Optional.of(START.plusNanos(61_000_001_999L))));

    assertThat(row())
        .isEqualTo(
            new ScheduleRow(
                ID,
                JOB,
                "cron 0 3 * * *",
                payload("[7]"),
                List.of("b", "a"),
                ScheduleRow.Origin.CLIENT,
                false,
                false,
                row().version(),
                Optional.of(START.plusNanos(61_000_001_000L)),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                false));
    assertThat(store.catalog().version()).isGreaterThan(before);
  }

  @Test
  void create_withoutATick_isNeverDue() {
    amend(new Amendment.CreateSchedule(ID, JOB, "at", payload("{}"), List.of(), Optional.empty()));
    advance(Duration.ofDays(1));

    assertThat(dueTicks()).isEqualTo(new DueTicks(store.now(), List.of(), Optional.empty()));
  }

  @Test
  void create_ofAnIdThatExists_isRefused() {
    ScheduleRow first = created();

    assertThat(amend(create(ID, START.plus(MINUTE)))).isEqualTo(Verdict.REFUSED);
    assertThat(row()).isEqualTo(first);
  }

  @Test
  void change_replacesDefinitionAndTick() {
    ScheduleRow before = created();
    long catalog = store.catalog().version();

    assertThat(amend(new Amendment.ChangeSchedule(ID, "every PT2M", Optional.empty())))
        .isEqualTo(Verdict.APPLIED);

    assertThat(row().definition()).isEqualTo("every PT2M");
    assertThat(row().nextAt()).isEmpty();
    assertThat(row().version()).isGreaterThan(before.version());
    assertThat(row().overridden()).isFalse();
    assertThat(store.catalog().version()).isGreaterThan(catalog);
  }

  @Test
  void pause_keepsTheScheduleFromFiring() {
    ScheduleRow before = created();
    long catalog = store.catalog().version();

    assertThat(amend(new Amendment.PauseSchedule(ID, true))).isEqualTo(Verdict.APPLIED);

    assertThat(row().paused()).isTrue();
    assertThat(row().version()).isGreaterThan(before.version());
    assertThat(row().nextAt()).contains(START);
    assertThat(store.catalog().version()).isGreaterThan(catalog);
    assertThat(due()).isEmpty();
    assertThat(fire(firing(row(), new Firing.Skip(), START.plus(MINUTE))))
        .isEqualTo(Verdict.REFUSED);
    assertThat(amend(new Amendment.PauseSchedule(ID, false))).isEqualTo(Verdict.APPLIED);
    assertThat(due()).containsExactly(ID);
  }

  @Test
  void pauseAgain_isRepeated() {
    created();
    assertThat(amend(new Amendment.PauseSchedule(ID, false))).isEqualTo(Verdict.REPEATED);
    amend(new Amendment.PauseSchedule(ID, true));
    ScheduleRow paused = row();

    assertThat(amend(new Amendment.PauseSchedule(ID, true))).isEqualTo(Verdict.REPEATED);
    assertThat(row()).isEqualTo(paused);
  }

  @Test
  void delete_removesTheSchedule() {
    created();
    long catalog = store.catalog().version();

    assertThat(amend(new Amendment.DeleteSchedule(ID))).isEqualTo(Verdict.APPLIED);

    assertThat(store.schedule(ID)).isEmpty();
    assertThat(store.schedules(Optional.empty(), 10).items()).isEmpty();
    assertThat(due()).isEmpty();
    assertThat(store.catalog().version()).isGreaterThan(catalog);
  }

  @Test
  void changesOfAnUnknownSchedule_areRefused() {
    created();
    amend(new Amendment.DeleteSchedule(ID));

    for (Amendment change :
        List.of(
            new Amendment.ChangeSchedule(ID, "every PT2M", Optional.empty()),
            new Amendment.PauseSchedule(ID, true),
            new Amendment.DeleteSchedule(ID),
            new Amendment.TriggerSchedule(ID, runByHand(), Optional.empty()))) {
      assertThat(amend(change)).as("%s", change).isEqualTo(Verdict.REFUSED);
    }
  }

  @Test
  void createAfterDelete_doesNotFireThePastAgain() {
    created();
    RunId run = fired();
    amend(new Amendment.DeleteSchedule(ID));
    created();

    assertThat(fire(firing(row(), new Firing.Start(runOf(START)), START.plus(MINUTE))))
        .isEqualTo(Verdict.APPLIED);

    assertThat(row().nextAt()).contains(START.plus(MINUTE));
    assertThat(claim(join(), 10)).extracting(c -> c.id()).containsExactly(run);
  }

  @Test
  void trigger_startsARunAndMovesNoTick() {
    ScheduleRow before = created();
    NewRun run = runByHand();

    assertThat(amend(new Amendment.TriggerSchedule(ID, run, Optional.empty())))
        .isEqualTo(Verdict.APPLIED);

    assertThat(row().nextAt()).isEqualTo(before.nextAt());
    assertThat(row().lastAt()).isEmpty();
    assertThat(row().lastRun()).contains(run.id());
    assertThat(row().active()).isTrue();
    assertThat(row().version()).isEqualTo(before.version());
    assertThat(read(run.id()).trigger()).isEqualTo(run.trigger());
  }

  @Test
  void triggerAgain_isRepeated() {
    created();
    var trigger = new Amendment.TriggerSchedule(ID, runByHand(), Optional.empty());
    amend(trigger);

    assertThat(amend(trigger)).isEqualTo(Verdict.REPEATED);
    assertThat(claim(join(), 10)).hasSize(1);
  }

  @Test
  void trigger_worksOnAPausedSchedule() {
    created();
    amend(new Amendment.PauseSchedule(ID, true));

    assertThat(amend(new Amendment.TriggerSchedule(ID, runByHand(), Optional.empty())))
        .isEqualTo(Verdict.APPLIED);
    assertThat(claim(join(), 10)).hasSize(1);
  }

  @Test
  void trigger_isGuardedByTheLastRunThatWasSeen() {
    created();
    RunId last = fired();
    NewRun refused = runByHand();

    assertThat(amend(new Amendment.TriggerSchedule(ID, refused, Optional.of(nextId()))))
        .isEqualTo(Verdict.REFUSED);
    assertThat(store.runs(List.of(refused.id()))).isEmpty();
    assertThat(amend(new Amendment.TriggerSchedule(ID, runByHand(), Optional.of(last))))
        .isEqualTo(Verdict.APPLIED);
  }

  @Test
  void active_isWhetherTheLastRunHasNotEnded() {
    NodeId node = join();
    created();
    fired();
    assertThat(row().active()).isTrue();

    var claimed = claimOne(node);
    assertThat(row().active()).isTrue();
    end(node, claimed, retriedIn(Duration.ZERO));
    assertThat(row().active()).isTrue();
    end(node, claimOne(node), done());
    assertThat(row().active()).isFalse();
    assertThat(row().lastRun()).contains(claimed.id());
  }

  @Test
  void schedules_arePagedInOrderOfId() {
    for (String id : List.of("c", "a", "b")) {
      amend(create(id, START));
    }

    var first = store.schedules(Optional.empty(), 2);
    var second = store.schedules(Optional.of("b"), 2);

    assertThat(first.items()).extracting(ScheduleRow::id).containsExactly("a", "b");
    assertThat(first.more()).isTrue();
    assertThat(second.items()).extracting(ScheduleRow::id).containsExactly("c");
    assertThat(second.more()).isFalse();
  }

  @Test
  void schedulesOf_areThoseOfTheJobInOrderOfId() {
    for (String id : List.of("c", "a", "b", "d")) {
      amend(create(id, START));
    }
    amend(new Amendment.DeleteSchedule("b"));
    declare("other", declared("every PT1M", START));

    assertThat(store.schedulesOf(JOB, 10))
        .extracting(ScheduleRow::id)
        .containsExactly("a", "c", "d");
    assertThat(store.schedulesOf(JOB, 2)).extracting(ScheduleRow::id).containsExactly("a", "c");
    assertThat(store.schedulesOf("other", 10)).extracting(ScheduleRow::id).containsExactly(ID);
    assertThat(store.schedulesOf("unknown", 10)).isEmpty();
  }
}
