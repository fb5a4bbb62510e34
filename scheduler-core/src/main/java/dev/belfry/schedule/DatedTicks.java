// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;

/** The ticks, of a schedule that reads no clock, that fall on some dates in UTC. */
record DatedTicks(TickSeries ticks, Dates dates) implements TickSeries {
  @Override
  public Optional<Instant> next(Instant after) {
    Optional<Instant> tick = ticks.next(after);
    for (int i = 0; i < Civil.CYCLE_DAYS && tick.isPresent(); i++) {
      LocalDate date = date(tick.get());
      if (dates.has(date)) {
        return tick;
      }
      tick = ticks.firstFrom(start(date.plusDays(1)));
    }
    return Optional.empty();
  }

  @Override
  public Optional<Instant> lastUpTo(Instant upTo) {
    Optional<Instant> tick = ticks.lastUpTo(upTo);
    for (int i = 0; i < Civil.CYCLE_DAYS && tick.isPresent(); i++) {
      LocalDate date = date(tick.get());
      if (dates.has(date)) {
        return tick;
      }
      tick = ticks.lastUpTo(start(date).minusNanos(1));
    }
    return Optional.empty();
  }

  @Override
  public long count(Instant after, Instant upTo) {
    long count = 0;
    Instant from = after.isBefore(Micros.FIRST) ? Micros.FIRST.minusNanos(1) : after;
    Instant last = upTo.isAfter(Micros.LAST) ? Micros.LAST : upTo;
    while (from.isBefore(last)) {
      LocalDate date = date(from.plusNanos(1));
      Instant end = start(date.plusDays(1)).minusNanos(1);
      Instant to = end.isBefore(last) ? end : last;
      if (dates.has(date)) {
        count += ticks.count(from, to);
      }
      from = to;
    }
    return count;
  }

  @Override
  public PlannedTick explain(Instant tick) {
    return ticks.explain(tick);
  }

  private static LocalDate date(Instant instant) {
    return LocalDate.ofInstant(instant, ZoneOffset.UTC);
  }

  private static Instant start(LocalDate date) {
    return date.atStartOfDay().toInstant(ZoneOffset.UTC);
  }
}
