// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Writes tables. */
final class Markdown {
  private Markdown() {}

  /** Returns a table, a line for each row of cells. */
  static String table(List<String> headings, List<List<String>> rows) {
    var lines = new ArrayList<List<String>>();
    lines.add(headings);
    lines.add(Collections.nCopies(headings.size(), "---"));
    lines.addAll(rows);
    var text = new StringBuilder();
    lines.forEach(cells -> text.append("| ").append(String.join(" | ", cells)).append(" |\n"));
    return text.toString().replace("| --- ", "|---").replace("--- |", "---|");
  }

  /** Returns a cell: the median, with least and greatest if the column wants them. */
  static String cell(Column column, Optional<Spread> spread) {
    return spread.map(values -> cell(column, values)).orElse("-");
  }

  private static String cell(Column column, Spread spread) {
    String median = number(column, spread.median());
    if (!column.spread() || spread.least() == spread.greatest()) {
      return median;
    }
    return median
        + " ("
        + number(column, spread.least())
        + " to "
        + number(column, spread.greatest())
        + ")";
  }

  private static String number(Column column, double value) {
    return String.format(Locale.ROOT, "%,." + column.digits() + "f", value * column.factor());
  }
}
