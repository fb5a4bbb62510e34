// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import dev.belfry.schedule.ClockChange;
import dev.belfry.schedule.PlannedTick;
import java.util.List;
import java.util.Optional;

/**
 * What a schedule would do that is not saved.
 *
 * @param definition its canonical text, which can be saved
 * @param words its times in English
 * @param ticks its next ticks; none if it counts from the ends of its runs
 * @param clockChange the next change of the zone's clock that touches it
 */
public record SchedulePreview(
    String definition, String words, List<PlannedTick> ticks, Optional<ClockChange> clockChange) {
  /** Copies the list. */
  public SchedulePreview {
    ticks = List.copyOf(ticks);
  }
}
