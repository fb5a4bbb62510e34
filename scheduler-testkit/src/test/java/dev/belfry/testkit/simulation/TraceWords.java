// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import dev.belfry.store.Claimed;
import dev.belfry.store.Exchanged;
import dev.belfry.store.Outcome;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says in a line what a call was and what it came to. */
final class TraceWords {
  private static final int LONGEST = 160;

  private TraceWords() {}

  static String of(StoreCall call, @Nullable Object answer) {
    if (answer instanceof Exchanged exchanged) {
      return "exchange "
          + outcomes(call.argument(1), exchanged)
          + " claims "
          + exchanged.claimed().stream().map(TraceWords::of).toList();
    }
    return call.name() + " -> " + shortened(answer);
  }

  private static String outcomes(List<Outcome> outcomes, Exchanged answer) {
    var words = new StringBuilder("[");
    for (int i = 0; i < outcomes.size(); i++) {
      Outcome outcome = outcomes.get(i);
      words
          .append(i == 0 ? "" : ", ")
          .append(outcome.ending().getClass().getSimpleName())
          .append(' ')
          .append(outcome.run())
          .append('/')
          .append(outcome.fence())
          .append(' ')
          .append(answer.verdicts().get(i));
    }
    return words.append(']').toString();
  }

  private static String of(Claimed claim) {
    return claim.job() + " " + claim.id() + "/" + claim.fence() + " #" + claim.attempt();
  }

  private static String shortened(@Nullable Object answer) {
    String text =
        answer instanceof Collection<?> several
            ? several.stream().map(String::valueOf).sorted().collect(Collectors.joining(", "))
            : String.valueOf(answer);
    return text.length() > LONGEST ? text.substring(0, LONGEST) : text;
  }
}
