// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.OnActive;
import dev.belfry.run.RunId;
import dev.belfry.store.Limit;
import dev.belfry.store.LimitKey;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The row of a key of a limit, as one call finds it and leaves it. */
final class LimitRow {
  /*
   * `used` counts the runs that have a place, or that a rate's window has let through; `next_at` is
   * when the next slot of a throttle or the next window of a rate may begin, or when a run of a
   * debounce starts though others came after it; `run` is the active run of a singleton, or the one
   * that stands in its lane for the next slot.
   */
  static final String AT_KEY = " where name = ? and slot_key = ?";
  static final String READ = "select slot_key, used, next_at, run from {limit_slot}" + AT_KEY;
  static final String LOCK =
      "select slot_key, used, next_at, run from {limit_slot}"
          + " where slot_key in (*) and name = ? order by slot_key for update";
  static final String INSERT = "insert into {limit_slot} (name, slot_key, used) values (?, ?, 0)";
  static final String UPDATE = "update {limit_slot} set used = ?, next_at = ?, run = ?" + AT_KEY;
  static final String UPDATE_MANY =
      "update {limit_slot} set used = ?, next_at = ?, run = ? where name = ? and slot_key in (*)";

  private final LimitKey key;
  private final Optional<Limit> limit;
  private int used;
  private Optional<Instant> nextAt;
  private Optional<RunId> run;
  private Change written;

  private LimitRow(LimitKey key, Optional<Limit> limit, Change written) {
    this.key = key;
    this.limit = limit;
    this.used = written.used;
    this.nextAt = written.nextAt;
    this.run = written.run;
    this.written = written;
  }

  static LimitRow none(LimitKey key, Optional<Limit> limit) {
    return new LimitRow(key, limit, new Change(key.limit(), 0, Optional.empty(), Optional.empty()));
  }

  static LimitRow of(String name, Optional<Limit> limit, Row row) throws SQLException {
    var key = new LimitKey(name, row.text());
    return new LimitRow(
        key, limit, new Change(name, row.number(), row.optionalInstant(), row.optionalRun()));
  }

  LimitKey key() {
    return key;
  }

  Optional<RunId> run() {
    return run;
  }

  Optional<Instant> nextAt() {
    return nextAt;
  }

  /** Returns how many more runs there is room for, as far as numbers go. */
  int free() {
    if (key.isTurn()) {
      return 1 - used;
    }
    return limit.orElse(null) instanceof Limit.Slots slots
        ? slots.slots() - used
        : Integer.MAX_VALUE;
  }

  /** Returns whether there is a place for one more run. */
  boolean isFree(Instant now) {
    return free() > 0 && !(isThrottle() && nextAt.filter(now::isBefore).isPresent());
  }

  boolean isThrottle() {
    return limit.orElse(null) instanceof Limit.Throttle;
  }

  void take(RunId taker, Instant now) {
    if (limit.orElse(null) instanceof Limit.Throttle throttle) {
      nextAt = Optional.of(throttle.nextAfter(nextAt.orElse(now), now));
      run = Optional.empty();
    } else {
      used++;
      run = key.isTurn() ? Optional.of(taker) : Optional.empty();
    }
  }

  void release() {
    used--;
    run = Optional.empty();
  }

  /** Returns whether a run stands in its lane for the next slot. */
  boolean isFirst(HotRun met) {
    return run.equals(Optional.of(met.id()))
        && nextAt.filter(at -> met.dueAt().isAfter(at)).isEmpty();
  }

  /** Has a run stand in its lane for the next slot. */
  void reserve(RunId first) {
    run = Optional.of(first);
  }

  /** Returns whether a new run has those before it end. */
  boolean replaces() {
    return limit.orElse(null) instanceof Limit.Singleton singleton
        && singleton.onActive() == OnActive.CANCEL;
  }

  /** Returns why a run is not to start while another is active, if that is so. */
  Optional<String> whileActive() {
    return limit.orElse(null) instanceof Limit.Singleton singleton
            && singleton.onActive() == OnActive.SKIP
        ? run.map(active -> singleton.reason(key, active))
        : Optional.empty();
  }

  /** Counts a run, or returns why it is not let through. */
  Optional<String> overRate(Instant due) {
    if (!(limit.orElse(null) instanceof Limit.Rate rate)) {
      return Optional.empty();
    }
    boolean over = nextAt.filter(due::isBefore).isEmpty();
    if (!over && used >= rate.starts()) {
      return Optional.of(rate.reason(key));
    }
    nextAt = over ? Optional.of(due.plus(rate.per())) : nextAt;
    used = over ? 1 : used + 1;
    return Optional.empty();
  }

  /**
   * Returns why a run is not to start that others came after, if that is so.
   *
   * @param isNew whether it is still among those that are not decided of
   * @param newest the last of these
   */
  Optional<String> debounced(HotRun met, boolean isNew, Optional<RunId> newest, Instant now) {
    if (!(limit.orElse(null) instanceof Limit.Debounce debounce)) {
      return Optional.empty();
    }
    if (!isNew) {
      return Optional.of(debounce.reason(key, Optional.empty()));
    }
    Optional<Instant> latest =
        nextAt.or(() -> debounce.max().map(max -> Tx.cut(met.createdAt().plus(max))));
    boolean isLast = newest.equals(Optional.of(met.id()));
    boolean starts = isLast || latest.filter(at -> !now.isBefore(at)).isPresent();
    nextAt = starts ? Optional.empty() : latest;
    return starts ? Optional.empty() : Optional.of(debounce.reason(key, newest));
  }

  /** Returns what the row is to hold, if that is not what it held when this was last asked. */
  Optional<Change> change() {
    var now = new Change(key.limit(), used, nextAt, run);
    boolean same = now.equals(written);
    written = now;
    return same ? Optional.empty() : Optional.of(now);
  }

  /** What rows of a limit hold, but for their keys. */
  record Change(String name, int used, Optional<Instant> nextAt, Optional<RunId> run) {
    /** Returns the parameters of {@link #UPDATE_MANY}, but for the keys. */
    @Nullable Object[] values() {
      return new @Nullable Object[] {used, nextAt, run, name};
    }

    /** Returns the parameters of {@link #UPDATE}. */
    @Nullable Object[] and(String key) {
      return new @Nullable Object[] {used, nextAt, run, name, key};
    }
  }
}
