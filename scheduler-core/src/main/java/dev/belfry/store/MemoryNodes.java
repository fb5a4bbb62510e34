// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Nodes, their leases and what they hold, in memory. */
final class MemoryNodes {
  private static final long UUID_VERSION_8 = 0x8000;
  private static final long UUID_VARIANT = 0x8000000000000000L;

  private final Map<NodeId, Node> nodes = new LinkedHashMap<>();
  private long joined;

  /** Counts instead of drawing lots, so that a simulation can be replayed to the letter. */
  NodeId join(NodeCard card, Duration lease, Instant now) {
    joined++;
    var id = new NodeId(new UUID(UUID_VERSION_8, UUID_VARIANT | joined));
    nodes.put(id, new Node(id, card, now, Commit.micros(now.plus(lease))));
    return id;
  }

  Lease renew(NodeId id, Duration lease, Instant now) {
    Node node = nodes.get(id);
    if (node == null || node.dead) {
      return new Lease.Lost();
    }
    boolean setBack = node.validSince.isAfter(now);
    if (node.hasExpired(now) || setBack) {
      node.validSince = now;
    }
    node.until = Commit.micros(now.plus(lease));
    boolean expired = nodes.values().stream().anyMatch(n -> !n.dead && n.hasExpired(now));
    return new Lease.Held(node.until, node.mayReap(lease, now), expired);
  }

  /** Marks expired nodes dead and returns what the dead ones hold, if this node may reap. */
  List<MemoryRun> bury(NodeId by, Duration lease, int limit, Instant now) {
    Node reaper = nodes.get(by);
    if (reaper == null || !reaper.mayReap(lease, now)) {
      return List.of();
    }
    for (Node node : nodes.values()) {
      node.dead |= node.hasExpired(now);
    }
    return nodes.values().stream()
        .filter(node -> node.dead)
        .flatMap(node -> node.held.stream())
        .sorted(Comparator.comparing((MemoryRun run) -> run.id))
        .limit(limit)
        .toList();
  }

  boolean leave(NodeId id) {
    Node node = nodes.get(id);
    if (node != null && !node.held.isEmpty()) {
      return false;
    }
    nodes.remove(id);
    return true;
  }

  List<NodeInfo> living() {
    return nodes.values().stream().filter(node -> !node.dead).map(Node::toInfo).toList();
  }

  void purge() {
    nodes.values().removeIf(node -> node.dead && node.held.isEmpty());
  }

  @Nullable Node get(NodeId id) {
    return nodes.get(id);
  }

  /** One incarnation. */
  static final class Node {
    final NodeId id;
    private final NodeCard card;
    private final Instant joinedAt;
    private final List<MemoryRun> held = new ArrayList<>();
    private final Map<RunId, String> cancels = new LinkedHashMap<>();
    private Instant validSince;
    private Instant until;
    private boolean dead;

    private Node(NodeId id, NodeCard card, Instant now, Instant until) {
      this.id = id;
      this.card = card;
      this.joinedAt = now;
      this.validSince = now;
      this.until = until;
    }

    boolean isDead() {
      return dead;
    }

    private boolean hasExpired(Instant now) {
      return until.isBefore(now);
    }

    private boolean mayReap(Duration lease, Instant now) {
      return !dead && !hasExpired(now) && !validSince.plus(lease).isAfter(now);
    }

    private NodeInfo toInfo() {
      return new NodeInfo(id, card, joinedAt, until);
    }

    List<MemoryRun> held() {
      return List.copyOf(held);
    }

    Map<RunId, String> cancels() {
      return cancels.isEmpty() ? Map.of() : Map.copyOf(cancels);
    }

    void cancel(RunId run, String reason) {
      cancels.put(run, reason);
    }

    void add(MemoryRun run) {
      run.slot = held.size();
      held.add(run);
      if (run.cancelRequested != null) {
        cancels.put(run.id, run.cancelRequested);
      }
    }

    void remove(MemoryRun run) {
      MemoryRun last = held.remove(held.size() - 1);
      if (last != run) {
        held.set(run.slot, last);
        last.slot = run.slot;
      }
      if (run.cancelRequested != null) {
        cancels.remove(run.id);
      }
    }
  }
}
