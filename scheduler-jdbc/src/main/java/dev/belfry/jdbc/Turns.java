// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.RunId;
import dev.belfry.store.LimitKey;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which of the runs that are ready come first in their orders. One object for one claim. */
final class Turns {
  /*
   * A claim passes over what others have locked, and over what lies before a mark. So the first run
   * that it meets of a key is not always the first that there is. Under the lock of the key, the
   * head of the lane is therefore read once more, whole and without locks: whoever is before others
   * there is claimed by somebody else at this moment, or else by the next.
   */
  private static final int SCANNED = 1_000;
  private static final String HEAD =
      "select {run}.id, cancelled, first_claimed_at, limits"
          + " from {run} where state = 0 and held = 0 and lane = ? and due_at <= ?"
          + " order by state, held, lane, due_at, id limit ?";

  private final Tx tx;
  private final List<HotRun> ready;
  private final Map<Integer, Set<RunId>> firstByLane = new HashMap<>();
  private final Set<LimitKey> passedOver = new HashSet<>();

  Turns(Tx tx, List<HotRun> ready) {
    this.tx = tx;
    this.ready = ready;
  }

  /**
   * Returns whether no run of its lane comes before it in an order that it must wait its turn in,
   * but for those that this claim looks at.
   */
  boolean isFirst(HotRun run) throws SQLException {
    List<LimitKey> orders = run.needed().stream().filter(LimitKey::isOrder).toList();
    if (orders.isEmpty()) {
      return true;
    }
    Set<RunId> first = firstByLane.get(run.lane());
    if (first == null) {
      first = first(run.lane());
      firstByLane.put(run.lane(), first);
    }
    return first.contains(run.id()) && orders.stream().noneMatch(passedOver::contains);
  }

  /** Notes a run that stays in its lane, so that those after it do. */
  void passOver(HotRun run) {
    run.needed().stream().filter(LimitKey::isOrder).forEach(passedOver::add);
  }

  private Set<RunId> first(int lane) throws SQLException {
    List<HotRun> mine = ready.stream().filter(run -> run.lane() == lane).toList();
    Set<RunId> ids = new HashSet<>();
    mine.forEach(run -> ids.add(run.id()));
    Instant last = mine.stream().map(HotRun::dueAt).max(Comparator.naturalOrder()).orElseThrow();
    Set<LimitKey> others = new HashSet<>();
    Set<RunId> first = new HashSet<>();
    for (Waiting run : tx.list(HEAD, Waiting::of, lane, last, SCANNED)) {
      if (!ids.contains(run.id)) {
        others.addAll(run.orders);
      } else if (run.orders.stream().noneMatch(others::contains)) {
        first.add(run.id);
      }
    }
    return first;
  }

  /**
   * A run at the head of a lane.
   *
   * @param orders those in which it waits for its turn
   */
  private record Waiting(RunId id, List<LimitKey> orders) {
    static Waiting of(Row row) throws SQLException {
      RunId id = row.run();
      boolean cancelled = row.flag();
      boolean hasTurn = row.optionalInstant().isPresent();
      List<LimitKey> limits = Limits.keys(row.textOrNull());
      return new Waiting(
          id,
          cancelled || hasTurn ? List.of() : limits.stream().filter(LimitKey::isOrder).toList());
    }
  }
}
