// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.NodeId;
import dev.belfry.store.Demand;
import dev.belfry.store.Exchanged;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One look, in one statement, at whether there is anything to do at all. */
final class Glance {
  /*
   * Most of what a node asks while nothing happens is answered by this. It locks and changes
   * nothing, and needs no transaction.
   */
  private static final String LANES =
      """
      with asked as (select id from {lane} where id in (*))
      select asked.id,
        (select due_at from {run} where state = 0 and held = 0 and lane = asked.id
          order by state, held, lane, due_at, id limit 1),
        (select number from {meta} where name = 'catalog'),
        exists (select 1 from {inbox}),
        exists (select 1 from {run} where node = ? and cancelled = true),
        $now
      from asked""";

  private Glance() {}

  /** Returns the answer to an exchange without outcomes, if that is all; else there is work. */
  static Optional<Exchanged> look(Tx tx, NodeId node, List<Demand> demands) throws SQLException {
    List<Integer> lanes =
        demands.stream()
            .flatMap(demand -> demand.lanes().stream())
            .map(Demand.Quota::lane)
            .distinct()
            .toList();
    Dated dated = tx.dated(LANES, node);
    List<Seen> seen =
        tx.listIn(
            dated.text(),
            row ->
                new Seen(
                    row.number(),
                    row.optionalInstant(),
                    row.bigNumber(),
                    row.flag(),
                    row.flag(),
                    row.instant()),
            lanes,
            dated.all());
    return seen.isEmpty() || seen.stream().anyMatch(Seen::isWork)
        ? Optional.empty()
        : Optional.of(answer(seen));
  }

  private static Exchanged answer(List<Seen> seen) {
    Map<Integer, Instant> next = new HashMap<>();
    seen.forEach(one -> one.due.ifPresent(due -> next.put(one.lane, due)));
    Seen any = seen.get(0);
    return new Exchanged(List.of(), List.of(), next, any.now, Map.of(), any.catalog, any.inbox);
  }

  private record Seen(
      int lane, Optional<Instant> due, long catalog, boolean inbox, boolean cancels, Instant now) {
    boolean isWork() {
      return cancels || due.filter(at -> !at.isAfter(now)).isPresent();
    }
  }
}
