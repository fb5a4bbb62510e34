// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import java.util.Locale;

/** Numbers as people read them. */
final class Numbers {
  private Numbers() {}

  /** Returns a number with a thin space between thousands. */
  static String of(long number) {
    return String.format(Locale.ROOT, "%,d", number).replace(',', '\u202f');
  }

  /** Returns a share, with one decimal where that says something. */
  static String percent(double share) {
    double percent = 100 * share;
    boolean whole = percent == Math.rint(percent);
    // 99.96 % is not 100 %: what is not whole is never rounded to it
    return whole
        ? String.format(Locale.ROOT, "%.0f %%", percent)
        : String.format(Locale.ROOT, "%.1f %%", Math.max(0.1, Math.min(99.9, percent)));
  }

  /** Returns a number with its noun. */
  static String count(long number, String one, String many) {
    return of(number) + " " + (number == 1 ? one : many);
  }
}
