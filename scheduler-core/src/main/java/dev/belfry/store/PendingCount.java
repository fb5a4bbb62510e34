// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.Status;
import java.time.Instant;
import java.util.Optional;

/**
 * How many runs of one job have not ended and are in one state.
 *
 * @param job the job
 * @param status the state
 * @param runs how many; at least 1
 * @param dueAt the earliest due time of those that are SCHEDULED and that no limit has put aside;
 *     empty in other states
 */
public record PendingCount(String job, Status status, long runs, Optional<Instant> dueAt) {}
