// SPDX-License-Identifier: Apache-2.0
package dev.belfry.run;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How the runs of a group have ended: what the job gets that comes after them.
 *
 * @param group the id of the group, which is that of the run that comes after it
 * @param name what the group is called
 * @param completed how many ended COMPLETED, also with items that failed
 * @param failed how many ended FAILED
 * @param timedOut how many ended TIMED_OUT
 * @param cancelled how many ended CANCELLED
 * @param skipped how many ended SKIPPED
 * @param at when the end of the last one was counted, by the store's clock
 */
public record GroupEnd(
    RunId group,
    String name,
    int completed,
    int failed,
    int timedOut,
    int cancelled,
    int skipped,
    Instant at) {
  /** Refuses null. */
  public GroupEnd {
    requireNonNull(group, "group");
    requireNonNull(name, "name");
    requireNonNull(at, "at");
  }

  /** Returns how many runs the group had. */
  public int total() {
    return completed + failed + timedOut + cancelled + skipped;
  }

  /** Returns whether all runs of the group ended COMPLETED; so they have if there was none. */
  public boolean allCompleted() {
    return completed == total();
  }

  /**
   * Returns the ids of the runs of the group, in the order in which they were added. The runs
   * themselves are read by id as long as their history is kept.
   */
  public List<RunId> members() {
    return members(group, total());
  }

  /** Returns the ids of the runs of a group of so many, which are those right before its own. */
  public static List<RunId> members(RunId group, int total) {
    return IntStream.range(0, total).mapToObj(i -> group.before(total - i)).toList();
  }
}
