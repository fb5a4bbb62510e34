// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule.oracle;

import dev.belfry.schedule.CronDialect;
import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes valid expressions, the hard ones more often than they are met: their days and times lie
 * near a given reading, and every part of the syntax is used that a dialect has.
 */
public final class Expressions {
  private final SplittableRandom random;

  public Expressions(SplittableRandom random) {
    this.random = random;
  }

  public String next(CronDialect dialect, LocalDateTime near) {
    if (dialect != CronDialect.QUARTZ && oneIn(50)) {
      return cased(pick("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@hourly"));
    }
    boolean fixed = oneIn(2);
    StringBuilder text = new StringBuilder();
    if (dialect != CronDialect.UNIX) {
      add(text, seconds(new Field(dialect, 0, 59, 30), fixed));
    }
    add(text, minutes(new Field(dialect, 0, 59, near.getMinute()), fixed));
    add(text, hours(new Field(dialect, 0, 23, near.getHour()), fixed));
    addDates(text, dialect, near);
    return text.toString();
  }

  /** Returns an expression that runs at midnight. */
  public String midnight(CronDialect dialect, LocalDateTime near) {
    StringBuilder text = new StringBuilder(dialect == CronDialect.UNIX ? "0 0" : "0 0 0");
    addDates(text, dialect, near);
    return text.toString();
  }

  private void addDates(StringBuilder text, CronDialect dialect, LocalDateTime near) {
    String days = days(dialect, near);
    String weekdays = weekdays(dialect, near.getDayOfWeek());
    boolean byDay = oneIn(2);
    boolean quartz = dialect == CronDialect.QUARTZ;
    add(text, quartz && !byDay ? "?" : days);
    add(text, months(dialect, near));
    add(text, quartz && byDay ? "?" : weekdays);
    if (quartz && oneIn(2)) {
      add(text, years(near));
    }
  }

  private void add(StringBuilder text, String field) {
    if (text.length() > 0) {
      text.append(oneIn(30) ? pick("  ", "\t", " \t ") : " ");
    }
    text.append(field);
  }

  private String seconds(Field field, boolean fixed) {
    if (oneIn(2)) {
      return pick("0", "0", "0", "0", "30", "0,30", "59");
    }
    return fixed ? field.values() : oneIn(4) ? "*" : field.list();
  }

  private String minutes(Field field, boolean fixed) {
    if (oneIn(2)) {
      return fixed ? pick("0", "0", "15", "30", "59", "0,30") : pick("0", "*/15", "*");
    }
    return fixed ? field.values() : field.list();
  }

  private String hours(Field field, boolean fixed) {
    return fixed ? field.values() : oneIn(4) ? "*" : field.list();
  }

  private String months(CronDialect dialect, LocalDateTime near) {
    Field field = new Field(dialect, 1, 12, near.getMonthValue());
    return oneIn(2) ? "*" : field.named(Numbers.MONTHS).list();
  }

  /** Ranges of years do not wrap, so they are those of a dialect whose ranges never do. */
  private String years(LocalDateTime near) {
    return oneIn(3) ? "*" : new Field(CronDialect.SPRING, 1970, 2199, near.getYear()).list();
  }

  private String days(CronDialect dialect, LocalDateTime near) {
    Field days = new Field(dialect, 1, 31, near.getDayOfMonth());
    if (oneIn(2)) {
      return dialect == CronDialect.SPRING && oneIn(3) ? "?" : "*";
    }
    if (dialect == CronDialect.UNIX || oneIn(2)) {
      return days.list();
    }
    int before = near.toLocalDate().lengthOfMonth() - near.getDayOfMonth();
    Field fromLast = new Field(dialect, 0, 30, before);
    return list(
        () ->
            switch (random.nextInt(dialect == CronDialect.QUARTZ ? 6 : 5)) {
              case 0 -> cased("L");
              case 1 -> cased("LW");
              case 2 -> cased("L-" + fromLast.value());
              case 3 -> cased((oneIn(2) ? pick("1", "2", "30", "31") : days.value()) + "W");
              case 4 -> days.item();
              default -> cased("L-" + fromLast.value() + "W");
            });
  }

