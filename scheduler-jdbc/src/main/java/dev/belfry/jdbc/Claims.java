// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.partitioningBy;

import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.store.Admission;
import dev.belfry.store.Claimed;
import dev.belfry.store.Demand;
import dev.belfry.store.LimitKey;
import dev.belfry.store.Payload;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Claims runs: reads what is ready, lane by lane, then takes what nobody else took. */
final class Claims {
  private static final String TAKE =
      "update {run} set state = 1, waiting = false, held = ?, node = ?, fence = ?, attempt = ?,"
          + " claimed_at = ?, first_claimed_at = ?, detail = coalesce(?, detail)"
          + " where id = ? and fence = ? and state = 0 and held = 0";
  private static final String TAKE_LOCKED =
      "update {run} set state = 1, waiting = false, node = ?, fence = fence + 1,"
          + " attempt = case when opens then attempt + 1 else attempt end, claimed_at = ?,"
          + " first_claimed_at = coalesce(first_claimed_at, ?) where id in (*)";
  static final String NEXT =
      "select due_at from {run} where state = 0 and held = 0 and lane = ?"
          + " and due_at >= ? order by state, held, lane, due_at, id limit 1";

  private static final int ROUNDS = 8;

  private final Tx tx;
  private final Lanes lanes;
  private final Marks marks;
  private final NodeId node;
  private final Limits limits;
  private int putAside;
  private boolean metLimited;

  Claims(Tx tx, Lanes lanes, Marks marks, NodeId node, Limits limits) {
    this.tx = tx;
    this.lanes = lanes;
    this.marks = marks;
    this.node = node;
    this.limits = limits;
  }

  List<Claimed> claim(List<Demand> demands) throws SQLException {
    var taken = new ArrayList<HotRun>();
    for (Demand demand : demands) {
      List<HotRun> mine = claim(demand);
      if (mine.isEmpty() && forgetMarks(demand)) {
        mine = claim(demand);
      }
      taken.addAll(mine);
    }
    note(taken);
    return claimed(tx, lanes, taken);
  }

  private void note(List<HotRun> taken) throws SQLException {
    var last = new HashMap<Integer, Instant>();
    for (HotRun run : taken) {
      last.merge(run.lane(), run.dueAt(), (one, other) -> one.isAfter(other) ? one : other);
    }
    Instant now = tx.now();
    last.forEach((lane, due) -> marks.claimed(lane, due, now));
  }

  private boolean forgetMarks(Demand demand) throws SQLException {
    boolean any = false;
    for (Demand.Quota quota : demand.lanes()) {
      any |= !marks.of(quota.lane(), tx.now()).equals(Marks.BEGINNING);
      marks.forget(quota.lane());
    }
    return any;
  }

  private List<HotRun> claim(Demand demand) throws SQLException {
    Optional<String> atOnce = tx.sql().claimAtOnce();
    if (atOnce.isEmpty()) {
      return claimEach(demand, List.of());
    }
    List<HotRun> mine = claimAtOnce(demand, atOnce.get());
    return metLimited ? claimEach(demand, mine) : mine;
  }

  /** Claims all that needs no slots; the order is that of the lanes, then of due and id. */
  private List<HotRun> claimAtOnce(Demand demand, String statement) throws SQLException {
    var places = new HashMap<Integer, Integer>();
    demand.lanes().forEach(quota -> places.putIfAbsent(quota.lane(), places.size()));
    metLimited = false;
    Instant now = tx.now();
    var mine = new ArrayList<HotRun>();
    tx.list(
        statement,
        row -> {
          metLimited = row.number() > 0;
          return row.isPresent() && mine.add(HotRun.of(row));
        },
        SqlArray.numbers(demand.lanes(), Demand.Quota::lane),
        SqlArray.numbers(demand.lanes(), Demand.Quota::most),
        SqlArray.instants(demand.lanes(), quota -> marks.of(quota.lane(), now)),
        now,
        demand.limit(),
        node,
        now,
        now);
    mine.sort(
        Comparator.comparing((HotRun run) -> places.get(run.lane()))
            .thenComparing(HotRun::dueAt)
            .thenComparing(HotRun::id));
    return mine;
  }

  /** Claims run by run, after others; where runs are put aside, it looks again for others. */
  private List<HotRun> claimEach(Demand demand, List<HotRun> before) throws SQLException {
    var taken = new ArrayList<HotRun>(before);
    var byLane = new HashMap<Integer, Integer>();
    before.forEach(run -> byLane.merge(run.lane(), 1, Integer::sum));
    boolean again = true;
    for (int round = 0; again && round < ROUNDS; round++) {
      putAside = 0;
      List<HotRun> mine = take(admit(ready(demand, byLane, tx.sql().claimable(HotRun.COLUMNS))));
      mine.forEach(run -> byLane.merge(run.lane(), 1, Integer::sum));
      taken.addAll(mine);
      again = putAside > 0;
    }
    return taken;
  }

  /** Returns what limits the runs that a claim would meet. */
  List<LimitKey> wanted(List<Demand> demands) throws SQLException {
    var keys = new ArrayList<LimitKey>();
    for (Demand demand : demands) {
      ready(demand, Map.of(), tx.sql().ready(HotRun.COLUMNS))
          .forEach(run -> keys.addAll(run.limits()));
    }
    return keys;
  }

