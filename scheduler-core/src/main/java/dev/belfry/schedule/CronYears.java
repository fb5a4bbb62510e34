// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import java.util.ArrayList;
import java.util.BitSet;

/** The years of an expression: all of them, or some from 1970 to 2199. Immutable. */
final class CronYears {
  static final int FIRST = 1970;
  static final int LAST = 2199;

  /** Answers that no year follows or precedes. */
  static final int NONE = Integer.MAX_VALUE;

  static final CronYears ALL = new CronYears(new BitSet());

  /** Bit 0 is {@link #FIRST}; empty stands for every year there is. */
  private final BitSet years;

  private CronYears(BitSet years) {
    this.years = years;
  }

  /** Takes the set over. All years of the field together are no restriction. */
  static CronYears of(BitSet years) {
    return years.cardinality() == LAST - FIRST + 1 ? ALL : new CronYears(years);
  }

  boolean isAll() {
    return years.isEmpty();
  }

  /** Returns the first year from the given one on, or {@link #NONE}. */
  int from(int year) {
    if (isAll()) {
      return year;
    }
    int index = years.nextSetBit(Math.max(year - FIRST, 0));
    return index < 0 ? NONE : index + FIRST;
  }

  /** Returns the last year up to the given one, or {@link #NONE}. */
  int upTo(int year) {
    if (isAll()) {
      return year;
    }
    int index = year < FIRST ? -1 : years.previousSetBit(Math.min(year, LAST) - FIRST);
    return index < 0 ? NONE : index + FIRST;
  }

  /** Such as {@code 2026-2028,2030}. */
  @Override
  public String toString() {
    var items = new ArrayList<String>();
    for (int year = from(FIRST); year != NONE; year = from(year)) {
      int last = years.nextClearBit(year - FIRST) + FIRST - 1;
      if (last >= year + 2) {
        items.add(year + "-" + last);
        year = last + 1;
      } else {
        items.add(Integer.toString(year));
        year++;
      }
    }
    return String.join(",", items);
  }
}