  private String weekdays(CronDialect dialect, DayOfWeek near) {
    int first = dialect == CronDialect.QUARTZ ? 1 : 0;
    int today = near.getValue() % 7 + first;
    Field field = new Field(dialect, first, 7, today).named(Numbers.weekdays(dialect));
    if (oneIn(2)) {
      return dialect == CronDialect.SPRING && oneIn(3) ? "?" : "*";
    }
    if (dialect == CronDialect.UNIX || oneIn(2)) {
      return field.list();
    }
    return list(
        () ->
            switch (random.nextInt(dialect == CronDialect.QUARTZ ? 7 : 6)) {
              case 0, 1 -> cased(field.value() + "L");
              case 2, 3 -> field.value() + "#" + (1 + random.nextInt(5));
              case 4, 5 -> field.item();
              default -> cased("L");
            });
  }

  private String list(Supplier<String> item) {
    int items = oneIn(3) ? 2 + random.nextInt(3) : 1;
    return Stream.generate(item).limit(items).collect(Collectors.joining(","));
  }

  /** Any case will do for names, letters and macros. */
  private String cased(String word) {
    return oneIn(3) ? word.toLowerCase(Locale.ROOT) : word;
  }

  private String pick(String... words) {
    return words[random.nextInt(words.length)];
  }

  private boolean oneIn(int times) {
    return random.nextInt(times) == 0;
  }

  /** The plain numbers, ranges and steps of a field, with one number that is wanted often. */
  private final class Field {
    private final CronDialect dialect;
    private final int min;
    private final int max;
    private final int near;
    private final Numbers names;

    Field(CronDialect dialect, int min, int max, int near) {
      this(dialect, min, max, near, Numbers.HOURS);
    }

    private Field(CronDialect dialect, int min, int max, int near, Numbers names) {
      this.dialect = dialect;
      this.min = min;
      this.max = max;
      this.near = near;
      this.names = names;
    }

    Field named(Numbers names) {
      return new Field(dialect, min, max, near, names);
    }

    String list() {
      return Expressions.this.list(this::item);
    }

    /** Returns a list without a character that would make the expression an interval. */
    String values() {
      return Expressions.this.list(this::value);
    }

    String value() {
      return word(number());
    }

    String item() {
      return switch (random.nextInt(10)) {
        case 0 -> oneIn(4) ? "*" : "*/" + step();
        case 1 -> dialect == CronDialect.UNIX ? value() : value() + "/" + step();
        case 2, 3 -> range();
        case 4 -> range() + "/" + step();
        default -> value();
      };
    }

    private String range() {
      int one = number();
      int other = number();
      // From Sunday to Sunday is a day to the library and a week to Spring.
      if (startsWithSunday(one) && other == 7) {
        return word(one);
      }
      boolean anyOrder = dialect == CronDialect.QUARTZ || startsWithSunday(one);
      return anyOrder || one <= other
          ? word(one) + "-" + word(other)
          : word(other) + "-" + word(one);
    }

    /** In SPRING a range may start with 7, which is then 0. */
    private boolean startsWithSunday(int number) {
      return dialect == CronDialect.SPRING && names.max() == 7 && number == 7;
    }

    private int number() {
      int close = near - 1 + random.nextInt(3);
      boolean any = oneIn(3) || close < min || close > max;
      return any ? min + random.nextInt(max - min + 1) : close;
    }

    private int step() {
      int most = Math.min(max, 59);
      return 1 + random.nextInt(oneIn(2) ? Math.min(most, 5) : most);
    }

    private String word(int number) {
      int index = number - names.firstName();
      if (index >= 0 && index < names.names().size() && oneIn(2)) {
        return cased(names.names().get(index));
      }
      return oneIn(30) ? "0" + number : Integer.toString(number);
    }
  }
}
