// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import dev.belfry.ScheduleView;
import dev.belfry.run.Run;
import java.time.ZoneId;
import java.util.Optional;

/**
 * A schedule in a list.
 *
 * @param view the schedule
 * @param words its times in English; why they can't be told, if this node can't read it
 * @param zone the zone whose clock it reads, if it does
 * @param lastRun the last run that it started, while that is kept
 */
public record ScheduleEntry(
    ScheduleView view, String words, Optional<ZoneId> zone, Optional<Run> lastRun) {}
