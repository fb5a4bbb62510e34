// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import java.util.List;
import java.util.Optional;

/**
 * A schedule that somebody wants, as JSON and forms say it. Problems name the places {@code /id},
 * {@code /job}, {@code /definition}, {@code /zone}, {@code /input}, {@code /tags/0}.
 *
 * @param id unique in the store; of the form of a job's name
 * @param job the name of the job that it starts
 * @param definition the text of a schedule or, with a zone, a cron expression
 * @param zone the zone of the cron expression
 * @param input what each run gets, as JSON text; empty for a job without input
 * @param tags labels of its runs, beside those of the job. A confined principal may use only theirs
 */
public record ScheduleRequest(
    String id,
    String job,
    String definition,
    Optional<String> zone,
    Optional<String> input,
    List<String> tags) {
  /** Copies the labels. */
  public ScheduleRequest {
    tags = List.copyOf(tags);
  }
}
