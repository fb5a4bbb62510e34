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
  static final String READ = "select used, next_at, run from {limit_slot}" + AT_KEY;
  static final String INSERT = "insert into {limit_slot} (name, slot_key, used) values (?, ?, 0)";
  static final String UPDATE = "update {limit_slot} set used = ?, next_at = ?, run = ?" + AT_KEY;

  private final LimitKey key;
  private final Optional<Limit> limit;
  private int used;
  private Optional<Instant> nextAt;
  private Optional<RunId> run;
  private boolean changed;

  private LimitRow(
      LimitKey key,
      Optional<Limit> limit,
      int used,
      Optional<Instant> nextAt,
      Optional<RunId> run) {
    this.key = key;
    this.limit = limit;
    this.used = used;
    this.nextAt = nextAt;
    this.run = run;
  }

  static LimitRow none(LimitKey key, Optional<Limit> limit) {
    return new LimitRow(key, limit, 0, Optional.empty(), Optional.empty());
  }

  static LimitRow of(LimitKey key, Optional<Limit> limit, Row row) throws SQLException {
    return new LimitRow(key, limit, row.number(), row.optionalInstant(), row.optionalRun());
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
    changed = true;
  }

  void release() {
    used--;
    run = Optional.empty();
    changed = true;
  }

  /** Returns whether a run stands in its lane for the next slot. */
  boolean isFirst(HotRun met) {
    return run.equals(Optional.of(met.id()))
        && nextAt.filter(at -> met.dueAt().isAfter(at)).isEmpty();
  }

  /** Has a run stand in its lane for the next slot. */
  void reserve(RunId first) {
    run = Optional.of(first);
    changed = true;
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
    changed = true;
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
    changed = true;
    return starts ? Optional.empty() : Optional.of(debounce.reason(key, newest));
  }

  /** Returns the parameters of {@link #UPDATE} if something has changed since it was last asked. */
  Optional<@Nullable Object[]> change() {
    if (!changed) {
      return Optional.empty();
    }
    changed = false;
    return Optional.of(new @Nullable Object[] {used, nextAt, run, key.limit(), key.key()});
  }
}
