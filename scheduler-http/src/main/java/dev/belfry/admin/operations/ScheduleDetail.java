// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import dev.belfry.schedule.PlannedTick;
import java.util.List;

/**
 * All that there is to see of a schedule.
 *
 * @param entry as it stands in a list
 * @param ticks its next ticks, from its next one on; none while it is not to fire, or counts from
 *     the ends of its runs
 * @param explanation a sentence: when it fires next or, if it does not, why not
 * @param input what each run gets
 * @param declaredHere whether the code of this node declares it, so that it can be reset
 */
public record ScheduleDetail(
    ScheduleEntry entry,
    List<PlannedTick> ticks,
    String explanation,
    Shown input,
    boolean declaredHere) {
  /** Copies the list. */
  public ScheduleDetail {
    ticks = List.copyOf(ticks);
  }
}
