// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

/**
 * The languages in which a cron expression may be written. They differ in more than their number of
 * fields: the same text can mean other days.
 *
 * <p>Common to all: fields are separated by blanks or tabs. A field is <code>*</code>, a value, a
 * range {@code a-b}, a step <code>*&#47;n</code> or {@code a-b/n}, or a list of these. Months and
 * weekdays may be named by three letters. Letters may be in any case.
 */
public enum CronDialect {
  /**
   * As in crontab(5): minute, hour, day of month, month, day of week.
   *
   * <p>Sunday is 0 or 7. If both day fields are restricted, a day matches if either does; if one of
   * them starts with <code>*</code>, both must. The macros {@code @yearly}, {@code @annually},
   * {@code @monthly}, {@code @weekly}, {@code @daily}, {@code @midnight} and {@code @hourly} stand
   * for a whole expression.
   */
  UNIX(5, 5),

  /**
   * As Spring's {@code CronExpression}: second, minute, hour, day of month, month, day of week.
   *
   * <p>Both day fields must match. Sunday is 0 or 7, and <code>*&#47;2</code> as day of week counts
   * from Monday. {@code a/n} counts from a to the end of the field, {@code ?} in a day field is
   * <code>*</code>. Days of the month may be {@code L} (the last), {@code L-n} (n days before it),
   * {@code LW} (the last from Monday to Friday), {@code nW} (the one from Monday to Friday that is
   * nearest to day n, in the same month); days of the week {@code dL} (the last d of the month) and
   * {@code d#n} (the n-th). Macros as in {@link #UNIX}.
   */
  SPRING(6, 6),

  /**
   * As Quartz: second, minute, hour, day of month, month, day of week and, if given, year (1970 to
   * 2199).
   *
   * <p>Exactly one of the day fields is {@code ?}. Sunday is 1. Ranges wrap, as in {@code 22-2}.
   * {@code a/n} and the letters are as in {@link #SPRING}; beside them {@code L-nW} is the day from
   * Monday to Friday nearest to {@code L-n}, and {@code L} alone as day of week is Saturday. There
   * are no macros.
   */
  QUARTZ(6, 7);

  private final int fewestFields;
  private final int mostFields;

  CronDialect(int fewestFields, int mostFields) {
    this.fewestFields = fewestFields;
    this.mostFields = mostFields;
  }

  int fewestFields() {
    return fewestFields;
  }

  int mostFields() {
    return mostFields;
  }

  boolean hasSeconds() {
    return this != UNIX;
  }

  /** Whether there are {@code a/n}, {@code ?}, {@code L}, {@code W} and {@code #}. */
  boolean hasLetters() {
    return this != UNIX;
  }

  boolean hasMacros() {
    return this != QUARTZ;
  }

  /** The number of Sunday as the first day of the week; 7 is a second name for 0. */
  int sunday() {
    return this == QUARTZ ? 1 : 0;
  }
}
