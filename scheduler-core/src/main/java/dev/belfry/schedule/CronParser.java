// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the text of a cron expression once, from left to right. */
final class CronParser {
  /** What a macro stands for, in UNIX. */
  private static final Map<String, String> MACROS =
      Map.of(
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *",
          "@monthly", "0 0 1 * *",
          "@weekly", "0 0 * * 0",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@hourly", "0 * * * *");

  private final String text;
  private final CronDialect dialect;
  private final CronCursor cursor;
  private final CronFaults faults;
  private final CronItems items;

  /** The day field that is {@code ?}, if one is. */
  private @Nullable CronUnit question;

  private boolean starDay;
  private boolean starWeekday;

  private CronParser(String text, CronDialect dialect, @Nullable Spread spread) {
    this.text = text;
    this.dialect = dialect;
    this.cursor = new CronCursor(text);
    this.faults = new CronFaults(text, dialect, spread != null);
    this.items = new CronItems(cursor, dialect, faults, spread);
  }

  /**
   * Reads an expression.
   *
   * @throws CronParseException if the text is none
   */
  static CronFields parse(String text, CronDialect dialect) {
    return new CronParser(text, dialect, null).expression();
  }

  /** Reads an expression of UNIX that may leave values to be chosen by a key, as {@code H}. */
  static CronFields parse(String text, Spread spread) {
    return new CronParser(text, CronDialect.UNIX, spread).expression();
  }

  private CronFields expression() {
    cursor.skipBlanks();
    if (cursor.peek() == '@') {
      return macro();
    }
    int count = cursor.countFields();
    if (count < dialect.fewestFields() || count > dialect.mostFields()) {
      throw faults.fieldCount(count);
    }
    long seconds = dialect.hasSeconds() ? field(CronUnit.SECOND) : 1;
    long minutes = field(CronUnit.MINUTE);
    long hours = field(CronUnit.HOUR);
    long days = dayField(CronUnit.DAY);
    long months = field(CronUnit.MONTH);
    long weekdays = fromSunday(dayField(CronUnit.WEEKDAY));
    CronYears years = count == CronDialect.QUARTZ.mostFields() ? years() : CronYears.ALL;
    if (dialect == CronDialect.QUARTZ && question == null) {
      throw faults.noQuestion(starDay, starWeekday);
    }
    boolean both = dialect != CronDialect.UNIX || starDay || starWeekday;
    return new CronFields(
        new DayTimes(seconds, minutes, (int) hours),
        items.days(days, weekdays, months, years, both),
        items.followsClock());
  }

  private long field(CronUnit unit) {
    cursor.skipBlanks();
    return items.read(unit);
  }

  private CronYears years() {
    cursor.skipBlanks();
    return items.readYears();
  }

  private long dayField(CronUnit unit) {
    cursor.skipBlanks();
    if (dialect.hasLetters() && cursor.peek() == '?' && isAlone(cursor.pos())) {
      if (dialect == CronDialect.QUARTZ && question != null) {
        throw faults.secondQuestion(unit, cursor.pos());
      }
      question = unit;
      cursor.skip();
      return CronText.all(unit.starMin(dialect), unit.starMax(dialect), 1);
    }
    boolean star = cursor.peek() == '*';
    starDay |= star && unit == CronUnit.DAY;
    starWeekday |= star && unit == CronUnit.WEEKDAY;
    return items.read(unit);
  }

  /** Whether the field has one character. */
  private boolean isAlone(int index) {
    return index + 1 == text.length() || CronCursor.isBlank(text.charAt(index + 1));
  }

  /** Returns weekdays as bits 0 to 6, Sunday being 0. */
  private long fromSunday(long weekdays) {
    long shifted = weekdays >> dialect.sunday();
    return (shifted | shifted >> 7) & CronDays.ALL_WEEKDAYS;
  }

  private CronFields macro() {
    int start = cursor.pos();
    cursor.skipField();
    int end = cursor.pos();
    String word = end - start > 9 ? "" : text.substring(start, end).toLowerCase(Locale.ROOT);
    String meant = dialect.hasMacros() ? MACROS.get(word) : null;
    if (meant == null) {
      throw faults.macro(start, end);
    }
    cursor.skipBlanks();
    if (!cursor.isAtEndOfText()) {
      throw faults.afterMacro(cursor.pos());
    }
    return parse(meant, CronDialect.UNIX);
  }
}
