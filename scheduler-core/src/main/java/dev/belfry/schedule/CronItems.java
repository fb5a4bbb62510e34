// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Reads the fields of an expression, item by item of their lists, and keeps what they say. */
final class CronItems {
  private final CronCursor cursor;
  private final CronDialect dialect;
  private final CronFaults faults;
  private final @Nullable Spread spread;

  private CronUnit unit = CronUnit.SECOND;
  private int start; // of the item that is being read
  private long values; // of the field that is being read

  // What the letters of the day fields say; see CronDays
  private int beforeLast;
  private int nearest;
  private int nearestBeforeLast;
  private int lastWeekdays;
  private long nthWeekdays;
  private boolean followsClock;

  CronItems(CronCursor cursor, CronDialect dialect, CronFaults faults, @Nullable Spread spread) {
    this.cursor = cursor;
    this.dialect = dialect;
    this.faults = faults;
    this.spread = spread;
  }

  /** Reads a field; returns its values as bits. */
  long read(CronUnit field) {
    unit = field;
    values = 0;
    do {
      start = cursor.pos();
      item();
    } while (cursor.take(','));
    requireEnd();
    return values;
  }

  private void requireEnd() {
    if (!cursor.isAtEndOfField()) {
      throw faults.notUnderstood(unit, start);
    }
  }

  /** Returns the day fields, given the plain values among them. */
  CronDays days(long days, long weekdays, long months, CronYears years, boolean both) {
    return new CronDays(
        (int) days,
        beforeLast,
        nearest,
        nearestBeforeLast,
        (int) weekdays,
        lastWeekdays,
        nthWeekdays,
        (int) months,
        years,
        both);
  }

  /** Whether a field of the time had a star, a range or a step. */
  boolean followsClock() {
    return followsClock;
  }

  // Items

  private void item() {
    if (cursor.take('*')) {
      follow();
      range(unit.starMin(dialect), unit.starMax(dialect));
    } else if (spread != null && cursor.takeLetter('H')) {
      chosen(spread);
    } else if (dialect.hasLetters() && unit.isDay() && cursor.takeLetter('L')) {
      last();
    } else {
      startingWith(value());
    }
  }

  private void startingWith(int first) {
    if (cursor.take('-')) {
      follow();
      range(first, value());
    } else if (cursor.peek() == '/') {
      if (!dialect.hasLetters()) {
        throw faults.stepAfterValue(unit, start, first);
      }
      follow();
      range(first, unit.max());
    } else if (!dialect.hasLetters() || !withLetter(first)) {
      values |= 1L << first;
    }
  }

  /** {@code nW}, {@code dL}, {@code d#n}. */
  private boolean withLetter(int value) {
    if (unit == CronUnit.DAY && cursor.takeLetter('W')) {
      nearest |= 1 << value;
      return true;
    }
    if (unit == CronUnit.WEEKDAY && cursor.takeLetter('L')) {
      lastWeekdays |= 1 << weekday(value);
      return true;
    }
    if (unit == CronUnit.WEEKDAY && cursor.take('#')) {
      int nth = number(1, 5, "number of a weekday");
      nthWeekdays |= 1L << (weekday(value) + 7 * (nth - 1));
      return true;
    }
    return false;
  }

  /** The weekday as a bit, Sunday being 0. */
  private int weekday(int value) {
    return (value - dialect.sunday()) % 7;
  }

  /** {@code L}, {@code L-n}, {@code LW}, {@code L-nW}. */
  private void last() {
    if (unit == CronUnit.WEEKDAY) {
      if (dialect != CronDialect.QUARTZ) {
        throw faults.notUnderstood(unit, start);
      }
      values |= 1L << unit.max();
      return;
    }
    int before = cursor.take('-') ? number(0, 30, "distance from the last day") : 0;
    if ((before == 0 || dialect == CronDialect.QUARTZ) && cursor.takeLetter('W')) {
      nearestBeforeLast |= 1 << before;
    } else {
      beforeLast |= 1 << before;
    }
  }

