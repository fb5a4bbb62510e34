// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.cron;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a library answers when each answer is the next question, in words for the page. */
final class Answers {
  private Answers() {}

  /**
   * Returns the runs within a period. The list ends early, and says why, where the library answers
   * that there is none, fails, or answers with a time that is not later than the question.
   *
   * @param pattern as for a date and time
   */
  static List<String> within(
      Library.Cron cron, Instant from, Instant to, int most, ZoneId zone, String pattern) {
    DateTimeFormatter format = DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(zone);
    List<String> answers = new ArrayList<>();
    Instant asked = from.minusSeconds(1);
    while (answers.size() < most) {
      Optional<Instant> next;
      try {
        next = cron.next(asked, zone);
      } catch (RuntimeException e) {
        answers.add("fails");
        break;
      }
      if (next.isEmpty()) {
        answers.add("never");
        break;
      }
      if (!next.get().isAfter(asked)) {
        answers.add("back to " + format.format(next.get()));
        break;
      }
      if (!next.get().isBefore(to)) {
        break;
      }
      asked = next.get();
      answers.add(format.format(asked));
    }
    return answers;
  }
}
