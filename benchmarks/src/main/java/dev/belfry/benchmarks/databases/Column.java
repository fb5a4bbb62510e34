// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

/**
 * A column of a table.
 *
 * @param measure the name under which values are recorded
 * @param title the heading, with the unit
 * @param factor what a recorded value is multiplied with to be shown
 * @param digits how many digits are shown behind the point
 * @param spread whether the smallest and largest value are shown beside the median
 */
record Column(String measure, String title, double factor, int digits, boolean spread) {
  static Column of(String measure, String title, int digits) {
    return new Column(measure, title, 1, digits, false);
  }

  Column withSpread() {
    return new Column(measure, title, factor, digits, true);
  }
}
