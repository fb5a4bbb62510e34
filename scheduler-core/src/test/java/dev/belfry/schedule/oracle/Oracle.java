// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule.oracle;

import dev.belfry.schedule.CronDialect;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A valid expression as sets of numbers and a question to a date. It refuses nothing and is quick
 * at nothing; what it says follows from the rules of the dialects alone.
 */
public final class Oracle {
  private static final Map<String, String> MACROS =
      Map.of(
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *",
          "@monthly", "0 0 1 * *",
          "@weekly", "0 0 * * 0",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@hourly", "0 * * * *");

  private final Set<Integer> seconds;
  private final Set<Integer> minutes;
  private final Set<Integer> hours;
  private final Set<Integer> months;
  private final Predicate<LocalDate> day;
  private final Predicate<LocalDate> year;
  private final boolean everyYear;
  private final boolean interval;

  private Oracle(String[] fields, CronDialect dialect) {
    seconds = Numbers.SECONDS.all(fields[0]);
    minutes = Numbers.MINUTES.all(fields[1]);
    hours = Numbers.HOURS.all(fields[2]);
    months = Numbers.MONTHS.all(fields[4]);
    day = Days.read(fields[3], fields[5], dialect);
    everyYear = fields.length < 7 || fields[6].equals("*");
    year = everyYear ? date -> true : year(fields[6]);
    interval = (fields[0] + fields[1] + fields[2]).matches(".*[-*/].*");
  }

  /** Reads an expression that is known to be valid. */
  public static Oracle read(String text, CronDialect dialect) {
    String plain = MACROS.getOrDefault(text.toLowerCase(Locale.ROOT), text);
    boolean seconds = dialect != CronDialect.UNIX && plain.equals(text);
    return new Oracle((seconds ? plain : "0 " + plain).split("[ \t]+", -1), dialect);
  }

  private static Predicate<LocalDate> year(String field) {
    Set<Integer> years = Numbers.YEARS.all(field);
    return date -> years.contains(date.getYear());
  }

  /** Returns whether the expression follows the clock, instead of naming times of the day. */
  public boolean interval() {
    return interval;
  }

  /** Returns whether a clock that shows this fits the expression. */
  public boolean matches(LocalDateTime reading) {
    return matches(reading.toLocalDate())
        && hours.contains(reading.getHour())
        && minutes.contains(reading.getMinute())
        && seconds.contains(reading.getSecond());
  }

  /** Returns whether any time of the date fits. */
  public boolean matches(LocalDate date) {
    return months.contains(date.getMonthValue()) && year.test(date) && day.test(date);
  }

  /** Returns whether another expression has the same runs on each of some dates. */
  public boolean agrees(Oracle other, LocalDate from, LocalDate to) {
    return seconds.equals(other.seconds)
        && minutes.equals(other.minutes)
        && hours.equals(other.hours)
        && interval == other.interval
        && from.datesUntil(to).allMatch(date -> matches(date) == other.matches(date));
  }

  boolean everyYear() {
    return everyYear;
  }

  /** Returns for each minute of a day whether any second of it fits, were the date right. */
  boolean[] minutes() {
    boolean[] matching = new boolean[24 * 60];
    for (int hour : hours) {
      for (int minute : minutes) {
        matching[60 * hour + minute] = true;
      }
    }
    return matching;
  }

  /** Returns the seconds that fit in each minute that does, ascending. */
  int[] seconds() {
    return seconds.stream().mapToInt(second -> second).sorted().toArray();
  }
}
