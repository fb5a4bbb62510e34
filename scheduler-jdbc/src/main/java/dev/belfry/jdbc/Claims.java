// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static java.util.Objects.requireNonNull;

import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.store.Claimed;
import dev.belfry.store.Demand;
import dev.belfry.store.Payload;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Claims runs: reads what is ready, lane by lane, then takes what nobody else took. */
final class Claims {
  private static final String TAKE =
      "update {run} set state = 1, waiting = false, node = ?, fence = ?, attempt = ?, claimed_at = ?,"
          + " first_claimed_at = ? where id = ? and fence = ? and state = 0 and held = 0";
  static final String NEXT =
      "select due_at from {run} where state = 0 and held = 0 and lane = ?"
          + " order by state, held, lane, due_at, id limit 1";

  private final Tx tx;
  private final Lanes lanes;
  private final NodeId node;

  Claims(Tx tx, Lanes lanes, NodeId node) {
    this.tx = tx;
    this.lanes = lanes;
    this.node = node;
  }

  List<Claimed> claim(List<Demand> demands) throws SQLException {
    var taken = new ArrayList<HotRun>();
    for (Demand demand : demands) {
      taken.addAll(take(ready(demand)));
    }
    return claimed(tx, lanes, taken);
  }

  private List<HotRun> ready(Demand demand) throws SQLException {
    String select = tx.sql().ready(HotRun.COLUMNS);
    var ready = new LinkedHashMap<RunId, HotRun>();
    for (Demand.Quota quota : demand.lanes()) {
      int most = Math.min(quota.most(), demand.limit() - ready.size());
      if (most <= 0) {
        break;
      }
      for (HotRun run : tx.list(select, HotRun::of, quota.lane(), tx.now(), most)) {
        ready.putIfAbsent(run.id(), run);
      }
    }
    return List.copyOf(ready.values());
  }

  /** Takes runs in order of id, so that rivals never wait for each other in a circle. */
  private List<HotRun> take(List<HotRun> ready) throws SQLException {
    Instant now = tx.now();
    List<HotRun> byId = ready.stream().sorted(Comparator.comparing(HotRun::id)).toList();
    var updates = new ArrayList<@Nullable Object[]>();
    for (HotRun run : byId) {
      HotRun mine = run.claimedBy(node, now);
      updates.add(
          new @Nullable Object[] {
            node,
            mine.fence(),
            mine.attempt(),
            mine.claimedAt(),
            mine.firstClaimedAt(),
            run.id(),
            run.fence()
          });
    }
    int[] counts = tx.batch(TAKE, updates);
    Set<RunId> lost = new HashSet<>();
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] == 0) {
        lost.add(byId.get(i).id());
      }
    }
    return ready.stream()
        .filter(run -> !lost.contains(run.id()))
        .map(run -> run.claimedBy(node, now))
        .toList();
  }

  static List<Claimed> claimed(Tx tx, Lanes lanes, List<HotRun> runs) throws SQLException {
    var inputs = Payloads.inputs(tx, runs);
    var claimed = new ArrayList<Claimed>(runs.size());
    for (HotRun run : runs) {
      Payload input = requireNonNull(inputs.get(run.id()));
      claimed.add(run.toClaimed(lanes.byId(tx, run.lane()), input));
    }
    return claimed;
  }

  /** Returns the earliest due time that each lane has left. */
  Map<Integer, Instant> nextDue(List<Demand> demands) throws SQLException {
    var next = new LinkedHashMap<Integer, Instant>();
    for (Demand demand : demands) {
      for (Demand.Quota quota : demand.lanes()) {
        if (!next.containsKey(quota.lane())) {
          tx.first(NEXT, Row::instant, quota.lane()).ifPresent(due -> next.put(quota.lane(), due));
        }
      }
    }
    return next;
  }
}
