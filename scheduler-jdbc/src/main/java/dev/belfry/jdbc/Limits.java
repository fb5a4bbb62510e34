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
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
   */
  static final int FREE = 0;
  static final int HELD = 1;
  static final int IN_SLOTS = 2;
  static final int DROPPED = 3;

  private static final int SCANNED = 1_000;

  private final Tx tx;
  private final TreeMap<LimitKey, LimitRow> locked = new TreeMap<>();
  private final Map<LimitKey, LimitRow> glanced = new HashMap<>(); // without a lock
  private final Map<LimitKey, Optional<Place>> firstHeld = new HashMap<>();
  private final Map<String, Optional<Limit>> declared = new HashMap<>();

  Limits(Tx tx) {
    this.tx = tx;
  }

  /** Locks what several runs need, in one go; those of a call that has locked before come late. */
  void lock(Collection<LimitKey> keys) throws SQLException {
    for (LimitKey key : new TreeSet<>(keys)) {
      if (!locked.containsKey(key)) {
        locked.put(key, lock(key));
      }
    }
  }

  private LimitRow lock(LimitKey key) throws SQLException {
    Optional<LimitRow> row = read(key, " for update");
    if (row.isEmpty()) {
      tx.update(LimitRow.INSERT, key.limit(), key.key());
    }
    return row.isPresent() ? row.get() : LimitRow.none(key, limit(key));
  }

  private Optional<LimitRow> read(LimitKey key, String lock) throws SQLException {
    Optional<Limit> limit = limit(key);
    return tx.first(
        LimitRow.READ + lock, row -> LimitRow.of(key, limit, row), key.limit(), key.key());
  }

  private Optional<Limit> limit(LimitKey key) throws SQLException {
    Optional<Limit> known = declared.get(key.limit());
    if (known == null) {
      known = LimitTable.find(tx, key.limit());
      declared.put(key.limit(), known);
    }
    return known;
  }

  boolean isUsed() {
    return !locked.isEmpty();
  }

  boolean covers(Collection<LimitKey> keys) {
    return locked.keySet().containsAll(keys);
  }

  /** Returns whether there is room, as far as is known without a lock. */
  private boolean hasRoom(LimitKey key) throws SQLException {
    LimitRow row = locked.getOrDefault(key, glanced.get(key));
    if (row == null) {
      row = read(key, "").orElse(LimitRow.none(key, limit(key)));
      glanced.put(key, row);
    }
    return row.free() > 0;
  }

  private boolean hasRoom(List<LimitKey> keys) throws SQLException {
    for (LimitKey key : keys) {
      if (!hasRoom(key)) {
        return false;
      }
    }
    return true;
  }

  /** Takes slots under locked keys, if there are enough. */
  boolean take(List<LimitKey> keys) throws SQLException {
    if (!hasRoom(keys)) {
      return false;
    }
    keys.forEach(key -> row(key).take());
    return true;
  }

  void release(List<LimitKey> keys) {
    keys.forEach(key -> row(key).release());
  }

  private LimitRow row(LimitKey key) {
    LimitRow row = locked.get(key);
    if (row == null) {
      throw new IllegalStateException("nobody has locked " + key);
    }
    return row;
  }

  /** Puts a run aside that was marked as held. */
  void hold(HotRun run) throws SQLException {
    var rows = new ArrayList<@Nullable Object[]>();
    for (LimitKey key : run.needed()) {
      rows.add(new @Nullable Object[] {key.limit(), key.key(), run.dueAt(), run.id()});
    }
    firstHeld.keySet().removeAll(run.limits());
    tx.batch("insert into {held} (name, slot_key, due_at, run) values (?, ?, ?, ?)", rows);
  }

  /** Has the first runs that are put aside go back to their lanes, as many as there is room for. */
  void fill(Collection<LimitKey> keys) throws SQLException {
    for (LimitKey key : new TreeSet<>(keys)) {
      int room = row(key).free();
      if (room > 0) {
        List<HeldRun> held =
            tx.list(
                "select {run}.id, lane, {run}.due_at, first_claimed_at, limits from {held}"
                    + " join {run} on {run}.id = {held}.run"
                    + LimitRow.AT_KEY
                    + " order by {held}.due_at, {held}.run limit ?",
                HeldRun::of,
                key.limit(),
                key.key(),
                SCANNED);
        for (HeldRun run : held) {
          if (room > 0 && hasRoom(run.needed) && isNext(run.needed, run.id)) {
            free(run);
            room--;
          } else if (room <= 0 || key.isOrder()) {
            break; // what is full, or whose first can't go, has no place for the others
          }
        }
      }
    }
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
      if (key.isOrder()
          && firstHeld(key).filter(first -> first.isBefore(run.dueAt(), run.id())).isPresent()) {
        return false;
      }
    }
    return true;
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
    int found = tx.update("update {run} set held = 0 where id = ? and held = 1", run.id);
    tx.update("delete from {held} where run = ?", run.id);
    firstHeld.keySet().removeAll(run.needed);
    if (found == 1) {
      tx.ready(run.lane, run.due);
    }
  }

  /** Writes what was taken and released. */
  void write() throws SQLException {
    var rows = new ArrayList<@Nullable Object[]>();
    locked.values().forEach(row -> row.change().ifPresent(rows::add));
    tx.batchOfOnes(LimitRow.UPDATE, rows);
  }

  /** Takes a run out of those that are put aside, if it is one of them. */
  static void drop(Tx tx, HotRun run) throws SQLException {
    if (run.held() == HELD) {
      tx.update("delete from {held} where run = ?", run.id());
    }
  }

  /** Has others take the place of a run that was put aside, or was to be next. */
  static void left(Tx tx, HotRun run) throws SQLException {
    drop(tx, run);
    if (!run.limits().isEmpty()) {
      fill(tx, run.limits());
    }
  }

  /** Has others take the place of a run that has ended, though no node held it. */
  static void ended(Tx tx, HotRun run) throws SQLException {
    drop(tx, run);
    if (!run.limits().isEmpty()) {
      var limits = new Limits(tx);
      limits.lock(run.limits());
      limits.release(run.freed(true));
      limits.fill(run.limits());
      limits.write();
    }
  }

  private static void fill(Tx tx, Collection<LimitKey> keys) throws SQLException {
    var limits = new Limits(tx);
    limits.lock(keys);
    limits.fill(keys);
  }

  static void declare(Tx tx, List<Limit> limits) throws SQLException {
    for (Limit limit : limits) {
      if (LimitTable.declare(tx, limit)) {
        fill(
            tx,
            tx.list(
                "select distinct name, slot_key from {held} where name = ?",
                Limits::key,
                limit.name()));
      }
    }
  }

  /** Fills whatever has room: some may have gone back to a lane that is paused by now. */
  static void sweep(Tx tx) throws SQLException {
    fill(tx, tx.list("select distinct name, slot_key from {held} limit ?", Limits::key, SCANNED));
    List<@Nullable Object[]> unused =
        tx.list(
            "select name, slot_key from {limit_slot} where used = 0 and next_slot_at is null"
                + " limit ?",
            row -> new @Nullable Object[] {row.text(), row.text()},
            SCANNED);
    tx.batch(
        "delete from {limit_slot}" + LimitRow.AT_KEY + " and used = 0 and next_slot_at is null",
        unused);
  }

  private static LimitKey key(Row row) throws SQLException {
    return new LimitKey(row.text(), row.text());
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
      List<LimitKey> limits = keys(row.textOrNull());
      return new HeldRun(
          id, lane, due, limits.stream().filter(key -> !(key.isTurn() && hasTurn)).toList());
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
