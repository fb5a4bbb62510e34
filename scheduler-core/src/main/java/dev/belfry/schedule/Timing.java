// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The kinds of schedule, without their policies. {@code toString} is the canonical text. */
sealed interface Timing {
  ZoneId UTC = ZoneId.of("UTC");

  /** Returns the first tick after an instant. */
  Optional<Instant> next(Instant after, DstPolicy dst);

  /** Returns the last tick at or before an instant. */
  Optional<Instant> lastUpTo(Instant upTo, DstPolicy dst);

  /** Returns how many ticks lie in (after, upTo]. */
  long count(Instant after, Instant upTo, DstPolicy dst);

  String describe();

  /** Ticks read off the clock of a zone. */
  record Cron(CronExpression expression, ZoneId zone) implements Timing {
    @Override
    public Optional<Instant> next(Instant after, DstPolicy dst) {
      return instant(
          DstRule.after(expression.ticks(), ZoneClock.of(zone), dst, after.getEpochSecond()));
    }

    @Override
    public Optional<Instant> lastUpTo(Instant upTo, DstPolicy dst) {
      return instant(
          DstRule.upTo(expression.ticks(), ZoneClock.of(zone), dst, upTo.getEpochSecond()));
    }

    @Override
    public long count(Instant after, Instant upTo, DstPolicy dst) {
      return DstRule.count(
          expression.ticks(),
          ZoneClock.of(zone),
          dst,
          after.getEpochSecond(),
          upTo.getEpochSecond());
    }

    @Override
    public String describe() {
      return new CronWords(expression.fields(), CronWording.english()).describe(zone.getId());
    }

    private static Optional<Instant> instant(long epochSecond) {
      return epochSecond == LocalTicks.NONE
          ? Optional.empty()
          : Optional.of(Instant.ofEpochSecond(epochSecond));
    }

    @Override
    public String toString() {
      return "cron " + expression + " " + zone;
    }
  }

  /** Ticks a period apart, one of them at the anchor. Equal if all ticks are. */
  record Every(Duration period, Instant anchor) implements Timing {
    public Every {
      requirePeriod(period, "period");
      requireNonNull(anchor, "anchor");
      if (anchor.isBefore(Micros.FIRST) || anchor.isAfter(Micros.LAST)) {
        throw new IllegalArgumentException("anchor must be from year -9999 to 9999, was " + anchor);
      }
      anchor = Micros.toInstant(Micros.floor(anchor));
    }

    @Override
    public Optional<Instant> next(Instant after, DstPolicy dst) {
      if (!after.isBefore(Micros.LAST)) {
        return Optional.empty();
      }
      return Optional.of(Micros.toInstant((index(after) + 1) * Micros.of(period) + phase()));
    }

    @Override
    public Optional<Instant> lastUpTo(Instant upTo, DstPolicy dst) {
      if (upTo.isBefore(Micros.FIRST)) {
        return Optional.empty();
      }
      return Optional.of(Micros.toInstant(index(upTo) * Micros.of(period) + phase()));
    }

    @Override
    public long count(Instant after, Instant upTo, DstPolicy dst) {
      return index(upTo) - index(after);
    }

    /** Which tick is the last at or before the time; tick 0 is the first since the epoch. */
    private long index(Instant time) {
      return Math.floorDiv(Micros.floor(time) - phase(), Micros.of(period));
    }

    private long phase() {
      return Math.floorMod(Micros.floor(anchor), Micros.of(period));
    }

    @Override
    public String describe() {
      return "every " + PeriodWords.of(period);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Every that && period.equals(that.period) && phase() == that.phase();
    }

    @Override
    public int hashCode() {
      return period.hashCode() * 31 + Long.hashCode(phase());
    }

    @Override
    public String toString() {
      return "every " + period + (anchor.equals(Instant.EPOCH) ? "" : " anchored " + anchor);
    }
  }

  /** A tick a while after each run is final. */
  record AfterCompletion(Duration pause) implements Timing {
    public AfterCompletion {
      requirePeriod(pause, "pause");
    }

    @Override
    public Optional<Instant> next(Instant after, DstPolicy dst) {
      if (!after.isBefore(Micros.LAST)) {
        return Optional.empty();
      }
      return Optional.of(Micros.toInstant(Micros.ceiling(after) + Micros.of(pause)));
    }

    @Override
    public Optional<Instant> lastUpTo(Instant upTo, DstPolicy dst) {
      return Optional.empty();
    }

    @Override
    public long count(Instant after, Instant upTo, DstPolicy dst) {
      return 0;
    }

    @Override
    public String describe() {
      return PeriodWords.count(pause) + " after the end of the last run";
    }

    @Override
    public String toString() {
      return "after-completion " + pause;
    }
  }

  /** Given ticks, in order. */
  record At(List<Instant> instants) implements Timing {
    static At of(List<Instant> instants) {
      if (instants.isEmpty() || instants.size() > 1_000) {
        throw new IllegalArgumentException(
            "instants must be from 1 to 1000, were " + instants.size());
      }
      TreeSet<Instant> sorted = new TreeSet<>();
      for (Instant instant : instants) {
        if (instant.isBefore(Micros.FIRST) || instant.isAfter(Micros.LAST)) {
          throw new IllegalArgumentException(
              "instants must be from year -9999 to 9999, one was " + instant);
        }
        sorted.add(Micros.toInstant(Micros.ceiling(instant)));
      }
      return new At(List.copyOf(sorted));
    }

    @Override
    public Optional<Instant> next(Instant after, DstPolicy dst) {
      return instants.stream().filter(after::isBefore).findFirst();
    }

    @Override
    public Optional<Instant> lastUpTo(Instant upTo, DstPolicy dst) {
      return instants.stream().filter(tick -> !tick.isAfter(upTo)).reduce((a, b) -> b);
    }

    @Override
    public long count(Instant after, Instant upTo, DstPolicy dst) {
      return instants.stream().filter(t -> t.isAfter(after) && !t.isAfter(upTo)).count();
    }

    @Override
    public String describe() {
      return instants.size() == 1
          ? "once, at " + instants.get(0)
          : instants.size() + " times, from " + instants.get(0) + " to " + last();
    }

    private Instant last() {
      return instants.get(instants.size() - 1);
    }

    @Override
    public String toString() {
      return instants.stream().map(Instant::toString).collect(Collectors.joining(" ", "at ", ""));
    }
  }

  private static void requirePeriod(Duration period, String name) {
    requireNonNull(period, name);
    if (period.compareTo(Duration.ofMillis(1)) < 0
        || period.compareTo(Duration.ofDays(36_500)) > 0) {
      throw new IllegalArgumentException(
          name + " must be from 1 millisecond to 36500 days, was " + period);
    }
    if (period.getNano() % 1_000 != 0) {
      throw new IllegalArgumentException(name + " must be whole microseconds, was " + period);
    }
  }
}
