// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import dev.belfry.run.NodeId;
import dev.belfry.store.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whose lease is over, and who has held it without a gap: counted beside the store. */
final class Leases {
  private final Map<NodeId, Held> held = new LinkedHashMap<>();

  private record Held(Instant since, Instant until) {}

  void joined(NodeId node, Instant now, Duration lease) {
    held.put(node, new Held(now, now.plus(lease)));
  }

  void renewed(NodeId node, @Nullable Object answer, Instant now, Duration lease) {
    Held before = held.get(node);
    if (answer instanceof Lease.Held && before != null) {
      boolean anew = before.until().isBefore(now) || before.since().isAfter(now);
      Instant since = anew ? now : before.since();
      held.put(node, new Held(since, now.plus(lease)));
    }
  }

  /** Returns whether the lease of a node was over at some time and is not renewed since. */
  boolean isOver(NodeId node, Instant now) {
    Held known = held.get(node);
    return known == null || known.until().isBefore(now);
  }

  /** Returns whether a node has held its lease for as long as a lease, and does. */
  boolean mayReap(NodeId node, Instant now, Duration lease) {
    Held known = held.get(node);
    return known != null && !known.until().isBefore(now) && !known.since().plus(lease).isAfter(now);
  }
}
