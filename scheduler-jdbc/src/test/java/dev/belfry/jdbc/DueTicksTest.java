// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.Trigger;
import dev.belfry.store.Amendment;
import dev.belfry.store.DueTicks;
import dev.belfry.store.Firing;
import dev.belfry.store.ScheduleRow;
import dev.belfry.store.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** At READ COMMITTED a rival may fire between two statements of a look for due ticks. */
class DueTicksTest extends DatabaseTest {
  private static final String ID = "nightly";
  private static final Instant NEXT = START.plusSeconds(60);

  private JdbcJobStore rival;
  private Runnable betweenStatements = () -> {};

  @Test
  void dueTicks_leaveOutWhatARivalFiresMeanwhile() {
    rival = store();
    JdbcJobStore store = JdbcJobStore.using(watched()).withTime(clock);
    store.open();
    rival.amend(
        List.of(
            new Amendment.CreateSchedule(
                ID, JOB, "every PT1M", payload("{}"), List.of(), Optional.of(START))));
    betweenStatements = this::fire;

    DueTicks due = store.dueTicks(Set.of(JOB), Set.of(), 10);

    assertThat(due.due()).isEmpty();
    assertThat(due.next()).contains(NEXT);
  }

  private void fire() {
    ScheduleRow row = rival.schedule(ID).orElseThrow();
    var start = new Firing.Start(newRun().withTrigger(Trigger.schedule(ID, START)));
    var firing =
        new Firing(
            ID, row.version(), START, row.lastRun(), start, Optional.of(NEXT), Optional.empty());
    assertThat(rival.fire(List.of(firing))).containsExactly(Verdict.APPLIED);
  }

  /** Returns the pool, but something happens after due schedules were found. */
  private DataSource watched() {
    var found = new boolean[1];
    return ToldPool.of(
        pool,
        sql -> {
          if (found[0]) {
            Runnable action = betweenStatements;
            betweenStatements = () -> {};
            action.run();
          }
          found[0] = sql.contains(" order by next_at, id limit ");
        });
  }
}
