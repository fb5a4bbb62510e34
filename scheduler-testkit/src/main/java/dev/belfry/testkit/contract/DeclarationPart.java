// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.RunId;
import dev.belfry.store.Amendment;
import dev.belfry.store.Claimed;
import dev.belfry.store.Declaration.DeclaredSchedule;
import dev.belfry.store.Firing;
import dev.belfry.store.JobStore;
import dev.belfry.store.ScheduleRow;
import dev.belfry.store.Verdict;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Schedules that code declares: only what was never seen undoes an operator's change. */
abstract class DeclarationPart extends ScheduleWords {
  private static final DeclaredSchedule OLD = declared("every PT1M", START);
  private static final DeclaredSchedule NEW = declared("every PT5M", START.plusSeconds(300));

  DeclarationPart(Function<? super InstantSource, ? extends JobStore> opener) {
    super(opener);
  }

  private Amendment changeTo(String definition, Instant nextAt) {
    return new Amendment.ChangeSchedule(ID, definition, Optional.of(nextAt));
  }

  @Test
  void declare_makesTheSchedule() {
    long before = store.catalog().version();

    declare(JOB, OLD);

    assertThat(row())
        .isEqualTo(
            new ScheduleRow(
                ID,
                JOB,
                "every PT1M",
                payload("{}"),
                List.of("t"),
                ScheduleRow.Origin.CODE,
                false,
                false,
                row().version(),
                Optional.of(START),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                false));
    assertThat(store.catalog().version()).isGreaterThan(before);
  }

  @Test
  void declareAgain_changesNothing() {
    declare(JOB, OLD);
    fired();
    ScheduleRow row = row();
    var catalog = store.catalog();
    advance(MINUTE.multipliedBy(5));

    declare(JOB, OLD);

    assertThat(row()).isEqualTo(row);
    assertThat(store.catalog()).isEqualTo(catalog);
  }

  @Test
  void declareAgain_keepsAnOperatorsChange() {
    declare(JOB, OLD);
    amend(changeTo("every PT1H", START.plusSeconds(3_600)));
    amend(new Amendment.PauseSchedule(ID, true));

    declare(JOB, OLD);

    assertThat(row().definition()).isEqualTo("every PT1H");
    assertThat(row().overridden()).isTrue();
    assertThat(row().paused()).isTrue();
  }

  @Test
  void pause_isNotAnOverride() {
    declare(JOB, OLD);

    amend(new Amendment.PauseSchedule(ID, true));

    assertThat(row().overridden()).isFalse();
  }

  @Test
  void declareAnew_replacesTheScheduleAndUndoesOperators() {
    declare(JOB, OLD);
    RunId run = fired();
    amend(changeTo("every PT1H", START.plusSeconds(3_600)));
    amend(new Amendment.PauseSchedule(ID, true));
    ScheduleRow before = row();
    long catalog = store.catalog().version();

    declare(
        JOB,
        new DeclaredSchedule(
            ID,
            "every PT5M",
            payload("[5]"),
            List.of("new"),
            Optional.of(START.plusSeconds(300)),
            "h5"));

    ScheduleRow row = row();
    assertThat(row.definition()).isEqualTo("every PT5M");
    assertThat(row.input()).isEqualTo(payload("[5]"));
    assertThat(row.tags()).containsExactly("new");
    assertThat(row.nextAt()).contains(START.plusSeconds(300));
    assertThat(row.overridden()).isFalse();
    assertThat(row.paused()).isFalse();
    assertThat(row.version()).isGreaterThan(before.version());
    assertThat(row.lastRun()).contains(run);
    assertThat(row.lastAt()).contains(START);
    assertThat(store.catalog().version()).isGreaterThan(catalog);
  }

  @Test
  void rollBack_keepsTheNewerDeclaration() {
    declare(JOB, OLD);
    declare(JOB, NEW);
    ScheduleRow row = row();

    declare(JOB, OLD);
    declare(JOB, NEW);

    assertThat(row()).isEqualTo(row);
  }

  @Test
  void declareAnew_forgetsWhatTheScheduleWaitedFor() {
    declare(JOB, OLD);
    parked(fired(), false);

    declare(JOB, NEW);

    assertThat(row().parkedOn()).isEmpty();
    assertThat(row().queued()).isFalse();
  }

  @Test
  void change_forgetsWhatTheScheduleWaitedFor() {
    declare(JOB, OLD);
    parked(fired(), false);

    amend(changeTo("every PT1H", START.plusSeconds(3_600)));

    assertThat(row().parkedOn()).isEmpty();
    assertThat(row().queued()).isFalse();
  }

