// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** When an expression runs, however it is written. Equal for expressions that run alike. */
final class CronMeaning {
  /*
   * A month is told apart by its number, its length and the weekday of its first: 13 lengths (two for
   * February) of 7 weekdays each. All of them occur in the 400 years of the calendar, so two
   * expressions that are not tied to years run alike if and only if they have the same days in each.
   * With years, only the months of those years count, and only the years that have a day.
   */
  private static final int SHAPES = 13 * 7;

  private final @Nullable DayTimes times;
  private final boolean followsClock;
  private final int[] days = new int[SHAPES];
  private final BitSet years = new BitSet();

  CronMeaning(CronFields fields) {
    CronDays of = fields.days();
    boolean never = of.isNever();
    this.times = never ? null : fields.times();
    this.followsClock = !never && fields.followsClock();
    if (!never && of.years().isAll()) {
      for (int month = 1; month <= 12; month++) {
        for (int first = 0; first < 7; first++) {
          add(of, month, Civil.lengthOf(2001, month), first);
          add(of, month, Civil.lengthOf(2000, month), first);
        }
      }
    } else if (!never) {
      addYears(of);
    }
  }

  private void addYears(CronDays of) {
    for (int year = of.years().from(CronYears.FIRST);
        year != CronYears.NONE;
        year = of.years().from(year + 1)) {
      for (int month = 1; month <= 12; month++) {
        int first = Civil.weekday(Civil.firstOf(year, month));
        if (add(of, month, Civil.lengthOf(year, month), first) != 0) {
          years.set(year);
        }
      }
    }
  }

  private int add(CronDays of, int month, int length, int first) {
    int bits = (of.months() & 1 << month) == 0 ? 0 : of.of(first, length);
    days[((length == 29 ? 13 : month) - 1) * 7 + first] = bits;
    return bits;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CronMeaning that
        && followsClock == that.followsClock
        && (times == null ? that.times == null : times.equals(that.times))
        && Arrays.equals(days, that.days)
        && years.equals(that.years);
  }

  @Override
  public int hashCode() {
    return (times == null ? 0 : times.hashCode()) * 31 + Arrays.hashCode(days);
  }
}
