// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import dev.belfry.run.RunId;
import dev.belfry.run.RunQuery;
import java.util.LinkedHashSet;
import java.util.List;

/** Which runs something is done to. */
public sealed interface Selection {
  /**
   * Certain runs.
   *
   * @param ids at most 1,000; one that comes several times counts once
   */
  record Ids(List<RunId> ids) implements Selection {
    /** Drops those that come again. */
    public Ids {
      ids = List.copyOf(new LinkedHashSet<>(ids));
    }
  }

  /**
   * All runs that a filter lets through.
   *
   * @param filter its page is of no interest
   * @param expectedCount how many the caller has seen: if there are more or fewer by now, nothing
   *     is done
   */
  record Matching(RunQuery filter, long expectedCount) implements Selection {}

  /** Returns the selection of one run. */
  static Selection of(RunId run) {
    return new Ids(List.of(run));
  }

  /** Returns the selection of certain runs, at most 1,000. */
  static Selection of(List<RunId> runs) {
    return new Ids(runs);
  }

  /** Returns the selection of all runs that a filter lets through, as many as were seen. */
  static Selection matching(RunQuery filter, long expectedCount) {
    return new Matching(filter, expectedCount);
  }
}
