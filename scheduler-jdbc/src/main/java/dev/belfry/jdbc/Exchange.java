// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.store.Claimed;
import dev.belfry.store.Demand;
import dev.belfry.store.Exchanged;
import dev.belfry.store.Outcome;
import dev.belfry.store.Verdict;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One round of a node: what it has done for what it may do next. */
final class Exchange {
  private Exchange() {}

  static Exchanged run(
      Tx tx, Lanes lanes, Marks marks, NodeId node, List<Outcome> outcomes, List<Demand> demands)
      throws SQLException {
    var limits = new Limits(tx);
    var claims = new Claims(tx, lanes, marks, node, limits);
    List<Verdict> verdicts =
        new Outcomes(tx, lanes, node, limits).write(outcomes, () -> claims.wanted(demands));
    State state = state(tx, node);
    List<Claimed> claimed = state.alive ? claims.claim(demands) : List.of();
    limits.write();
    return new Exchanged(
        verdicts,
        claimed,
        demands.isEmpty() ? Map.of() : claims.nextDue(demands),
        tx.now(),
        cancels(tx, node),
        state.catalog,
        state.inbox);
  }

  private static Map<RunId, String> cancels(Tx tx, NodeId node) throws SQLException {
    var cancels = new HashMap<RunId, String>();
    tx.list(
            "select id, cancel_reason from {run} where node = ? and cancelled = true",
            row -> Map.entry(row.run(), row.text()),
            node)
        .forEach(entry -> cancels.put(entry.getKey(), entry.getValue()));
    return cancels;
  }

  /** A dead node gets nothing; what it claims at the same moment is found by the next reap. */
  private static State state(Tx tx, NodeId node) throws SQLException {
    return tx.first(
            "select (select number from {meta} where name = 'catalog'),"
                + " exists (select 1 from {inbox}),"
                + " exists (select 1 from {node} where id = ? and dead_at is null)",
            row -> new State(row.bigNumber(), row.flag(), row.flag()),
            node)
        .orElseThrow();
  }

  private record State(long catalog, boolean inbox, boolean alive) {}
}
