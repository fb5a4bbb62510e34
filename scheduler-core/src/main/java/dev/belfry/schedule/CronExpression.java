// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * When something is to run, as cron writes it: {@code 0 3 * * MON-FRI}. Immutable and thread-safe.
 *
 * <p>What the text means depends on its {@linkplain CronDialect dialect}; where none is given it is
 * {@link CronDialect#UNIX}.
 *
 * <p><b>When the clock is changed</b>, an expression with a {@code *}, {@code -} or {@code /} in
 * its second, minute or hour field follows the clock: it runs whenever the clock shows a matching
 * time, so in both passes of a repeated hour, and not for a time that is left out. Any other
 * expression is a fixed time: it runs once for each reading, at the first instant when the clock
 * has reached it. {@code 30 2 * * *} in Berlin runs at 03:00 when the clock leaps from 02:00 to
 * 03:00, and only at the first 02:30 when there are two. This is what crontab(5) of Vixie cron
 * promises, with the fixed times of Cronos; {@link DstPolicy} has the alternative.
 *
 * <p>An expression that never runs, such as {@code 0 0 30 2 *}, is valid. Runs fall on whole
 * seconds and are found from year -9999 to 9999; outside there are none.
 *
 * <p>Two expressions are equal if they run at the same times in every zone, in whatever dialect.
 */
public final class CronExpression {
  private final CronFields fields;
  private final LocalTicks ticks;
  private final CronDialect dialect;

  /** The clock of the zone that was asked for last. */
  private volatile @Nullable ZoneClock recent;

  private CronExpression(CronFields fields, CronDialect dialect) {
    this.fields = fields;
    this.ticks = fields.ticks();
    this.dialect = dialect;
  }

  /**
   * Parses an expression of {@link CronDialect#UNIX}.
   *
   * @param text such as {@code 30 2 * * MON-FRI}
   * @throws CronParseException if the text is not an expression
   */
  public static CronExpression parse(String text) {
    return parse(text, CronDialect.UNIX);
  }

  /**
   * Parses an expression, in a time that grows linearly with its length.
   *
   * @param text such as {@code 0 30 2 L * *} in {@link CronDialect#SPRING}
   * @throws CronParseException if the text is not an expression
   */
  public static CronExpression parse(String text, CronDialect dialect) {
    requireNonNull(dialect, "dialect");
    return new CronExpression(CronParser.parse(requireNonNull(text, "text"), dialect), dialect);
  }

  /** Parses an expression that a user typed; what is wrong with it comes back as data. */
  public static CronParseResult tryParse(String text, CronDialect dialect) {
    try {
      return new CronParseResult.Parsed(parse(text, dialect));
    } catch (CronParseException e) {
      return new CronParseResult.Refused(e.error());
    }
  }

  /** Parses an expression of UNIX in which {@code H} is chosen by a key. */
  static CronExpression parse(String text, Spread spread) {
    return new CronExpression(CronParser.parse(text, spread), CronDialect.UNIX);
  }

  /** Returns an expression of UNIX, or of SPRING if it needs seconds, for days at fixed times. */
  static CronExpression of(DayTimes times, CronDays days) {
    return new CronExpression(
        new CronFields(times, days, false),
        times.seconds() == 1 ? CronDialect.UNIX : CronDialect.SPRING);
  }

  /** Returns the dialect in which {@link #toString()} writes it. */
  public CronDialect dialect() {
    return dialect;
  }

  /**
   * Returns the same expression written in another dialect, such as {@code 0 0 3 ? * 2-6} in QUARTZ
   * for {@code 0 3 * * 1-5}.
   *
   * @throws IllegalArgumentException if the dialect can't say it
   */
  public CronExpression to(CronDialect other) {
    try {
      CronText.of(fields, requireNonNull(other, "dialect"));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("can't convert \"" + this + "\": " + e.getMessage(), e);
    }
    return new CronExpression(fields, other);
  }

  /**
   * Returns the first run after a time, in the zone of that time; empty if there is none.
   *
   * @param after a time that is not itself an answer
   */
  public Optional<ZonedDateTime> next(ZonedDateTime after) {
    return next(after, DstPolicy.RUN_ONCE);
  }

  /**
   * Returns the first run after a time under another policy for times that the clock leaps over.
   *
   * @param after a time that is not itself an answer
   */
  public Optional<ZonedDateTime> next(ZonedDateTime after, DstPolicy dst) {
    ZoneId zone = after.getZone();
    requireNonNull(dst, "dst");
    return at(DstRule.after(ticks, clock(zone), dst, after.toEpochSecond()), zone);
  }

  /**
   * Returns the last run before a time, in the zone of that time; empty if there is none.
   *
   * @param before a time that is not itself an answer
   */
  public Optional<ZonedDateTime> previous(ZonedDateTime before) {
    return previous(before, DstPolicy.RUN_ONCE);
  }

  /**
   * Returns the last run before a time under another policy for times that the clock leaps over.
   *
   * @param before a time that is not itself an answer
   */
  public Optional<ZonedDateTime> previous(ZonedDateTime before, DstPolicy dst) {
    ZoneId zone = before.getZone();
    long latest = before.toEpochSecond() - (before.getNano() == 0 ? 1 : 0);
    requireNonNull(dst, "dst");
    return at(DstRule.upTo(ticks, clock(zone), dst, latest), zone);
  }

  /**
   * Returns the first run after an instant, or {@link Long#MAX_VALUE} if there is none. Allocates
   * nothing, once the zone's rules were read.
   *
   * @param after seconds since 1970-01-01T00:00Z; not itself an answer
   * @param zone whose clock the expression reads
   */
  public long nextEpochSecond(long after, ZoneId zone) {
    return DstRule.after(ticks, clock(zone), DstPolicy.RUN_ONCE, after);
  }

  /**
   * Returns whether the expression runs in the second that starts at or contains a time. A time
   * that a gap leaves out runs at the end of the gap, and a fixed time does not run when it is
   * shown again.
   *
   * @param time fractions of its second are ignored
   */
  public boolean matches(ZonedDateTime time) {
    long second = time.toEpochSecond();
    return nextEpochSecond(second - 1, time.getZone()) == second;
  }

  /**
   * Returns the runs after a time, one after another; without end, unless the runs end.
   *
   * @param after a time that is not itself an answer
   */
  public Stream<ZonedDateTime> stream(ZonedDateTime after) {
    return Stream.iterate(next(after), Optional::isPresent, run -> run.flatMap(this::next))
        .map(Optional::orElseThrow);
  }

  /**
   * Returns the runs of a span, in order and in the zone of its start.
   *
   * @param from the start, included
   * @param to the end, not included
   */
  public Stream<ZonedDateTime> between(ZonedDateTime from, ZonedDateTime to) {
    return stream(from.minusNanos(1)).takeWhile(run -> run.isBefore(to));
  }

  /** Returns whether there is no run at all, as for February 30. */
  public boolean isNever() {
    return ticks.isNever();
  }

  /**
   * Returns the shortest time between two runs on a clock that is never changed; empty if there are
   * not two runs. Takes up to some milliseconds.
   */
  public Optional<Duration> shortestInterval() {
    return CronIntervals.of(fields).map(CronIntervals::shortest);
  }

  /**
   * Returns the longest time between two runs on a clock that is never changed; empty if there are
   * not two runs. Takes up to some milliseconds.
   */
  public Optional<Duration> longestInterval() {
    return CronIntervals.of(fields).map(CronIntervals::longest);
  }

  /** Returns the expression in English, such as {@code at 03:00 every day}. */
  public String describe() {
    return describe(CronWording.english());
  }

  /** Returns the expression in words of another language. */
  public String describe(CronWording wording) {
    return new CronWords(fields, wording).describe();
  }

  private ZoneClock clock(ZoneId zone) {
    ZoneClock known = recent;
    if (known != null && known.isOf(zone)) {
      return known;
    }
    ZoneClock found = ZoneClock.of(zone);
    recent = found;
    return found;
  }

  CronFields fields() {
    return fields;
  }

  LocalTicks ticks() {
    return ticks;
  }

  private static Optional<ZonedDateTime> at(long epochSecond, ZoneId zone) {
    return epochSecond == LocalTicks.NONE
        ? Optional.empty()
        : Optional.of(Instant.ofEpochSecond(epochSecond).atZone(zone));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CronExpression that
        && (fields.equals(that.fields)
            || new CronMeaning(fields).equals(new CronMeaning(that.fields)));
  }

  @Override
  public int hashCode() {
    return new CronMeaning(fields).hashCode();
  }

  /**
   * Returns the expression in the canonical form of its dialect: numbers for names, sorted lists,
   * no macro. Parsing it gives an equal expression.
   */
  @Override
  public String toString() {
    return CronText.of(fields, dialect);
  }
}
