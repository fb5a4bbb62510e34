// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A cron expression in the dialect of UNIX: minute, hour, day of month, month, day of week.
 * Immutable and thread-safe.
 *
 * <p>A field is <code>*</code>, a value, a range <code>a-b</code>, a step <code>*&#47;n</code> or
 * <code>a-b/n</code>, or a list of these. Months and weekdays may be written as three letters, in
 * any case; Sunday is 0 or 7. If both day fields are restricted, a day matches if either does; if
 * one of them starts with <code>*</code>, both must match. The macros <code>&#64;yearly</code>,
 * <code>&#64;annually</code>, <code>&#64;monthly</code>, <code>&#64;weekly</code>, <code>
 * &#64;daily</code>, <code>&#64;midnight</code> and <code>&#64;hourly</code> stand for a whole
 * expression.
 *
 * <p><b>When the clock is changed</b>, an expression with a {@code *}, {@code -} or {@code /} in
 * its minute or hour field follows the clock: it runs whenever the clock shows a matching time, so
 * in both passes of a repeated hour, and not for a time that is left out. Any other expression is a
 * fixed time: it runs once for each reading, at the first instant when the clock has reached it.
 * {@code 30 2 * * *} in Berlin runs at 03:00 when the clock leaps from 02:00 to 03:00, and only at
 * the first 02:30 when there are two.
 *
 * <p>An expression that never runs, such as {@code 0 0 30 2 *}, is valid. Runs fall on whole
 * seconds and are found from year -9999 to 9999; outside there are none.
 *
 * <p>Two expressions are equal if they run at the same times in every zone.
 */
public final class CronExpression {
  private final CronFields fields;

  private CronExpression(CronFields fields) {
    this.fields = fields;
  }

  /**
   * Parses an expression of five fields, separated by blanks or tabs, or a macro.
   *
   * @param text such as {@code 30 2 * * MON-FRI}
   * @throws CronParseException if the text is not an expression
   */
  public static CronExpression parse(String text) {
    return new CronExpression(CronParser.parse(requireNonNull(text, "text")));
  }

  /**
   * Returns the first run after a time, in the zone of that time; empty if there is none.
   *
   * @param after a time that is not itself an answer
   */
  public Optional<ZonedDateTime> next(ZonedDateTime after) {
    long next = nextEpochSecond(after.toEpochSecond(), after.getZone());
    return next == LocalTicks.NONE ? Optional.empty() : Optional.of(at(next, after.getZone()));
  }

  /**
   * Returns the last run before a time, in the zone of that time; empty if there is none.
   *
   * @param before a time that is not itself an answer
   */
  public Optional<ZonedDateTime> previous(ZonedDateTime before) {
    long latest = before.toEpochSecond() - (before.getNano() == 0 ? 1 : 0);
    long previous = clock(before.getZone()).atOrBefore(latest);
    return previous == LocalTicks.NONE
        ? Optional.empty()
        : Optional.of(at(previous, before.getZone()));
  }

  /**
   * Returns the first run after an instant, or {@link Long#MAX_VALUE} if there is none.
   *
   * @param after seconds since 1970-01-01T00:00Z; not itself an answer
   * @param zone whose clock the expression reads
   */
  public long nextEpochSecond(long after, ZoneId zone) {
    return clock(zone).after(after);
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

  /** Returns the expression in English, such as {@code at 03:00 every day}. */
  public String describe() {
    return CronWords.describe(fields, "");
  }

  /** The same with a zone: {@code at 03:00 UTC every day}. */
  String describe(ZoneId zone) {
    return CronWords.describe(fields, zone.getId());
  }

  WallClock clock(ZoneId zone, DstPolicy dst) {
    return new WallClock(fields, zone.getRules(), dst);
  }

  private WallClock clock(ZoneId zone) {
    return clock(zone, DstPolicy.RUN_ONCE);
  }

  private static ZonedDateTime at(long epochSecond, ZoneId zone) {
    return Instant.ofEpochSecond(epochSecond).atZone(zone);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CronExpression that && fields.meaning().equals(that.fields.meaning());
  }

  @Override
  public int hashCode() {
    return fields.meaning().hashCode();
  }

  /**
   * Returns the expression in its canonical form: numbers for names, sorted lists, no macro.
   * Parsing it gives an equal expression.
   */
  @Override
  public String toString() {
    return fields.toString();
  }
}
