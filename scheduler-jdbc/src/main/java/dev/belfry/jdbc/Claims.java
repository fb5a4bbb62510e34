// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.partitioningBy;
import static java.util.stream.Collectors.toList;

import dev.belfry.jdbc.Admissions.Admitted;
import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
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
          + " claimed_at = ?, first_claimed_at = ?, detail = ?, limits = ?"
          + " where id = ? and fence = ? and state = 0 and held = 0";
  private static final String TAKE_LOCKED =
      "update {run} set state = 1, waiting = false, held = ?, node = ?, fence = fence + 1,"
          + " attempt = case when opens then attempt + 1 else attempt end, claimed_at = ?,"
          + " first_claimed_at = coalesce(first_claimed_at, ?) where id in (*)";
  private static final String PUT_ASIDE =
      "update {run} set held = ?, due_at = ?, limits = ?"
          + " where id = ? and fence = ? and state = 0 and held = 0";
  static final String NEXT =
      "select due_at from {run} where state = 0 and held = 0 and lane = ?"
          + " and due_at >= ? order by state, held, lane, due_at, id limit 1";

  private static final int ROUNDS = 8;

  private final Tx tx;
  private final Lanes lanes;
  private final Marks marks;
  private final NodeId node;
  private final Limits limits;
  private final Batches batches;
  private int putAside;
  private boolean metLimited;

  Claims(Tx tx, Lanes lanes, Marks marks, NodeId node, Limits limits) {
    this.tx = tx;
    this.lanes = lanes;
    this.marks = marks;
    this.node = node;
    this.limits = limits;
    this.batches = new Batches(tx, limits, marks);
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
    return claimed(tx, lanes, taken).stream().map(batches::marked).toList();
  }

  /** Notes how far lanes are empty; those of batches are not, as keys take turns there. */
  private void note(List<HotRun> taken) throws SQLException {
    var last = new HashMap<Integer, Instant>();
    for (HotRun run : taken) {
      if (run.batchKey().isEmpty()) {
        last.merge(run.lane(), run.dueAt(), (one, other) -> one.isAfter(other) ? one : other);
      }
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
      List<HotRun> mine = decide(ready(demand, byLane, tx.sql().claimable(HotRun.COLUMNS)));
      mine.stream()
          .filter(batches::needsWorker)
          .forEach(run -> byLane.merge(run.lane(), 1, Integer::sum));
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

  /** Decides of runs, writes what becomes of them, and returns those that this node has now. */
  private List<HotRun> decide(List<HotRun> ready) throws SQLException {
    if (ready.stream().noneMatch(run -> run.needsSlots() || run.isBatched())) {
      return take(ready.stream().map(Admitted::free).toList(), tx.now());
    }
    if (!limits.isUsed()) {
      limits.lock(ready.stream().flatMap(run -> run.limits().stream()).toList());
    }
    // A slot may have been given back after this transaction began: it was not taken before that.
    Instant now = tx.present();
    Map<Boolean, List<HotRun>> byKind = ready.stream().collect(partitioningBy(HotRun::isBatched));
    var taken = new ArrayList<>(decideEach(requireNonNull(byKind.get(false)), now));
    List<HotRun> together = batches.form(requireNonNull(byKind.get(true)));
    putAside += batches.gathered();
    taken.addAll(take(together.stream().map(Admitted::free).toList(), now));
    return taken;
  }

  private List<HotRun> decideEach(List<HotRun> ready, Instant now) throws SQLException {
    List<HotRun> there = tx.sql().isClaimableLocked() ? ready : stillThere(ready);
    var admissions = new Admissions(tx, limits, there, now);
    var decided = new ArrayList<Admitted>();
    for (HotRun run : there) {
      decided.add(admissions.of(run));
    }
    var settled = new Settled(tx, lanes, limits);
    putAside(decided).forEach(settled::add);
    List<HotRun> taken = take(decided.stream().filter(Admitted::isTaken).toList(), now);
    taken.forEach(run -> settled.add(run.id()));
    settled.write(decided);
    return taken;
  }

  /** Leaves out what somebody else has claimed or moved before this claim had its locks. */
  private List<HotRun> stillThere(List<HotRun> ready) throws SQLException {
    var fences = new HashMap<RunId, Long>();
    tx.listIn(
            "select id, fence from {run}"
                + " where id in (*) and state = 0 and held = 0 and due_at <= ?",
            row -> Map.entry(row.run(), row.bigNumber()),
            ready.stream().map(HotRun::id).toList(),
            tx.now())
        .forEach(entry -> fences.put(entry.getKey(), entry.getValue()));
    return ready.stream()
        .filter(run -> Long.valueOf(run.fence()).equals(fences.get(run.id())))
        .toList();
  }

  /** Moves runs to a later time, or out of their lanes; returns those that were there. */
  private List<RunId> putAside(List<Admitted> decided) throws SQLException {
    List<Admitted> others =
        decided.stream()
            .filter(each -> each.laterDue().isPresent())
            .sorted(Comparator.comparing(each -> each.run().id()))
            .toList();
    var rows = new ArrayList<@Nullable Object[]>();
    for (Admitted each : others) {
      rows.add(
          new @Nullable Object[] {
            each.isHeld() ? Limits.HELD : Limits.FREE,
            each.laterDue(),
            Limits.text(each.run().limits()),
            each.run().id(),
            each.run().fence()
          });
    }
    int[] counts = tx.batch(PUT_ASIDE, rows);
    var done = new ArrayList<RunId>();
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] == 1) {
        Admitted each = others.get(i);
        done.add(each.run().id());
        if (each.isHeld()) {
          limits.hold(each.run());
        } else {
          tx.ready(each.run().lane(), each.laterDue().orElseThrow());
        }
      }
    }
    putAside += done.size();
    return done;
  }

  private List<HotRun> take(List<Admitted> admitted, Instant now) throws SQLException {
    boolean locked = tx.sql().isClaimableLocked();
    Map<Boolean, List<Admitted>> bySurety =
        admitted.stream().collect(partitioningBy(each -> locked && each.isUnchanged()));
    takeLocked(requireNonNull(bySurety.get(true)), now);
    Set<RunId> lost = takeFree(requireNonNull(bySurety.get(false)), now);
    return admitted.stream()
        .filter(each -> !lost.contains(each.run().id()))
        .map(each -> each.run().claimedBy(node, now, each.skip()))
        .toList();
  }

  /** Takes runs whose rows this transaction holds, all that have slots, or none, at once. */
  private void takeLocked(List<Admitted> runs, Instant now) throws SQLException {
    Map<Integer, List<RunId>> byPlace =
        runs.stream()
            .map(Admitted::run)
            .collect(groupingBy(HotRun::heldWhenTaken, mapping(HotRun::id, toList())));
    for (Map.Entry<Integer, List<RunId>> each : byPlace.entrySet()) {
      tx.updateIn(TAKE_LOCKED, each.getValue(), each.getKey(), node, now, now);
    }
  }

  /**
   * Takes runs in order of id, so that rivals never wait for each other in a circle; returns those
   * that somebody else took.
   */
  private Set<RunId> takeFree(List<Admitted> runs, Instant now) throws SQLException {
    List<Admitted> byId =
        runs.stream().sorted(Comparator.comparing(each -> each.run().id())).toList();
    var updates = new ArrayList<@Nullable Object[]>();
    for (Admitted each : byId) {
      HotRun mine = each.run().claimedBy(node, now, each.skip());
      updates.add(
          new @Nullable Object[] {
            mine.held(),
            node,
            mine.fence(),
            mine.attempt(),
            mine.claimedAt(),
            mine.firstClaimedAt(),
            mine.detail().isEmpty() ? null : mine.detail(),
            Limits.text(mine.limits()),
            mine.id(),
            each.run().fence()
          });
    }
    int[] counts = tx.batch(TAKE, updates);
    Set<RunId> lost = new HashSet<>();
    var freed = new ArrayList<LimitKey>();
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] == 0) {
        lost.add(byId.get(i).run().id());
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
}