  @Test
  void declareAnew_doesNotFireThePastAgain() {
    declare(JOB, OLD);
    RunId first = fired();
    declare(JOB, declared("every PT7M", START));

    assertThat(fire(firing(row(), new Firing.Start(runOf(START)), START.plusSeconds(420))))
        .isEqualTo(Verdict.APPLIED);

    assertThat(row().nextAt()).contains(START.plusSeconds(420));
    assertThat(row().lastRun()).contains(first);
    assertThat(claim(join(), 10)).extracting(Claimed::id).containsExactly(first);
  }

  @Test
  void deleted_staysAwayUntilTheDeclarationChanges() {
    declare(JOB, OLD);
    assertThat(amend(new Amendment.DeleteSchedule(ID))).isEqualTo(Verdict.APPLIED);
    assertThat(store.schedule(ID)).isEmpty();
    assertThat(amend(new Amendment.DeleteSchedule(ID))).isEqualTo(Verdict.REFUSED);

    declare(JOB, OLD);
    assertThat(store.schedule(ID)).isEmpty();
    assertThat(store.schedules(Optional.empty(), 10).items()).isEmpty();
    assertThat(due()).isEmpty();

    declare(JOB, NEW);
    assertThat(row().definition()).isEqualTo("every PT5M");
  }

  @Test
  void deletedOfTheCallThatCameAfterTheCode_staysAwayToo() {
    declare(JOB, OLD);
    amend(new Amendment.DeleteSchedule(ID));
    created();
    amend(new Amendment.DeleteSchedule(ID));

    declare(JOB, OLD);
    assertThat(store.schedule(ID)).isEmpty();

    declare(JOB, NEW);
    assertThat(row().definition()).isEqualTo(NEW.definition());
  }

  @Test
  void deleted_mayBeMadeAnewByACall() {
    declare(JOB, OLD);
    amend(new Amendment.DeleteSchedule(ID));

    assertThat(amend(create(ID, START.plus(MINUTE)))).isEqualTo(Verdict.APPLIED);

    assertThat(row().origin()).isEqualTo(ScheduleRow.Origin.CLIENT);
    assertThat(row().overridden()).isFalse();
    assertThat(row().nextAt()).contains(START.plus(MINUTE));
  }

  @Test
  void reset_undoesWhatOperatorsDid() {
    declare(JOB, OLD);
    RunId run = fired();
    amend(changeTo("every PT1H", START.plusSeconds(3_600)));
    amend(new Amendment.PauseSchedule(ID, true));
    ScheduleRow before = row();
    long catalog = store.catalog().version();

    assertThat(amend(new Amendment.ResetSchedule(JOB, OLD))).isEqualTo(Verdict.APPLIED);

    ScheduleRow row = row();
    assertThat(row.definition()).isEqualTo(OLD.definition());
    assertThat(row.nextAt()).isEqualTo(OLD.firstAt());
    assertThat(row.overridden()).isFalse();
    assertThat(row.paused()).isFalse();
    assertThat(row.version()).isGreaterThan(before.version());
    assertThat(row.lastRun()).contains(run);
    assertThat(store.catalog().version()).isGreaterThan(catalog);
  }

  @Test
  void reset_bringsBackWhatWasDeleted_orMadeByACall() {
    declare(JOB, OLD);
    amend(new Amendment.DeleteSchedule(ID));
    amend(new Amendment.ResetSchedule(JOB, OLD));
    assertThat(row().origin()).isEqualTo(ScheduleRow.Origin.CODE);

    amend(new Amendment.DeleteSchedule(ID));
    created();
    amend(new Amendment.ResetSchedule(JOB, OLD));
    assertThat(row().origin()).isEqualTo(ScheduleRow.Origin.CODE);
  }

  @Test
  void reset_toWhatWasNeverSaid_countsAsSaid() {
    assertThat(amend(new Amendment.ResetSchedule(JOB, NEW))).isEqualTo(Verdict.APPLIED);
    amend(changeTo("every PT1H", START.plusSeconds(3_600)));

    declare(JOB, NEW);

    assertThat(row().definition()).isEqualTo("every PT1H");
  }

  @Test
  void declaredSchedule_firesOnlyWhereItIsKnown() {
    declare(JOB, OLD);

    assertThat(store.dueTicks(Set.of(JOB), Set.of(), 10).due()).isEmpty();
    assertThat(store.dueTicks(Set.of(JOB), Set.of("other"), 10).due()).isEmpty();
    assertThat(store.dueTicks(Set.of(JOB), Set.of(ID), 10).due()).hasSize(1);
  }

  @Test
  void scheduleThatIsNoLongerDeclared_isKept() {
    declare(JOB, OLD);

    declare(JOB);

    assertThat(row().definition()).isEqualTo("every PT1M");
  }
}
