// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.RunId;
import dev.belfry.run.Trigger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A run that a node holds.
 *
 * @param id the run
 * @param lane the lane's id
 * @param job the name of its job
 * @param fence what every write for this pass must carry
 * @param attempt the attempts opened so far, this one included
 * @param opened whether the claim opened an attempt
 * @param createdAt when the run was accepted
 * @param firstDueAt the due time that it was accepted with
 * @param dueAt the due time that the claim met
 * @param claimedAt when it was claimed
 * @param firstClaimedAt when its first attempt was claimed
 * @param input what the handler gets
 * @param trigger what started the run
 * @param tags labels
 * @param cancelRequested who asked to end it and why, if somebody did
 * @param interruptions how often a shutdown cut it short
 * @param skipped why it is to end SKIPPED without a start, if a limit drops it
 * @param batch the first run of the batch that it is claimed in, if it is; {@code heldBy} does not
 *     know any more
 */
public record Claimed(
    RunId id,
    int lane,
    String job,
    long fence,
    int attempt,
    boolean opened,
    Instant createdAt,
    Instant firstDueAt,
    Instant dueAt,
    Instant claimedAt,
    Instant firstClaimedAt,
    Payload input,
    Trigger trigger,
    List<String> tags,
    Optional<String> cancelRequested,
    int interruptions,
    Optional<String> skipped,
    Optional<RunId> batch) {
  /** Returns this run as one of a batch. */
  public Claimed inBatchOf(RunId first) {
    return new Claimed(
        id,
        lane,
        job,
        fence,
        attempt,
        opened,
        createdAt,
        firstDueAt,
        dueAt,
        claimedAt,
        firstClaimedAt,
        input,
        trigger,
        tags,
        cancelRequested,
        interruptions,
        skipped,
        Optional.of(first));
  }
}
