// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.RunId;
import dev.belfry.store.Limit;
import dev.belfry.store.LimitKey;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Limits: who has slots, and who is put aside until there is room. One object for one call. */
final class Limits {
  /*
   * One row for each (limit, key), locked in the order of the keys before anybody looks, and before
   * the rows of the runs. So slots are counted exactly, and a run is either put aside before a slot
   * is freed, and found by whoever frees it, or after, and finds it free. A run that goes back to
   * its lane has no slot yet: it takes one when it is claimed, as others may have done meanwhile.
   *
   * Where it is time that makes room, one run stands in its lane, due when the next slot begins.
   * The row names it, so that no second one is sent there; nothing else rests on it.
   */
  static final int FREE = 0;
  static final int HELD = 1;
  static final int IN_SLOTS = 2; // or in its turn: its end has something to give back
  static final int DROPPED = 3; // with the reason as its detail, for whoever holds it to end it

  private static final int FEW = 20; // more than are freed as a rule, less than read all for one
  private static final int SCANNED = 1_000;
  private static final String FIRST =
      "select 1 from {run} where id = ? and state = 0 and held = 0 and cancelled = false"
          + " and due_at <= ?";

  /* By the slots, as a key may have many who are put aside. */
  private static final String AWAITED =
      "select slot_key from {limit_slot} where slot_key in (*) and name = ?"
          + " and exists (select 1 from {held}"
          + " where {held}.name = {limit_slot}.name and {held}.slot_key = {limit_slot}.slot_key)";

  private final Tx tx;
  private final TreeMap<LimitKey, LimitRow> locked = new TreeMap<>();
  private final Map<LimitKey, LimitRow> glanced = new HashMap<>(); // without a lock
  private final Map<LimitKey, Optional<Place>> firstHeld = new HashMap<>();
  private final Map<LimitKey, Boolean> firsts = new HashMap<>(); // who stands for the next slot
  private final Map<String, Optional<Limit>> declared = new HashMap<>();

  Limits(Tx tx) {
    this.tx = tx;
  }

  /** Locks what several runs need, in one go; those of a call that has locked before come late. */
  void lock(Collection<LimitKey> keys) throws SQLException {
    var wanted = new TreeSet<>(keys);
    wanted.removeAll(locked.keySet());
    for (Map.Entry<String, List<String>> limit : byLimit(wanted).entrySet()) {
      lock(limit.getKey(), limit.getValue());
    }
    wanted.removeAll(locked.keySet());
    insert(wanted);
  }

  private void lock(String name, List<String> keys) throws SQLException {
    Optional<Limit> limit = limit(name);
    for (LimitRow row :
        tx.listIn(LimitRow.LOCK, found -> LimitRow.of(name, limit, found), keys, name)) {
      locked.put(row.key(), row);
    }
  }

  /** Inserts what is used for the first time; if a rival has, this call is done again. */
  private void insert(Collection<LimitKey> keys) throws SQLException {
    var rows = new ArrayList<@Nullable Object[]>();
    for (LimitKey key : keys) {
      rows.add(new @Nullable Object[] {key.limit(), key.key()});
      locked.put(key, LimitRow.none(key, limit(key.limit())));
    }
    tx.insertAll(LimitRow.INSERT, rows);
  }

  /** Returns keys as one statement takes them: all of a limit, in order. */
  private static Map<String, List<String>> byLimit(SortedSet<LimitKey> keys) {
    var byLimit = new TreeMap<String, List<String>>();
    for (LimitKey key : keys) {
      byLimit.computeIfAbsent(key.limit(), name -> new ArrayList<>()).add(key.key());
    }
    return byLimit;
  }

  /** Returns what somebody has declared, if anybody did. */
  Optional<Limit> limit(String name) throws SQLException {
    Optional<Limit> known = declared.get(name);
    if (known == null) {
      known = LimitTable.find(tx, name);
      declared.put(name, known);
    }
    return known;
  }

