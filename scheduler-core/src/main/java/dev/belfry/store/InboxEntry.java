// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.RunId;
import dev.belfry.run.Status;
import java.time.Instant;
import java.util.Optional;

/**
 * A committed ending that somebody may depend on, waiting for delivery.
 *
 * @param id the entry
 * @param run the run that ended
 * @param job its job
 * @param schedule the schedule that it was started by, if it was
 * @param status how it ended
 * @param endedAt when it ended
 */
public record InboxEntry(
    long id, RunId run, String job, Optional<String> schedule, Status status, Instant endedAt) {}
