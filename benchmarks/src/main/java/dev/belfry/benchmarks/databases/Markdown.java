// SPDX-License-Identifier: Apache-2.0

package dev.belfry.benchmarks.databases;

import java.util.Collections;
import java.util.List;

/** Writes tables. */
final class Markdown {
  private Markdown() {}

  /** Returns a table, a line for each row of cells. */
  static String table(List<String> headings, List<List<String>> rows) {
    var text = new StringBuilder();
    append(text, " ", headings);
    append(text, "", Collections.nCopies(headings.size(), "---"));
    rows.forEach(cells -> append(text, " ", cells));
    return text.toString();
  }

  private static void append(StringBuilder text, String padding, List<String> cells) {
    text.append('|');
    cells.forEach(cell -> text.append(padding).append(cell).append(padding).append('|'));
    text.append('\n');
  }
}