  boolean isUsed() {
    return !locked.isEmpty();
  }

  boolean covers(Collection<LimitKey> keys) {
    return locked.keySet().containsAll(keys);
  }

  /** Returns a row as it is known, perhaps without a lock. */
  private LimitRow known(LimitKey key) throws SQLException {
    LimitRow row = locked.getOrDefault(key, glanced.get(key));
    if (row == null) {
      Optional<Limit> limit = limit(key.limit());
      row =
          tx.first(
                  LimitRow.READ,
                  found -> LimitRow.of(key.limit(), limit, found),
                  key.limit(),
                  key.key())
              .orElse(LimitRow.none(key, limit));
      glanced.put(key, row);
    }
    return row;
  }

  /** Returns a row that was locked. */
  LimitRow row(LimitKey key) {
    LimitRow row = locked.get(key);
    if (row == null) {
      throw new IllegalStateException("nobody has locked " + key);
    }
    return row;
  }

  /** Gives a run its places under locked keys, if there is one in each. */
  boolean take(HotRun run, Instant now) {
    List<LimitKey> keys = run.needed();
    if (!keys.stream().allMatch(key -> row(key).isFree(now))) {
      return false;
    }
    for (LimitKey key : keys) {
      row(key).take(run.id(), now);
      firsts.remove(key);
    }
    return true;
  }

  /**
   * Has a run stand in its lane for the next slot of a throttle, if that is all that it waits for
   * and nobody comes before it. Returns when that is.
   */
  Optional<Instant> reserve(HotRun run, Instant now) throws SQLException {
    for (LimitKey key : run.needed()) {
      boolean mine = row(key).run().equals(Optional.of(run.id()));
      if (row(key).isThrottle()
          ? (!mine && hasFirst(key)) || isBehind(run, key)
          : !row(key).isFree(now)) {
        return Optional.empty();
      }
    }
    return Optional.of(reserve(run.needed(), run.id(), run.dueAt()));
  }

  private Instant reserve(List<LimitKey> keys, RunId run, Instant due) throws SQLException {
    Instant slot = due;
    for (LimitKey key : keys) {
      LimitRow row = known(key);
      if (row.isThrottle()) {
        slot = row.nextAt().filter(due::isBefore).orElse(due);
        row.reserve(run);
        firsts.put(key, true);
      }
    }
    return slot;
  }

  /** Returns whether somebody stands in its lane for the next slot of a throttle. */
  private boolean hasFirst(LimitKey key) throws SQLException {
    Boolean has = firsts.get(key);
    if (has == null) {
      LimitRow row = known(key);
      has =
          row.run().isPresent()
              && tx.exists(FIRST, row.run(), row.nextAt().orElse(Marks.BEGINNING));
      firsts.put(key, has);
    }
    return has;
  }

  private int free(LimitKey key) throws SQLException {
    LimitRow row = known(key);
    return row.isThrottle() && hasFirst(key) ? 0 : row.free();
  }

  private boolean isFree(List<LimitKey> keys) throws SQLException {
    for (LimitKey key : keys) {
      if (free(key) <= 0) {
        return false;
      }
    }
    return true;
  }

  void release(List<LimitKey> keys) {
    keys.forEach(key -> row(key).release());
  }

  /** Puts a run aside that was marked as held. */
  void hold(HotRun run) throws SQLException {
    var rows = new ArrayList<@Nullable Object[]>();
    for (LimitKey key : run.needed()) {
      rows.add(new @Nullable Object[] {key.limit(), key.key(), run.dueAt(), run.id()});
    }
    forget();
    tx.batch("insert into {held} (name, slot_key, due_at, run) values (?, ?, ?, ?)", rows);
  }

  /** Forgets who is put aside, or stands for a slot, as that may have changed. */
  void forget() {
    firstHeld.clear();
    firsts.clear();
  }

