// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.cron;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.Set;

/** How many answers of a library are the agreed ones. */
final class Score {
  private int cases;
  private int questions;
  private int casesAlike;
  private int answersAlike;
  private int casesAlikeSkipping;
  private int answersAlikeSkipping;
  private int notLater;
  private String firstNotLater = "";

  /**
   * Asks a library.
   *
   * @param runs the agreed runs
   * @param skipping the agreed runs if what is left out is skipped
   */
  void count(
      String minuteAndHour,
      ZoneId zone,
      Library.Cron cron,
      Set<Instant> asked,
      NavigableSet<Instant> runs,
      NavigableSet<Instant> skipping) {
    int alike = 0;
    int alikeSkipping = 0;
    for (Instant question : asked) {
      Instant answer = cron.next(question, zone).orElse(Instant.MAX);
      alike += answer.equals(runs.higher(question)) ? 1 : 0;
      alikeSkipping += answer.equals(skipping.higher(question)) ? 1 : 0;
      if (!answer.isAfter(question)) {
        if (notLater == 0) {
          firstNotLater =
              "%s, %s at %s: %s".formatted(Markdown.code(minuteAndHour), zone, question, answer);
        }
        notLater++;
      }
    }
    cases++;
    questions += asked.size();
    casesAlike += alike == asked.size() ? 1 : 0;
    answersAlike += alike;
    casesAlikeSkipping += alikeSkipping == asked.size() ? 1 : 0;
    answersAlikeSkipping += alikeSkipping;
  }

  String counts() {
    return String.format(
        Locale.ENGLISH, "Cases: %d. Questions to each library: %,d.\n", cases, questions);
  }

  List<String> cells() {
    return List.of(
        share(casesAlike, cases),
        share(answersAlike, questions),
        share(casesAlikeSkipping, cases),
        share(answersAlikeSkipping, questions),
        notLater == 0 ? "0" : notLater + ", such as " + firstNotLater);
  }

  /** Rounded down, so that 100 % is said of all only. */
  private static String share(int part, int whole) {
    return String.format(Locale.ENGLISH, "%,d (%d %%)", part, 100 * part / whole);
  }
}
