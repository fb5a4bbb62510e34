// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule.oracle;

import static java.time.temporal.TemporalAdjusters.dayOfWeekInMonth;
import static java.time.temporal.TemporalAdjusters.lastDayOfMonth;
import static java.time.temporal.TemporalAdjusters.lastInMonth;

import dev.belfry.schedule.CronDialect;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/** What the two day fields ask of a date. */
final class Days {
  private Days() {}

  static Predicate<LocalDate> read(String days, String weekdays, CronDialect dialect) {
    Predicate<LocalDate> day = any(days, Days::day);
    Predicate<LocalDate> weekday = any(weekdays, item -> weekday(item, dialect));
    boolean either =
        dialect == CronDialect.UNIX && !days.startsWith("*") && !weekdays.startsWith("*");
    return either ? day.or(weekday) : day.and(weekday);
  }

  /** Reads one item of a list, in upper case. */
  private interface Item {
    Predicate<LocalDate> read(String item);
  }

  private static Predicate<LocalDate> any(String field, Item reader) {
    if (field.equals("?")) {
      return date -> true;
    }
    Predicate<LocalDate> any = date -> false;
    for (String item : field.toUpperCase(Locale.ROOT).split(",", -1)) {
      any = any.or(reader.read(item));
    }
    return any;
  }

  private static Predicate<LocalDate> day(String item) {
    if (item.equals("LW")) {
      return date -> date.equals(nearestWeekday(YearMonth.from(date).atEndOfMonth()));
    }
    if (item.equals("L")) {
      return date -> date.equals(date.with(lastDayOfMonth()));
    }
    if (item.startsWith("L-")) {
      boolean nearest = item.endsWith("W");
      int before = Integer.parseInt(item.substring(2, item.length() - (nearest ? 1 : 0)));
      return date -> {
        YearMonth month = YearMonth.from(date);
        int day = month.lengthOfMonth() - before;
        return day >= 1 && date.equals(dayOrNearest(month.atDay(day), nearest));
      };
    }
    if (item.endsWith("W")) {
      int day = Integer.parseInt(item.substring(0, item.length() - 1));
      return date -> {
        YearMonth month = YearMonth.from(date);
        return day <= month.lengthOfMonth() && date.equals(nearestWeekday(month.atDay(day)));
      };
    }
    Set<Integer> days = Numbers.DAYS.item(item);
    return date -> days.contains(date.getDayOfMonth());
  }

  private static LocalDate dayOrNearest(LocalDate date, boolean nearest) {
    return nearest ? nearestWeekday(date) : date;
  }

  /** Returns the day from Monday to Friday that is nearest and in the same month. */
  private static LocalDate nearestWeekday(LocalDate date) {
    boolean first = date.getDayOfMonth() == 1;
    boolean last = date.getDayOfMonth() == date.lengthOfMonth();
    return switch (date.getDayOfWeek()) {
      case SATURDAY -> first ? date.plusDays(2) : date.minusDays(1);
      case SUNDAY -> last ? date.minusDays(2) : date.plusDays(1);
      default -> date;
    };
  }

  private static Predicate<LocalDate> weekday(String item, CronDialect dialect) {
    Numbers numbers = Numbers.weekdays(dialect);
    if (item.equals("L")) {
      return date -> date.getDayOfWeek() == DayOfWeek.SATURDAY;
    }
    if (item.endsWith("L")) {
      DayOfWeek day = dayOfWeek(numbers.read(item.substring(0, item.length() - 1)), dialect);
      return date -> date.equals(date.with(lastInMonth(day)));
    }
    if (item.contains("#")) {
      String[] parts = item.split("#", -1);
      DayOfWeek day = dayOfWeek(numbers.read(parts[0]), dialect);
      int ordinal = Integer.parseInt(parts[1]);
      return date -> date.equals(date.with(dayOfWeekInMonth(ordinal, day)));
    }
    // A range from Sunday starts with 0 in SPRING, although Sunday is 7 everywhere else.
    boolean fromSunday = dialect == CronDialect.SPRING && item.matches("(0*7|SUN)-.*");
    Set<Integer> days = numbers.item(fromSunday ? "0" + item.substring(item.indexOf('-')) : item);
    return date -> days.stream().anyMatch(day -> date.getDayOfWeek() == dayOfWeek(day, dialect));
  }

  private static DayOfWeek dayOfWeek(int number, CronDialect dialect) {
    int fromSunday = dialect == CronDialect.QUARTZ ? number - 1 : number % 7;
    return fromSunday == 0 ? DayOfWeek.SUNDAY : DayOfWeek.of(fromSunday);
  }
}
