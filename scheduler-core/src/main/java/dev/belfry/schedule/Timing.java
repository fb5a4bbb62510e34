// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import static java.util.Objects.requireNonNull;

import dev.belfry.schedule.PlannedTick.Rule;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The kinds of schedule, without their policies. {@code toString} is the canonical text. */
sealed interface Timing {
  ZoneId UTC = ZoneId.of("UTC");

  /** Returns the ticks that fall on some dates. */
  TickSeries ticks(Dates dates, DstPolicy dst);

  /** Returns the zone whose clock it reads, if it reads one. */
  Optional<ZoneId> zone();

  String describe();

  /** Ticks read off the clock of a zone. */
  sealed interface Zoned extends Timing {
    ZoneId readIn();

    @Override
    default Optional<ZoneId> zone() {
      return Optional.of(readIn());
    }
  }

  /** Ticks that read no clock of a zone, and so need nothing else to be told. */
  sealed interface Unzoned extends Timing, TickSeries {
    @Override
    default Optional<ZoneId> zone() {
      return Optional.empty();
    }

    @Override
    default TickSeries ticks(Dates dates, DstPolicy dst) {
      return dates.isAll() ? this : new DatedTicks(this, dates);
    }
  }

  /** Ticks of a cron expression, read off the clock of a zone. */
  record Cron(CronExpression expression, ZoneId readIn) implements Zoned {
    @Override
    public TickSeries ticks(Dates dates, DstPolicy dst) {
      CronFields fields = expression.fields();
      LocalTicks ticks =
          dates.isAll()
              ? expression.ticks()
              : new LocalTicks(fields.times(), dates.of(fields.days()), fields.followsClock());
      return new ClockTicks(ticks, readIn, dst);
    }

    @Override
    public String describe() {
      return new CronWords(expression.fields(), CronWording.english()).describe(readIn.getId());
    }

    @Override
    public String toString() {
      CronDialect dialect = expression.dialect();
      String name = dialect == CronDialect.UNIX ? "" : ScheduleParser.word(dialect) + " ";
      return "cron " + name + expression + " " + readIn;
    }
  }

  /** One tick a month, read off the clock of a zone. */
  record Monthly(MonthDays day, LocalTime time, ZoneId readIn) implements Zoned {
    @Override
    public TickSeries ticks(Dates dates, DstPolicy dst) {
      return new ClockTicks(new LocalTicks(DayTimes.of(time), dates.of(day), false), readIn, dst);
    }

    @Override
    public String describe() {
      String shorter =
          switch (day.end()) {
            case LAST_DAY -> " or on the last if it is shorter";
            case SKIP -> " if it has one";
            case FIRST_OF_NEXT -> " or on the first of the next if it is shorter";
          };
      return "at "
          + time
          + " "
          + readIn
          + " on day "
          + day.day()
          + " of each month"
          + (day.day() > 28 ? shorter : "");
    }

    @Override
    public String toString() {
      String end = day.end() == MonthEnd.LAST_DAY ? "" : " " + ScheduleParser.word(day.end());
      return "monthly " + day.day() + end + " " + time + " " + readIn;
    }
  }

  /** Ticks a period apart, one of them at the anchor. Equal if all ticks are. */
  record Every(Duration period, Instant anchor) implements Unzoned {
    public Every {
      requirePeriod(period, "period");
      requireNonNull(anchor, "anchor");
      if (anchor.isBefore(Micros.FIRST) || anchor.isAfter(Micros.LAST)) {
        throw new IllegalArgumentException("anchor must be from year -9999 to 9999, was " + anchor);
      }
      anchor = Micros.toInstant(Micros.floor(anchor));
    }

    @Override
    public Optional<Instant> next(Instant after) {
      if (!after.isBefore(Micros.LAST)) {
        return Optional.empty();
      }
      return Micros.within((index(after) + 1) * Micros.of(period) + phase());
    }

    @Override
    public Optional<Instant> lastUpTo(Instant upTo) {
      if (upTo.isBefore(Micros.FIRST)) {
        return Optional.empty();
      }
      return Micros.within(index(upTo) * Micros.of(period) + phase());
    }

    @Override
    public long count(Instant after, Instant upTo) {
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
    public PlannedTick explain(Instant tick) {
      return new PlannedTick(tick, Rule.PERIOD, describe() + ", one of them at " + anchor);
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
  record AfterCompletion(Duration pause) implements Unzoned {
    public AfterCompletion {
      requirePeriod(pause, "pause");
    }

    @Override
    public Optional<Instant> next(Instant after) {
      if (!after.isBefore(Micros.LAST)) {
        return Optional.empty();
      }
      return Micros.within(Micros.ceiling(after) + Micros.of(pause));
    }

    @Override
    public Optional<Instant> lastUpTo(Instant upTo) {
      return Optional.empty();
    }

    @Override
    public long count(Instant after, Instant upTo) {
      return 0;
    }

    @Override
    public Optional<Instant> firstFrom(Instant from) {
      return Optional.of(from);
    }

    @Override
    public PlannedTick explain(Instant tick) {
      return new PlannedTick(tick, Rule.PERIOD, describe());
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
  record At(List<Instant> instants) implements Unzoned {
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
    public Optional<Instant> next(Instant after) {
      return instants.stream().filter(after::isBefore).findFirst();
    }

    @Override
    public Optional<Instant> lastUpTo(Instant upTo) {
      return instants.stream().filter(tick -> !tick.isAfter(upTo)).reduce((a, b) -> b);
    }

    @Override
    public long count(Instant after, Instant upTo) {
      return instants.stream().filter(t -> t.isAfter(after) && !t.isAfter(upTo)).count();
    }

    @Override
    public PlannedTick explain(Instant tick) {
      return new PlannedTick(tick, Rule.GIVEN, "given");
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
    Micros.requireWhole(period, name);
  }
}
