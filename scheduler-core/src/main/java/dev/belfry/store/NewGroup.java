// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.RunId;
import java.util.List;

/**
 * Runs to insert together, and what comes after the last of them.
 *
 * @param id the group's, and that of the run that comes after it
 * @param name what it is called; 1 to 200 characters
 * @param then the job of the run that comes after it
 * @param members the runs, none of which may have a unique key; may be empty
 */
public record NewGroup(RunId id, String name, String then, List<NewRun> members) {
  /** Has the ends of the runs make inbox entries. */
  public NewGroup {
    Bound.name("name of a group", name, Bound.NAME);
    members = members.stream().map(run -> run.withWatched(true)).toList();
    for (NewRun run : members) {
      if (run.unique().isPresent()) {
        throw new IllegalArgumentException(
            "run "
                + run.id()
                + " of a group has a unique key, so it might be another's; leave it out");
      }
    }
  }
}
