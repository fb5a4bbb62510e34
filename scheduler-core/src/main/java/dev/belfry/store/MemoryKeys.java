// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.RunId;
import dev.belfry.run.Unique;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Who holds which unique key, in memory. */
final class MemoryKeys {
  private record Key(String job, String text) {}

  /** A key in the hands of a run; compared by identity, since keys come and go. */
  static final class Hold {
    private final Key key;
    private final RunId run;
    private final Instant until;
    private final boolean whileActive;

    private Hold(Key key, RunId run, Instant until, boolean whileActive) {
      this.key = key;
      this.run = run;
      this.until = until;
      this.whileActive = whileActive;
    }

    private boolean isOver(Instant now) {
      return !whileActive && !until.isAfter(now);
    }
  }

  private final Map<Key, Hold> held = new HashMap<>();
  private final PriorityQueue<Hold> timed =
      new PriorityQueue<>(Comparator.comparing((Hold hold) -> hold.until));

  /** Returns the run that holds a key. */
  @Nullable RunId holder(String job, Unique unique, Instant now) {
    Hold hold = held.get(new Key(job, unique.key()));
    return hold == null || hold.isOver(now) ? null : hold.run;
  }

  /** Gives a key to a run, whoever held it. */
  Hold take(String job, Unique unique, RunId run, Instant now) {
    var key = new Key(job, unique.key());
    var hold =
        new Hold(
            key,
            run,
            unique.window().map(window -> Commit.micros(now.plus(window))).orElse(now),
            unique.window().isEmpty());
    held.put(key, hold);
    if (!hold.whileActive) {
      timed.add(hold);
    }
    return hold;
  }

  /** Frees the key of a run that has ended, unless it is held for a time or by another by now. */
  void ended(@Nullable Hold hold) {
    if (hold != null && hold.whileActive) {
      held.remove(hold.key, hold);
    }
  }

  void purge(Instant now) {
    for (Hold hold = timed.peek(); hold != null && hold.isOver(now); hold = timed.peek()) {
      timed.remove();
      held.remove(hold.key, hold);
    }
  }
}