  /** Has the first runs that are put aside go back to their lanes, as many as there is room for. */
  void fill(Collection<LimitKey> keys) throws SQLException {
    for (LimitKey key : awaited(new TreeSet<>(keys))) {
      int free = free(key);
      if (free > 0 && !fill(key, Math.min(free, SCANNED - FEW) + FEW)) {
        fill(key, SCANNED); // those before them have no room elsewhere
      }
    }
  }

  /** Returns those for which somebody is put aside, or may be. */
  private SortedSet<LimitKey> awaited(SortedSet<LimitKey> keys) throws SQLException {
    if (keys.size() == 1) {
      return keys; // whoever is put aside is read at once
    }
    var awaited = new TreeSet<LimitKey>();
    for (Map.Entry<String, List<String>> limit : byLimit(keys).entrySet()) {
      String name = limit.getKey();
      awaited.addAll(
          tx.listIn(AWAITED, row -> new LimitKey(name, row.text()), limit.getValue(), name));
    }
    return awaited;
  }

  /** Returns whether there is no room any more, or nobody left for it. */
  private boolean fill(LimitKey key, int most) throws SQLException {
    int free = free(key);
    List<HeldRun> held =
        tx.list(
            "select {run}.id, lane, {run}.due_at, first_claimed_at, attempt, interruptions, limits"
                + " from {held} join {run} on {run}.id = {held}.run"
                + LimitRow.AT_KEY
                + " order by {held}.due_at, {held}.run limit ?",
            HeldRun::of,
            key.limit(),
            key.key(),
            most);
    for (HeldRun run : held) {
      if (free > 0 && isFree(run.needed) && isNext(run.needed, run.id)) {
        free(run);
        free--;
      } else if (free <= 0 || key.isOrder()) {
        return true; // what is full, or whose first can't go, has no place for the others
      }
    }
    return free <= 0 || held.size() < most;
  }

