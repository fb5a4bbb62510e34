// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static java.util.stream.Collectors.joining;

import dev.belfry.run.OnActive;
import dev.belfry.store.Gathered;
import dev.belfry.store.Limit;
import dev.belfry.store.LimitKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Says what the limits of a run have it wait for. */
final class LimitWords {
  private LimitWords() {}

  /** Returns what a job says of its runs together. */
  static String of(RunLimit<?> each) {
    return of(each.limit()) + (each.key().isPresent() ? ", by key" : "");
  }

  private static String of(Limit limit) {
    if (limit instanceof Limit.Slots slots) {
      return slots.slots() + " at once" + shared(slots.name());
    } else if (limit instanceof Limit.Throttle throttle) {
      return throttle.starts() + " starts in " + throttle.per() + ", others wait";
    } else if (limit instanceof Limit.Rate rate) {
      return rate.starts() + " starts in " + rate.per() + ", others are skipped";
    } else if (limit instanceof Limit.Singleton singleton) {
      return "one active run; a new one has "
          + (singleton.onActive() == OnActive.SKIP ? "itself skipped" : "it cancelled");
    } else if (limit instanceof Limit.Debounce debounce) {
      return "the last of a row"
          + debounce.max().map(max -> ", after " + max + " at most").orElse("");
    } else if (limit instanceof Limit.Batch batch) {
      return "batches of " + batch.maxSize() + ", gathered for " + batch.maxWait() + " at most";
    }
    return "one after another";
  }

  private static String shared(String name) {
    return name.startsWith(RunLimit.SHARED) ? " with others of " + name : "";
  }

  /** Returns what a run waits for that is due, if it is limits that have it wait. */
  static Optional<String> whatFor(List<LimitKey> limits) {
    String words =
        limits.stream().flatMap(limit -> whatFor(limit).stream()).collect(joining(" and "));
    return words.isEmpty() ? Optional.empty() : Optional.of(words);
  }

  private static Optional<String> whatFor(LimitKey limit) {
    return switch (limit.kind()) {
      case SLOTS, THROTTLE -> Optional.of("a slot of limit \"" + limit.limit() + "\"" + key(limit));
      case ORDER -> Optional.of("its turn in the order of key \"" + limit.key() + "\"");
      case SINGLETON -> Optional.of("the end of the run" + of(limit) + " that is active");
      case RATE, DEBOUNCE, BATCH -> Optional.empty();
    };
  }

  /** Returns why a run is not due before an instant. */
  static String untilThen(Instant due, List<LimitKey> limits) {
    for (LimitKey limit : limits) {
      if (limit.kind() == Limit.Kind.THROTTLE) {
        return "has the next slot of limit \"" + limit.limit() + "\"" + key(limit) + ", at " + due;
      } else if (limit.kind() == Limit.Kind.DEBOUNCE) {
        return "is due at " + due + ", and ends then if another run" + of(limit) + " has come";
      }
    }
    return "is due at " + due;
  }

  /** Returns why a run has not started that is gathered. */
  static String gathered(Gathered with) {
    int missing = with.maxSize() - with.runs();
    return "is gathered for a batch: waits for "
        + missing
        + " more"
        + of(with.key())
        + ", or until "
        + with.until();
  }

  private static String key(LimitKey limit) {
    return limit.key().isEmpty() ? "" : ", key \"" + limit.key() + "\"";
  }

  private static String of(LimitKey limit) {
    return limit.key().isEmpty() ? "" : " of key \"" + limit.key() + "\"";
  }
}
