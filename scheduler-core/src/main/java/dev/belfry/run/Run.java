// SPDX-License-Identifier: Apache-2.0
package dev.belfry.run;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One run as it stood when it was read. A snapshot: it does not follow the run.
 *
 * @param id its id
 * @param job the name of its job
 * @param priority -4 to 4, higher first
 * @param state where it is in its life
 * @param createdAt when it was accepted, by the store's clock
 * @param dueAt the earliest start that was asked for at first
 * @param startedAt when its first attempt was claimed
 * @param trigger what started it
 * @param tags labels, in the order given
 * @param counters items of its last pass
 * @param notes what the handler noted in its last pass, by key, in order of first use
 * @param cancelRequested whether somebody asked to end it and it has not ended yet
 */
public record Run(
    RunId id,
    String job,
    int priority,
    RunState state,
    Instant createdAt,
    Instant dueAt,
    Optional<Instant> startedAt,
    Trigger trigger,
    List<String> tags,
    Counters counters,
    Map<String, String> notes,
    boolean cancelRequested) {
  /** Returns the name of its state. */
  public Status status() {
    return state.status();
  }
}
