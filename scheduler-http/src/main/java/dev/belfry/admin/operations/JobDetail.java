// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import dev.belfry.JobStatistics;
import java.util.List;
import java.util.Optional;

/**
 * All that there is to see of a job.
 *
 * @param entry as it stands in a list
 * @param statistics how it has fared; empty if this node does not know it. Runs that who asks may
 *     not see are left out, but counted
 * @param explanation a sentence: what it does or, if it starts nothing, why not
 * @param schedules its schedules, at most 1,000
 */
public record JobDetail(
    JobEntry entry,
    Optional<JobStatistics> statistics,
    String explanation,
    List<ScheduleEntry> schedules) {
  /** Copies the list. */
  public JobDetail {
    schedules = List.copyOf(schedules);
  }
}
