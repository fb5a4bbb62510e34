// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.jdbc.History.End;
import dev.belfry.jdbc.History.Span;
import dev.belfry.run.NodeId;
import dev.belfry.run.Pass;
import dev.belfry.run.RunId;
import dev.belfry.store.Claimed;
import dev.belfry.store.Lane;
import dev.belfry.store.Lease;
import dev.belfry.store.LimitKey;
import dev.belfry.store.NodeCard;
import dev.belfry.store.NodeInfo;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Nodes, their leases, and what is done with the runs of dead ones. */
final class Nodes {
  /*
   * A node that left or died stays as a tombstone, so that a claim of its own that commits late is
   * found by the next reap. The tombstone goes with a purge, once no run names it.
   */
  private static final String LOOK =
      "select valid_since, $now,"
          + " exists (select 1 from {node} where dead_at is null and lease_until <= $now),"
          + " exists (select 1 from {node} join {run} on {run}.node = {node}.id"
          + " where {node}.dead_at is not null)"
          + " from {node} where lease_until > $now and id = ? and dead_at is null";

  private Nodes() {}

  static NodeId join(Tx tx, NodeCard card, Duration lease) throws SQLException {
    var id = new NodeId(UUID.randomUUID());
    Instant now = tx.now();
    tx.update(
        "insert into {node} (id, name, version, jobs, joined_at, lease_until, valid_since)"
            + " values (?, ?, ?, ?, ?, ?, ?)",
        id,
        card.name(),
        card.version(),
        Texts.labels(card.jobs().stream().sorted().toList()),
        now,
        now.plus(lease),
        now);
    return id;
  }

  /**
   * In one statement, so that neither a slow way to the server nor one that breaks holds a lock.
   */
  static Lease renew(Tx tx, NodeId node, Duration lease) throws SQLException {
    Optional<Lease.Held> held = tx.sql().renew(tx, node, lease);
    return held.isPresent() ? held.get() : new Lease.Lost();
  }

  /** Waits for nobody, and locks nothing that its own renewal would wait for. */
  static List<RunId> reap(Tx tx, Lanes lanes, NodeId by, Duration lease, int limit)
      throws SQLException {
    Dated look = tx.dated(LOOK, by);
    Optional<Reaper> reaper =
        tx.first(look.text(), Reaper::of, look.all()).filter(found -> found.mayReap(lease));
    if (reaper.filter(Reaper::isNeeded).isEmpty()) {
      return List.of();
    }
    Instant now = tx.now();
    tx.update("update {node} set dead_at = ? where dead_at is null and lease_until <= ?", now, now);
    return free(tx, lanes, limit);
  }

  /** Marks all nodes dead, for a store that no other process can have open. */
  static void killAll(Tx tx) throws SQLException {
    tx.update("update {node} set dead_at = ? where dead_at is null", tx.now());
  }

  /**
   * Frees runs of dead nodes, in order of id. One that a transaction of its dead node still holds,
   * say of a process that was stopped in it, is left to the next time.
   */
  static List<RunId> free(Tx tx, Lanes lanes, int limit) throws SQLException {
    Instant now = tx.now();
    List<HotRun> lost =
        tx.list(
            tx.sql()
                .unlocked(
                    "select "
                        + HotRun.COLUMNS
                        + " from {node} join {run} on {run}.node = {node}.id"
                        + " where {node}.dead_at is not null order by {run}.id limit ?"),
            HotRun::of,
            limit);
    var updates = new ArrayList<@Nullable Object[]>();
    var ledger = new Ledger();
    var limits = new Limits(tx);
    List<LimitKey> freed = lost.stream().flatMap(run -> run.freed(false).stream()).toList();
    limits.lock(freed);
    limits.release(freed);
    for (HotRun run : lost) {
      Lane lane = lanes.byId(tx, run.lane());
      var span = new Span(run.claimedAt(now), now);
      End end = End.of(Pass.Event.LOST, "the node that held it died");
      ledger.goesOn(
          History.silent(run.id(), run.fence(), lane.job(), run.attempt(), run.node(), end, span));
      boolean dropped = run.skipped().isPresent(); // to be decided again, as it was met
      Instant due = dropped ? run.dueAt() : now;
      int attempt = dropped ? run.attemptBefore() : run.attempt();
      updates.add(new @Nullable Object[] {due, attempt, run.id(), run.fence()});
      tx.ready(run.lane(), due);
    }
    tx.batchOfOnes(
        "update {run} set state = 0, held = 0, due_at = ?, attempt = ?, node = null, claimed_at = null,"
            + " opens = true, fence = fence + 1 where id = ? and fence = ? and state = 1",
        updates);
    ledger.write(tx);
    limits.fill(freed);
    limits.write();
    return lost.stream().map(HotRun::id).toList();
  }

  static List<Claimed> heldBy(Tx tx, Lanes lanes, NodeId node) throws SQLException {
    return Claims.claimed(
        tx,
        lanes,
        tx.list(
            "select " + HotRun.COLUMNS + " from {run} where node = ? order by {run}.id",
            HotRun::of,
            node));
  }

  static boolean leave(Tx tx, NodeId node) throws SQLException {
    if (tx.exists("select 1 from {run} where node = ? limit 1", node)) {
      return false;
    }
    tx.update("update {node} set dead_at = ? where id = ? and dead_at is null", tx.now(), node);
    return true;
  }

  static List<NodeInfo> list(Tx tx) throws SQLException {
    return tx.list(
        "select id, name, version, jobs, joined_at, lease_until from {node}"
            + " where dead_at is null order by seq",
        row ->
            new NodeInfo(
                row.optionalNode().orElseThrow(),
                new NodeCard(row.text(), row.text(), new HashSet<>(Texts.labels(row.textOrNull()))),
                row.instant(),
                row.instant()));
  }

  /** A node that wants to reap, and whether there is anything to do. */
  private record Reaper(Instant validSince, Instant now, boolean expired, boolean lost) {
    static Reaper of(Row row) throws SQLException {
      return new Reaper(row.instant(), row.instant(), row.flag(), row.flag());
    }

    boolean mayReap(Duration lease) {
      return !validSince.plus(lease).isAfter(now);
    }

    boolean isNeeded() {
      return expired || lost;
    }
  }
}