  /** Returns whether nobody who is put aside comes before one of those, as far as order goes. */
  private boolean isNext(List<LimitKey> keys, RunId run) throws SQLException {
    for (LimitKey key : keys) {
      if (key.isOrder() && !firstHeld(key).map(Place::run).equals(Optional.of(run))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns whether nobody who is put aside comes before a run that is not, as far as order goes.
   */
  boolean isNext(HotRun run) throws SQLException {
    for (LimitKey key : run.needed()) {
      if (key.isOrder() && isBehind(run, key)) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether somebody who is put aside for a key comes before a run that is not. */
  private boolean isBehind(HotRun run, LimitKey key) throws SQLException {
    return firstHeld(key).filter(first -> first.isBefore(run.dueAt(), run.id())).isPresent();
  }

  private Optional<Place> firstHeld(LimitKey key) throws SQLException {
    Optional<Place> known = firstHeld.get(key);
    if (known == null) {
      known =
          tx.first(
              "select due_at, run from {held}" + LimitRow.AT_KEY + " order by due_at, run limit 1",
              row -> new Place(row.instant(), row.run()),
              key.limit(),
              key.key());
      firstHeld.put(key, known);
    }
    return known;
  }

  private void free(HeldRun run) throws SQLException {
    Instant due = reserve(run.needed, run.id, run.due);
    int found =
        tx.update("update {run} set held = 0, due_at = ? where id = ? and held = 1", due, run.id);
    tx.update("delete from {held} where run = ?", run.id);
    firstHeld.keySet().removeAll(run.needed);
    if (found == 1) {
      tx.ready(run.lane, due);
    }
  }

  /** Returns the runs that are put aside for a key. */
  List<RunId> heldFor(LimitKey key) throws SQLException {
    return tx.list(
        "select run from {held}" + LimitRow.AT_KEY + " order by due_at, run",
        Row::run,
        key.limit(),
        key.key());
  }

  /** Writes what was taken and released. */
  void write() throws SQLException {
    var byChange = new LinkedHashMap<LimitRow.Change, List<String>>();
    for (LimitRow row : locked.values()) {
      row.change()
          .ifPresent(
              change ->
                  byChange.computeIfAbsent(change, it -> new ArrayList<>()).add(row.key().key()));
    }
    var rows = new ArrayList<@Nullable Object[]>();
    for (Map.Entry<LimitRow.Change, List<String>> each : byChange.entrySet()) {
      List<String> keys = each.getValue();
      if (keys.size() > 1) {
        tx.updateIn(LimitRow.UPDATE_MANY, keys, each.getKey().values());
      } else {
        rows.add(each.getKey().and(keys.get(0)));
      }
    }
    tx.batchOfOnes(LimitRow.UPDATE, rows);
  }

  /** Returns which limits have a run wait, put aside or in its lane. */
  static List<LimitKey> waitedFor(Tx tx, HotRun run) throws SQLException {
    if (run.held() == HELD) {
      return run.limits();
    }
    var waited = new ArrayList<LimitKey>();
    if (run.state() == HotRun.SCHEDULED) {
      run.limits().stream().filter(Newcomers::isDebounced).forEach(waited::add);
      for (LimitKey key : run.needed()) {
        if (key.kind() == Limit.Kind.THROTTLE && new Limits(tx).known(key).isFirst(run)) {
          waited.add(key);
        }
      }
    }
    return waited;
  }

  /** Takes a run out of those that are put aside, or gathered, if it is one of them. */
  static void drop(Tx tx, HotRun run) throws SQLException {
    Gathering.drop(tx, run);
    if (run.held() == HELD) {
      tx.update("delete from {held} where run = ?", run.id());
    }
  }

  /** Has others take the place of a run that was put aside, or was to be next. */
  static void left(Tx tx, HotRun run) throws SQLException {
    drop(tx, run);
    if (!run.limits().isEmpty() && run.batchKey().isEmpty()) {
      fill(tx, run.limits());
    }
  }

  /** Has others take the place of a run that has ended, though no node held it. */
  static void ended(Tx tx, HotRun run) throws SQLException {
    drop(tx, run);
    Newcomers.remove(tx, run);
    if (!run.limits().isEmpty() && run.batchKey().isEmpty()) {
      var limits = new Limits(tx);
      limits.lock(run.limits());
      limits.release(run.freed(true));
      limits.fill(run.limits());
      limits.write();
    }
  }

  static void fill(Tx tx, Collection<LimitKey> keys) throws SQLException {
    var limits = new Limits(tx);
    limits.lock(keys);
    limits.fill(keys);
    limits.write();
  }

  /** Writes keys as labels, limit and key in turn. */
  static @Nullable String text(List<LimitKey> keys) {
    var labels = new ArrayList<String>();
    for (LimitKey key : keys) {
      labels.add(key.limit());
      labels.add(key.key());
    }
    return Texts.labels(labels);
  }

  static List<LimitKey> keys(@Nullable String text) {
    List<String> labels = Texts.labels(text);
    var keys = new ArrayList<LimitKey>();
    for (int i = 0; i < labels.size(); i += 2) {
      keys.add(new LimitKey(labels.get(i), labels.get(i + 1)));
    }
    return List.copyOf(keys);
  }

  /** A run that is put aside. */
  private record HeldRun(RunId id, int lane, Instant due, List<LimitKey> needed) {
    static HeldRun of(Row row) throws SQLException {
      RunId id = row.run();
      int lane = row.number();
      Instant due = row.instant();
      boolean hasTurn = row.optionalInstant().isPresent();
      boolean hasBegun = row.number() + row.number() > 0;
      List<LimitKey> limits = keys(row.textOrNull());
      return new HeldRun(id, lane, due, HotRun.needed(limits, hasTurn, hasBegun));
    }
  }

  /** Where a run stands in an order. */
  private record Place(Instant due, RunId run) {
    boolean isBefore(Instant otherDue, RunId other) {
      int dues = due.compareTo(otherDue);
      return dues == 0 ? run.compareTo(other) < 0 : dues < 0;
    }
  }
}