  private List<HotRun> ready(Demand demand, Map<Integer, Integer> before, String select)
      throws SQLException {
    int left = demand.limit() - before.values().stream().mapToInt(n -> n).sum();
    var ready = new LinkedHashMap<RunId, HotRun>();
    for (Demand.Quota quota : demand.lanes()) {
      int most = Math.min(quota.most() - before.getOrDefault(quota.lane(), 0), left - ready.size());
      if (most > 0) {
        for (HotRun run :
            tx.list(
                select,
                HotRun::of,
                quota.lane(),
                marks.of(quota.lane(), tx.now()),
                tx.now(),
                most)) {
          ready.putIfAbsent(run.id(), run);
        }
      }
    }
    return List.copyOf(ready.values());
  }

  /** Returns those that the claim takes, and writes what becomes of the others. */
  private List<Admitted> admit(List<HotRun> ready) throws SQLException {
    if (ready.stream().noneMatch(HotRun::needsSlots)) {
      return ready.stream().map(run -> new Admitted(run, Optional.empty())).toList();
    }
    if (!limits.isUsed()) {
      limits.lock(ready.stream().flatMap(run -> run.limits().stream()).toList());
    }
    var admitted = new ArrayList<Admitted>();
    var full = new ArrayList<HotRun>();
    var later = new ArrayList<Later>();
    var admissions = new Admissions(tx, limits, ready);
    for (HotRun run : ready) {
      Admission answer = admissions.of(run);
      if (answer instanceof Admission.Start) {
        admitted.add(new Admitted(run, Optional.empty()));
      } else if (answer instanceof Admission.Skip skip) {
        admitted.add(new Admitted(run, Optional.of(skip.reason())));
      } else if (answer instanceof Admission.Hold) {
        full.add(run);
      } else if (answer instanceof Admission.MoveTo move) {
        later.add(new Later(run, move.due()));
      }
    }
    move(later);
    hold(full);
    return admitted;
  }

  private void move(List<Later> runs) throws SQLException {
    List<Later> byId = runs.stream().sorted(Comparator.comparing(l -> l.run.id())).toList();
    int[] counts =
        tx.batch(
            "update {run} set due_at = ? where id = ? and fence = ? and state = 0 and held = 0",
            byId.stream()
                .map(l -> new @Nullable Object[] {l.due, l.run.id(), l.run.fence()})
                .toList());
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] == 1) {
        tx.ready(byId.get(i).run.lane(), byId.get(i).due);
        putAside++;
      }
    }
  }

  private void hold(List<HotRun> full) throws SQLException {
    List<HotRun> byId = full.stream().sorted(Comparator.comparing(HotRun::id)).toList();
    int[] counts =
        tx.batch(
            "update {run} set held = 1 where id = ? and fence = ? and state = 0 and held = 0",
            byId.stream().map(run -> new @Nullable Object[] {run.id(), run.fence()}).toList());
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] == 1) {
        limits.hold(byId.get(i));
        putAside++;
      }
    }
    for (HotRun run : byId) {
      limits.fill(run.limits()); // it may have kept others from a key that has room
    }
  }

  private List<HotRun> take(List<Admitted> admitted) throws SQLException {
    // A slot may have been given back after this transaction began: it was not taken before that.
    Instant now = admitted.stream().anyMatch(Admitted::isLimited) ? tx.present() : tx.now();
    boolean locked = tx.sql().isClaimableLocked();
    Map<Boolean, List<Admitted>> bySurety =
        admitted.stream().collect(partitioningBy(each -> locked && !each.isLimited()));
    takeLocked(requireNonNull(bySurety.get(true)), now);
    Set<RunId> lost = takeFree(requireNonNull(bySurety.get(false)), now);
    return admitted.stream()
        .filter(each -> !lost.contains(each.run.id()))
        .map(each -> each.run.claimedBy(node, now, each.skip))
        .toList();
  }

  /** Takes runs whose rows this transaction holds, all in one statement. */
  private void takeLocked(List<Admitted> runs, Instant now) throws SQLException {
    tx.updateIn(TAKE_LOCKED, runs.stream().map(each -> each.run.id()).toList(), node, now, now);
  }

  /**
   * Takes runs in order of id, so that rivals never wait for each other in a circle; returns those
   * that somebody else took.
   */
  private Set<RunId> takeFree(List<Admitted> runs, Instant now) throws SQLException {
    List<Admitted> byId =
        runs.stream().sorted(Comparator.comparing(each -> each.run.id())).toList();
    var updates = new ArrayList<@Nullable Object[]>();
    for (Admitted each : byId) {
      HotRun mine = each.run.claimedBy(node, now, each.skip);
      updates.add(
          new @Nullable Object[] {
            mine.held(),
            node,
            mine.fence(),
            mine.attempt(),
            mine.claimedAt(),
            mine.firstClaimedAt(),
            each.skip,
            mine.id(),
            each.run.fence()
          });
    }
    int[] counts = tx.batch(TAKE, updates);
    Set<RunId> lost = new HashSet<>();
    var freed = new ArrayList<LimitKey>();
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] == 0) {
        lost.add(byId.get(i).run.id());
        freed.addAll(byId.get(i).taken());
      }
    }
    limits.release(freed);
    limits.fill(freed);
    return lost;
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
          tx.first(NEXT, Row::instant, quota.lane(), marks.of(quota.lane(), tx.now()))
              .ifPresent(due -> next.put(quota.lane(), due));
        }
      }
    }
    return next;
  }

  /**
   * A run that the claim takes.
   *
   * @param skip why it is to be ended without a start, if a limit drops it
   */
  private record Admitted(HotRun run, Optional<String> skip) {
    boolean isLimited() {
      return run.needsSlots();
    }

    /** Returns what it has a place in by this claim. */
    List<LimitKey> taken() {
      return isLimited() && skip.isEmpty() ? run.needed() : List.of();
    }
  }

  /** A run that goes to a later place in its lane. */
  private record Later(HotRun run, Instant due) {}
}
