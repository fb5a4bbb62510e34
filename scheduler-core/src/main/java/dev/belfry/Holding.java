// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static java.util.Objects.requireNonNull;

import dev.belfry.host.Host.Cancellable;
import dev.belfry.host.Host.Running;
import dev.belfry.run.RunId;
import dev.belfry.store.Claimed;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one worker of this node has, or is to have: a run, or a batch. For the control loop only.
 */
final class Holding {
  /** Its runs in their order; of a job without batches, one. */
  final Map<RunId, Claimed> claims;

  /** The first of them, which names and orders the whole. */
  final Claimed claim;

  final JobDefinition<?, ?> job;
  final QueueSlots slots;
  final int priority;
  final long claimedNanos;

  /** The pass and its thread, once its handler was started. */
  @Nullable WorkerPass pass;

  @Nullable Running running;
  @Nullable Cancellable timeout;

  /** What tells each run when it is to have ended. */
  List<Cancellable> overdue = List.of();

  /** What the handler threw, for listeners, by run. */
  private Map<RunId, Throwable> thrown = Map.of();

  /** Whether people were told that it has been running for long. */
  boolean warnedLong;

  Holding(
      List<Claimed> claims,
      JobDefinition<?, ?> job,
      QueueSlots slots,
      int priority,
      long claimedNanos) {
    this.claims = byRun(claims);
    this.claim = claims.get(0);
    this.job = job;
    this.slots = slots;
    this.priority = priority;
    this.claimedNanos = claimedNanos;
  }

  private static Map<RunId, Claimed> byRun(List<Claimed> claims) {
    if (claims.size() == 1) {
      return Map.of(claims.get(0).id(), claims.get(0));
    }
    var byRun = new LinkedHashMap<RunId, Claimed>();
    claims.forEach(claim -> byRun.put(claim.id(), claim));
    return byRun;
  }

  /** Returns the claim of one of its runs. */
  Claimed claimOf(RunId run) {
    return requireNonNull(claims.get(run), "what has a run knows its claim");
  }

  /** Keeps what the handler threw, until listeners are told. */
  void ended(List<WorkerPass.Result> results) {
    for (WorkerPass.Result result : results) {
      if (result.thrown().isPresent()) {
        if (thrown.isEmpty()) {
          thrown = new HashMap<>();
        }
        thrown.put(result.claim().id(), result.thrown().get());
      }
    }
  }

  /** Returns what the handler threw for a run. */
  Optional<Throwable> thrown(RunId run) {
    return Optional.ofNullable(thrown.get(run));
  }

  /** For logs. */
  @Override
  public String toString() {
    String run = "run " + claim.id();
    return claims.size() == 1
        ? run
        : "the batch of " + run + " and " + (claims.size() - 1) + " more";
  }
}