  /** {@code H}, {@code H/n}, {@code H(a-b)}, {@code H(a-b)/n}: values that a key chooses. */
  private void chosen(Spread by) {
    int first = unit.starMin(dialect);
    int last = unit == CronUnit.DAY ? Spread.LAST_DAY : unit.starMax(dialect);
    if (cursor.take('(')) {
      first = value();
      expect('-');
      last = value();
      expect(')');
      if (first > last) {
        throw faults.reversedChoice(unit, start, first, last);
      }
    }
    int size = last - first + 1;
    if (cursor.take('/')) {
      follow();
      int step = step();
      values |= CronText.all(first + by.choose(unit, Math.min(step, size)), last, step);
    } else {
      values |= 1L << (first + by.choose(unit, size));
    }
  }

  private void expect(char c) {
    if (!cursor.take(c)) {
      throw faults.notUnderstood(unit, start);
    }
  }

  private void follow() {
    followsClock |= unit.isTime();
  }

  // Ranges

  /** Adds the values of a range, both ends included; reads its step, if there is one. */
  private void range(int first, int last) {
    int step = cursor.take('/') ? step() : 1;
    if (first <= last) {
      values |= step == 1 ? (2L << last) - (1L << first) : CronText.all(first, last, step);
    } else if (dialect == CronDialect.QUARTZ) {
      values |= wrapped(first, last, step);
    } else if (dialect == CronDialect.SPRING && unit == CronUnit.WEEKDAY && first == unit.max()) {
      values |= CronText.all(0, last, step); // starts on Sunday, which has two numbers
    } else {
      throw faults.reversed(unit, start, first, last);
    }
  }

  /** Goes on at the least value after the greatest. */
  private long wrapped(int first, int last, int step) {
    int min = unit.min(dialect);
    int size = unit.max() - min + 1;
    long wrapped = 0;
    for (int value = first; value <= last + size; value += step) {
      wrapped |= 1L << ((value - min) % size + min);
    }
    return wrapped;
  }

  // Numbers and names

  private int value() {
    int from = cursor.pos();
    int value = cursor.number();
    if (value < 0) {
      value = cursor.name(unit, dialect);
    }
    if (value < 0) {
      throw faults.notUnderstood(unit, start);
    }
    if (value < unit.min(dialect) || value > unit.max()) {
      throw faults.outOfRange(unit, from, cursor.pos());
    }
    return value;
  }

  private int step() {
    int from = cursor.pos();
    int step = cursor.number();
    if (step < 0) {
      throw faults.notUnderstood(unit, start);
    }
    if (step < 1 || step > unit.max()) {
      throw faults.step(unit, from, cursor.pos());
    }
    return step;
  }

  private int number(int min, int max, String name) {
    int from = cursor.pos();
    int number = cursor.number();
    if (number < 0) {
      throw faults.notUnderstood(unit, start);
    }
    if (number < min || number > max) {
      throw faults.number(unit, from, cursor.pos(), name, min, max);
    }
    return number;
  }

  // Years, which don't fit into the bits of a long

  CronYears readYears() {
    unit = CronUnit.YEAR;
    BitSet years = new BitSet();
    do {
      start = cursor.pos();
      years(years);
    } while (cursor.take(','));
    requireEnd();
    return CronYears.of(years);
  }

  private void years(BitSet years) {
    int first = CronYears.FIRST;
    int last = CronYears.LAST;
    if (!cursor.take('*')) {
      first = value();
      if (cursor.take('-')) {
        last = value();
      } else if (cursor.peek() != '/') {
        last = first;
      }
    }
    if (first > last) {
      throw faults.reversed(unit, start, first, last);
    }
    int step = cursor.take('/') ? number(1, CronYears.LAST - CronYears.FIRST, "step") : 1;
    for (int year = first; year <= last; year += step) {
      years.set(year - CronYears.FIRST);
    }
  }
}
