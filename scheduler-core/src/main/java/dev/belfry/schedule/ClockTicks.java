// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import dev.belfry.schedule.PlannedTick.Rule;
import dev.belfry.schedule.ZoneClock.Segment;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Ticks read off the clock of a zone. */
record ClockTicks(LocalTicks ticks, ZoneId zone, DstPolicy dst) implements TickSeries {
  private static final long YEAR = 366L * Civil.SECONDS_PER_DAY;

  @Override
  public Optional<Instant> next(Instant after) {
    return instant(DstRule.after(ticks, clock(), dst, after.getEpochSecond()));
  }

  @Override
  public Optional<Instant> lastUpTo(Instant upTo) {
    return instant(DstRule.upTo(ticks, clock(), dst, upTo.getEpochSecond()));
  }

  @Override
  public long count(Instant after, Instant upTo) {
    return DstRule.count(ticks, clock(), dst, after.getEpochSecond(), upTo.getEpochSecond());
  }

  private ZoneClock clock() {
    return ZoneClock.of(zone);
  }

  private static Optional<Instant> instant(long epochSecond) {
    return epochSecond == LocalTicks.NONE
        ? Optional.empty()
        : Optional.of(Instant.ofEpochSecond(epochSecond));
  }

  // Why

  @Override
  public PlannedTick explain(Instant tick) {
    long at = tick.getEpochSecond();
    ZoneClock clock = clock();
    Segment segment = clock.at(at);
    long reading = at + segment.offset();
    LocalDateTime shown = local(reading);
    if (at == segment.from() && isMadeUp()) {
      long leapt = ticks.nextAfter(segment.shown());
      if (leapt < reading) {
        return new PlannedTick(
            tick,
            Rule.AFTER_GAP,
            leftOut(local(leapt)) + "; the clock goes on at " + shown.toLocalTime());
      }
    }
    if (reading <= segment.shown()) {
      return new PlannedTick(tick, Rule.SECOND_PASS, twice(shown) + "; this is the second time");
    }
    @Nullable Segment next = clock.after(segment);
    if (next != null && reading >= next.from() + next.offset()) {
      return new PlannedTick(tick, Rule.FIRST_PASS, twice(shown) + "; this is the first time");
    }
    return new PlannedTick(
        tick, Rule.CLOCK, shown.toLocalTime() + " on " + shown.toLocalDate() + " in " + zone);
  }

  /** Whether times that the clock leaps over run after the gap. */
  private boolean isMadeUp() {
    return !ticks.followsClock() && dst == DstPolicy.RUN_ONCE;
  }

  private String leftOut(LocalDateTime time) {
    return time.toLocalTime() + " is left out on " + time.toLocalDate() + " in " + zone;
  }

  private String twice(LocalDateTime time) {
    return time.toLocalTime() + " is shown twice on " + time.toLocalDate() + " in " + zone;
  }

  private static LocalDateTime local(long reading) {
    return LocalDateTime.ofEpochSecond(reading, 0, ZoneOffset.UTC);
  }

  // Changes of the clock

  /** Returns the first change of the clock in the year after an instant that touches a tick. */
  Optional<ClockChange> clockChange(Instant after) {
    if (!ticks.namesHours()) {
      return Optional.empty(); // what runs at all hours does not care for one more or less
    }
    long from = Math.min(after.getEpochSecond(), DstRule.LAST);
    ZoneClock clock = clock();
    @Nullable Segment segment = clock.after(clock.at(from));
    while (segment != null && segment.from() <= Math.min(from + YEAR, DstRule.LAST)) {
      Optional<String> effect = effect(segment);
      if (effect.isPresent()) {
        Instant at = Instant.ofEpochSecond(segment.from());
        return Optional.of(new ClockChange(at, zone, effect.get()));
      }
      segment = clock.after(segment);
    }
    return Optional.empty();
  }

  /** Says what becomes of a time that the start of a segment leaves out or shows again. */
  private Optional<String> effect(Segment segment) {
    long low = segment.from() + segment.offset();
    long leapt = ticks.nextAfter(segment.shown());
    if (leapt < low) {
      String then = isMadeUp() ? "; it runs at " + local(low).toLocalTime() : "; it does not run";
      return Optional.of(leftOut(local(leapt)) + then);
    }
    long again = ticks.nextAfter(low - 1);
    if (again <= segment.shown()) {
      String when = ticks.followsClock() ? "both times" : "the first time";
      return Optional.of(twice(local(again)) + "; it runs " + when);
    }
    return Optional.empty();
  }
}
