// SPDX-License-Identifier: Apache-2.0

package dev.belfry.benchmarks.databases;

import java.util.Locale;

/**
 * A column of a table.
 *
 * @param measure the name under which values are recorded
 * @param title the heading, with the unit
 * @param digits how many digits are shown behind the point
 * @param spread whether the least and the greatest value are shown beside the median
 */
record Column(String measure, String title, int digits, boolean spread) {
  static Column of(String measure, String title, int digits) {
    return new Column(measure, title, digits, false);
  }

  Column withSpread() {
    return new Column(measure, title, digits, true);
  }

  /** Returns a cell: the median, with least and greatest if this column wants them. */
  String cell(Spread values) {
    String median = number(values.median());
    if (!spread || values.least() == values.greatest()) {
      return median;
    }
    return median + " (" + number(values.least()) + " to " + number(values.greatest()) + ")";
  }

  String number(double value) {
    return String.format(Locale.ROOT, "%,." + digits + "f", value);
  }
}
