// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit;

import dev.belfry.Rehearsal;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a {@link RunReplayer} has found. Immutable. */
public final class Replay {
  private final Map<String, Rehearsal> runs; // by place: file and line

  Replay(Map<String, Rehearsal> runs) {
    this.runs = Collections.unmodifiableMap(new LinkedHashMap<>(runs));
  }

  /** Returns what came of each run, in the order in which they were read; at least one. */
  public Collection<Rehearsal> runs() {
    return runs.values();
  }

  /** Returns the differences of all runs. */
  public List<String> differences() {
    return runs().stream().flatMap(run -> run.differences().stream()).toList();
  }

  /**
   * Asserts that present code comes to the same end as each run did, or waits for the same.
   *
   * @throws AssertionError if not; the message lists all differences of all runs
   */
  public void assertSame() {
    long others = runs().stream().filter(run -> !run.isSame()).count();
    if (others > 0) {
      throw new AssertionError(
          others + " of " + runs.size() + " recorded runs would not go on as they began" + list());
    }
  }

  private String list() {
    var list = new StringBuilder();
    runs.forEach(
        (place, run) -> {
          if (!run.isSame()) {
            list.append("\n\n").append(place).append(": run ").append(run.run());
            list.append(" of job \"").append(run.job()).append("\", which ").append(run.recorded());
            run.differences().forEach(difference -> list.append("\n- ").append(difference));
          }
        });
    return list.toString();
  }
}
