// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.RunId;
import dev.belfry.schedule.CatchUp;
import dev.belfry.schedule.Exclusion;
import dev.belfry.schedule.Overlap;
import dev.belfry.schedule.Schedule;
import dev.belfry.store.Firing;
import dev.belfry.store.NewRun;
import dev.belfry.store.Payload;
import dev.belfry.store.ScheduleRow;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TickPlanTest {
  private static final RunId RECORD = RunId.parse("01976e2a-0000-7000-8000-000000000001");
  private static final RunId BY_HAND = RunId.parse("01976e2a-0000-7000-8000-000000000002");
  private static final Instant SECOND = Instant.parse("2026-03-02T09:00:00Z");
  private static final Instant THIRD = Instant.parse("2026-03-03T09:00:00Z");
  private static final Instant NOW = Instant.parse("2026-03-03T12:00:00Z");

  /** Every day but March 2, which was a day like others when the next tick was stored. */
  private static final Schedule DAILY =
      Schedule.daily(LocalTime.of(9, 0))
          .except(Exclusion.named("new", LocalDate.of(2026, 3, 2)::equals));

  private static Firing plan(Schedule schedule, Instant nextAt) {
    return plan(schedule, nextAt, Optional.empty());
  }

  /** The plan for a schedule on which a run waits if one is active. */
  private static Firing plan(Schedule schedule, Instant nextAt, Optional<RunId> active) {
    Payload input = Payload.of("json", "{}".getBytes(UTF_8));
    var row =
        new ScheduleRow(
            "s",
            "job",
            schedule.toString(),
            input,
            List.of(),
            ScheduleRow.Origin.CODE,
            false,
            false,
            1,
            Optional.of(nextAt),
            Optional.empty(),
            active,
            active.isPresent(),
            Optional.empty(),
            active.isPresent());
    return TickPlan.of(
        row, schedule, NOW, () -> RECORD, (of, tick) -> NewRun.of(RECORD, of.job(), of.input()));
  }

  private static Optional<Instant> started(Firing firing) {
    return ((Firing.Start) firing.tick()).run().trigger().nominal();
  }

  @Test
  void catchUpLatest_countsFromAFirstTickThatIsNoneAnyMore() {
    Firing firing = plan(DAILY, SECOND);

    assertThat(started(firing)).contains(THIRD);
    assertThat(firing.missed())
        .contains(
            new Firing.Missed(
                RECORD, SECOND, SECOND, 1, "missed; only the latest tick is caught up"));
  }

  @Test
  void catchUpAll_startsWithAFirstTickThatIsNoneAnyMore() {
    Firing firing = plan(DAILY.withCatchUp(CatchUp.all(10, ChronoUnit.DAYS.getDuration())), SECOND);

    assertThat(started(firing)).contains(THIRD);
    assertThat(firing.missed())
        .contains(
            new Firing.Missed(
                RECORD, SECOND, SECOND, 1, "missed; more or older than is caught up"));
  }

  @Test
  void catchUpSkip_keepsARunThatWaitedWhileAnotherWasStartedByHand() {
    Schedule schedule = DAILY.withOverlap(Overlap.QUEUE).withCatchUp(CatchUp.skip());

    Firing firing = plan(schedule, THIRD, Optional.of(BY_HAND));

    assertThat(firing.tick()).isEqualTo(new Firing.Park(BY_HAND, false));
    assertThat(firing.missed()).isEmpty();
  }

  @Test
  void catchUpAll_takesAnAgeWithoutEnd() {
    Firing firing =
        plan(DAILY.withCatchUp(CatchUp.all(10, ChronoUnit.FOREVER.getDuration())), SECOND);

    assertThat(started(firing)).contains(SECOND);
    assertThat(firing.next()).contains(THIRD);
    assertThat(firing.missed()).isEmpty();
  }
}
