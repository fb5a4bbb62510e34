// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import java.util.BitSet;
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

  private static final CronUnit[] UNITS = CronUnit.values();

  private final String text;
  private final CronDialect dialect;
  private final CronFaults faults;
  private final @Nullable Spread spread;

  private int pos;
  private CronUnit unit = CronUnit.SECOND;
  private int item; // where the item of the list that is being read starts

  // What has been read
  private long values; // of the field at hand
  private long seconds = 1;
  private long minutes;
  private long hours;
  private long days;
  private long months;
  private long weekdays;
  private int beforeLast;
  private int nearest;
  private int nearestBeforeLast;
  private int lastWeekdays;
  private long nthWeekdays;
  private CronYears years = CronYears.ALL;
  private boolean followsClock;
  private boolean starDay;
  private boolean starWeekday;
  private @Nullable CronUnit question;

  private CronParser(String text, CronDialect dialect, @Nullable Spread spread) {
    this.text = text;
    this.dialect = dialect;
    this.faults = new CronFaults(text, dialect, spread != null);
    this.spread = spread;
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
    skipBlanks();
    if (pos < text.length() && text.charAt(pos) == '@') {
      return macro();
    }
    int count = countFields();
    if (count < dialect.fewestFields() || count > dialect.mostFields()) {
      throw faults.fieldCount(count);
    }
    int first = dialect.hasSeconds() ? 0 : 1;
    for (int i = first; i < first + count; i++) {
      unit = UNITS[i];
      skipBlanks();
      field();
      keep();
    }
    if (dialect == CronDialect.QUARTZ && question == null) {
      throw faults.noQuestion(starDay, starWeekday);
    }
    return fields();
  }

  private CronFields fields() {
    int sundayLast = (int) (weekdays >> 7 & 1);
    var read =
        new CronDays(
            (int) days,
            beforeLast,
            nearest,
            nearestBeforeLast,
            (int) weekdays & 0x7f | sundayLast,
            lastWeekdays,
            nthWeekdays,
            (int) months,
            years,
            dialect != CronDialect.UNIX || starDay || starWeekday);
    return new CronFields(new DayTimes(seconds, minutes, (int) hours), read, followsClock);
  }

  private CronFields macro() {
    int start = pos;
    skipField();
    int end = pos;
    String word = end - start > 9 ? "" : text.substring(start, end).toLowerCase(Locale.ROOT);
    String meant = dialect.hasMacros() ? MACROS.get(word) : null;
    if (meant == null) {
      throw faults.macro(start, end);
    }
    skipBlanks();
    if (pos < text.length()) {
      throw faults.afterMacro(pos);
    }
    return parse(meant, CronDialect.UNIX);
  }

  private int countFields() {
    int count = 0;
    boolean gap = true;
    for (int i = pos; i < text.length(); i++) {
      boolean blank = isBlank(text.charAt(i));
      if (gap && !blank) {
        count++;
      }
      gap = blank;
    }
    return count;
  }

  static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  private void skipBlanks() {
    while (pos < text.length() && isBlank(text.charAt(pos))) {
      pos++;
    }
  }

  private void skipField() {
    while (pos < text.length() && !isBlank(text.charAt(pos))) {
      pos++;
    }
  }

  // Fields

  private void field() {
    values = 0;
    char first = text.charAt(pos);
    if (unit == CronUnit.YEAR) {
      yearField();
    } else if (first == '?' && dialect.hasLetters() && unit.isDay() && endsAt(pos + 1)) {
      question();
    } else {
      boolean star = first == '*';
      starDay |= star && unit == CronUnit.DAY;
      starWeekday |= star && unit == CronUnit.WEEKDAY;
      item();
      while (pos < text.length() && text.charAt(pos) == ',') {
        pos++;
        item();
      }
      if (!endsAt(pos)) {
        throw faults.notUnderstood(unit, item);
      }
    }
  }

  private void question() {
    if (dialect == CronDialect.QUARTZ && question != null) {
      throw faults.secondQuestion(unit, pos);
    }
    question = unit;
    values = all(unit.starMin(dialect), unit.starMax(dialect), 1);
    pos++;
  }

  /** Stores the values of the field that was just read. */
  private void keep() {
    switch (unit) {
      case SECOND -> seconds = values;
      case MINUTE -> minutes = values;
      case HOUR -> hours = values;
      case DAY -> days = values;
      case MONTH -> months = values;
      case WEEKDAY -> weekdays = values >> dialect.sunday();
      default -> {} // years are kept as they are read
    }
  }

  private boolean endsAt(int index) {
    return index >= text.length() || isBlank(text.charAt(index));
  }

  private char at(int index) {
    return index < text.length() ? text.charAt(index) : ' ';
  }

  // Items of a list

  private void item() {
    item = pos;
    char c = at(pos);
    if (c == '*') {
      pos++;
      follow();
      range(unit.starMin(dialect), unit.starMax(dialect));
    } else if (spread != null && isLetter(c, 'H')) {
      chosen(spread);
    } else if (dialect.hasLetters() && isLetter(c, 'L') && unit.isDay()) {
      last();
    } else {
      valueOrRange();
    }
  }

  private void valueOrRange() {
    int first = value();
    char next = at(pos);
    if (next == '-') {
      pos++;
      follow();
      int last = value();
      range(first, last);
    } else if (next == '/') {
      if (!dialect.hasLetters()) {
        throw faults.stepAfterValue(unit, item, first);
      }
      follow();
      range(first, unit.max());
    } else if (dialect.hasLetters() && unit == CronUnit.DAY && isLetter(next, 'W')) {
      pos++;
      nearest |= 1 << first;
    } else if (dialect.hasLetters() && unit == CronUnit.WEEKDAY && isLetter(next, 'L')) {
      pos++;
      lastWeekdays |= 1 << weekday(first);
    } else if (dialect.hasLetters() && unit == CronUnit.WEEKDAY && next == '#') {
      pos++;
      int nth = number(1, 5, "number of a weekday");
      nthWeekdays |= 1L << weekday(first) + 7 * (nth - 1);
    } else {
      values |= 1L << first;
    }
  }

  /** The weekday as bit, Sunday being 0. */
  private int weekday(int value) {
    return (value - dialect.sunday()) % 7;
  }

  private void follow() {
    followsClock |= unit.isTime();
  }

  /** Reads the step, if there is one, and adds the values; both ends belong to the range. */
  private void range(int first, int last) {
    int step = 1;
    if (at(pos) == '/') {
      pos++;
      step = step();
    }
    int from = first;
    if (first > last) {
      if (dialect == CronDialect.QUARTZ) {
        addWrapped(first, last, step);
        return;
      }
      if (dialect == CronDialect.SPRING && unit == CronUnit.WEEKDAY && first == 7) {
        from = 0;
      } else {
        throw faults.reversed(unit, item, first, last);
      }
    }
    values |= all(from, last, step);
  }

  /** Goes on at the least value after the greatest. */
  private void addWrapped(int first, int last, int step) {
    int min = unit.min(dialect);
    int size = unit.max() - min + 1;
    for (int value = first; value <= last + size; value += step) {
      values |= 1L << (value - min) % size + min;
    }
  }

  private static long all(int first, int last, int step) {
    if (step == 1) {
      return (2L << last) - (1L << first);
    }
    long values = 0;
    for (int value = first; value <= last; value += step) {
      values |= 1L << value;
    }
    return values;
  }

  /** {@code L}, {@code L-n}, {@code LW}, {@code L-nW}. */
  private void last() {
    pos++;
    if (unit == CronUnit.WEEKDAY) {
      if (dialect != CronDialect.QUARTZ) {
        throw faults.notUnderstood(unit, item);
      }
      values |= 1L << 7;
      return;
    }
    int before = 0;
    if (at(pos) == '-') {
      pos++;
      before = number(0, 30, "distance from the last day");
    }
    if (isLetter(at(pos), 'W') && (before == 0 || dialect == CronDialect.QUARTZ)) {
      pos++;
      nearestBeforeLast |= 1 << before;
    } else {
      beforeLast |= 1 << before;
    }
  }

  private static boolean isLetter(char c, char upper) {
    return (c & ~0x20) == upper;
  }

  /** {@code H}, {@code H/n}, {@code H(a-b)}, {@code H(a-b)/n}: values that a key chooses. */
  private void chosen(Spread by) {
    pos++;
    int first = unit.starMin(dialect);
    int last = unit == CronUnit.DAY ? Spread.LAST_DAY : unit.starMax(dialect);
    if (at(pos) == '(') {
      pos++;
      first = value();
      expect('-');
      last = value();
      expect(')');
      if (first > last) {
        throw faults.reversed(unit, item, first, last);
      }
    }
    if (at(pos) == '/') {
      pos++;
      follow();
      int step = step();
      int start = first + by.choose(unit, Math.min(step, last - first + 1));
      values |= all(start, last, step);
    } else {
      values |= 1L << first + by.choose(unit, last - first + 1);
    }
  }

  private void expect(char c) {
    if (at(pos) != c) {
      throw faults.notUnderstood(unit, item);
    }
    pos++;
  }

  // Numbers and names

  private int value() {
    int start = pos;
    int value = digits();
    if (value < 0 && unit.hasNames()) {
      value = unit.named(text, pos, dialect);
      if (value >= 0) {
        pos += 3;
        return value;
      }
    }
    if (value < 0) {
      throw faults.notUnderstood(unit, item);
    }
    if (value < unit.min(dialect) || value > unit.max()) {
      throw faults.outOfRange(unit, start, pos);
    }
    return value;
  }

  private int step() {
    int start = pos;
    int step = digits();
    if (step < 0) {
      throw faults.notUnderstood(unit, item);
    }
    if (step < 1 || step > unit.max()) {
      throw faults.step(unit, start, pos);
    }
    return step;
  }

  private int number(int min, int max, String name) {
    int start = pos;
    int number = digits();
    if (number < 0) {
      throw faults.notUnderstood(unit, item);
    }
    if (number < min || number > max) {
      throw faults.number(unit, start, pos, name, min, max);
    }
    return number;
  }

  /** Reads a number, -1 if there is none; anything above 9999 counts as 9999. */
  private int digits() {
    int start = pos;
    int number = 0;
    while (pos < text.length()) {
      int digit = text.charAt(pos) - '0';
      if (digit < 0 || digit > 9) {
        break;
      }
      number = Math.min(number * 10 + digit, 9_999);
      pos++;
    }
    return pos == start ? -1 : number;
  }

  // Years don't fit into the bits of a long

  private void yearField() {
    BitSet read = new BitSet();
    yearItem(read);
    while (at(pos) == ',') {
      pos++;
      yearItem(read);
    }
    if (!endsAt(pos)) {
      throw faults.notUnderstood(unit, item);
    }
    years = CronYears.of(read);
  }

  private void yearItem(BitSet read) {
    item = pos;
    int first = CronYears.FIRST;
    int last = CronYears.LAST;
    if (at(pos) == '*') {
      pos++;
    } else {
      first = value();
      if (at(pos) == '-') {
        pos++;
        last = value();
      } else if (at(pos) != '/') {
        last = first;
      }
    }
    if (first > last) {
      throw faults.reversed(unit, item, first, last);
    }
    int step = 1;
    if (at(pos) == '/') {
      pos++;
      step = number(1, CronYears.LAST - CronYears.FIRST, "step");
    }
    for (int year = first; year <= last; year += step) {
      read.set(year - CronYears.FIRST);
    }
  }
}
