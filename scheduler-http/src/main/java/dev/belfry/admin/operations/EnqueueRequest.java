// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import dev.belfry.run.Unique;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A run that somebody wants, as JSON and forms say it. Problems name the places {@code /input},
 * {@code /dueAt}, {@code /delay}, {@code /priority}, {@code /key}, {@code /window}, {@code
 * /tags/0}.
 *
 * @param input the input as JSON text; empty for a job without input
 * @param dueAt when it is due; default: now
 * @param delay how long after now it is due; not together with {@code dueAt}
 * @param priority -4 to 4, higher first; default: the job's
 * @param key at most one run of the job holds it
 * @param window how long the key is held; default: until the run has ended
 * @param onConflict what happens if the key is held; default: REJECT, a problem of status 409
 * @param tags labels, beside those of the job. A confined principal may use only theirs
 */
public record EnqueueRequest(
    Optional<String> input,
    Optional<Instant> dueAt,
    Optional<Duration> delay,
    OptionalInt priority,
    Optional<String> key,
    Optional<Duration> window,
    Optional<Unique.OnConflict> onConflict,
    List<String> tags) {
  /** Copies the labels. */
  public EnqueueRequest {
    tags = List.copyOf(tags);
  }

  /** Returns the request for a run due now, with an input as JSON text or none. */
  public static EnqueueRequest of(Optional<String> input) {
    return new EnqueueRequest(
        input,
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }
}
