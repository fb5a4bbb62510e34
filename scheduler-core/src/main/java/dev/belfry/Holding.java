// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.host.Host.Cancellable;
import dev.belfry.host.Host.Running;
import dev.belfry.store.Claimed;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A run that this node holds. For the control loop only. */
final class Holding {
  final Claimed claim;
  final JobDefinition<?, ?> job;
  final QueueSlots slots;
  final int priority;
  final long claimedNanos;

  /** The pass and its thread, once its handler was started. */
  @Nullable HandlerPass pass;

  @Nullable Running running;
  @Nullable Cancellable timeout;
  @Nullable Cancellable overdue;

  /** What the handler threw, for listeners. */
  Optional<Throwable> thrown = Optional.empty();

  /** Whether people were told that it has been running for long. */
  boolean warnedLong;

  Holding(
      Claimed claim, JobDefinition<?, ?> job, QueueSlots slots, int priority, long claimedNanos) {
    this.claim = claim;
    this.job = job;
    this.slots = slots;
    this.priority = priority;
    this.claimedNanos = claimedNanos;
  }
}
