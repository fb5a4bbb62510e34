// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.cron;

import java.util.List;

/** A table of a document. */
final class Markdown {
  private final StringBuilder text = new StringBuilder();

  Markdown(String first, List<String> others) {
    row(first, others);
    text.append("|---".repeat(1 + others.size())).append("|\n");
  }

  void row(String first, List<String> others) {
    text.append("| ").append(first).append(" | ").append(String.join(" | ", others)).append(" |\n");
  }

  /** Shows a tab as an arrow. */
  static String code(String cron) {
    return "`" + cron.replace('\t', '⇥') + "`";
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
