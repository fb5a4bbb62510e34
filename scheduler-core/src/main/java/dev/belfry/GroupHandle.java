// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.RunId;
import java.util.List;

/** A group of runs that was enqueued. */
public interface GroupHandle {
  /** Returns the id of the group, which is that of the run that comes after it. */
  RunId id();

  /** Returns the runs, in the order in which they were added. */
  List<RunHandle> members();

  /**
   * Returns the run that comes after them, which is there when all of them have ended; its end may
   * be awaited from now on.
   */
  RunHandle then();
}
