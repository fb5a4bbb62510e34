// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.store.Admission;
import dev.belfry.store.Limit;
import dev.belfry.store.LimitKey;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Decides of the runs that a claim meets, under the locks of their keys. One object for a claim.
 */
final class Admissions {
  /*
   * First those limits are asked that drop runs, and a run that they let through loses their keys,
   * so that it is not counted again when others put it aside. Then all others must have a place.
   */
  private final Tx tx;
  private final Limits limits;
  private final Turns turns;
  private final Instant now;

  /**
   * Prepares a claim.
   *
   * @param limits with the locks of what it is about
   * @param ready all runs that it meets
   * @param now the clock after these locks were had
   */
  Admissions(Tx tx, Limits limits, List<HotRun> ready, Instant now) {
    this.tx = tx;
    this.limits = limits;
    this.turns = new Turns(tx, ready);
    this.now = now;
  }

  /** Decides of a run, after those before it; what can't be locked in order stays where it is. */
  Admitted of(HotRun run) throws SQLException {
    if (!run.needsSlots()) {
      return Admitted.free(run);
    }
    if (!limits.covers(run.limits()) || !turns.isFirst(run)) {
      turns.passOver(run);
      return new Admitted(run, run, new Admission.Stay());
    }
    HotRun passed = run;
    for (LimitKey key : run.dropping()) {
      Optional<String> reason = drop(run, key);
      if (reason.isPresent()) {
        return new Admitted(run, passed, new Admission.Skip(reason.get()));
      }
      passed = key.isTurn() ? passed : passed.without(key);
    }
    return new Admitted(run, passed, place(passed));
  }

  private Optional<String> drop(HotRun run, LimitKey key) throws SQLException {
    LimitRow row = limits.row(key);
    return switch (key.kind()) {
      case DEBOUNCE ->
          row.debounced(run, Newcomers.contains(tx, key, run.id()), Newcomers.last(tx, key), now);
      case RATE -> row.overRate(run.dueAt());
      default -> row.whileActive();
    };
  }

  private Admission place(HotRun run) throws SQLException {
    if (limits.isNext(run) && limits.take(run, now)) {
      return new Admission.Start();
    }
    Optional<Instant> slot = limits.isNext(run) ? limits.reserve(run, now) : Optional.empty();
    return slot.<Admission>map(Admission.MoveTo::new).orElseGet(Admission.Hold::new);
  }

  /**
   * A run that was decided of.
   *
   * @param met as it was
   * @param run without the limits that have let it through for good
   */
  record Admitted(HotRun met, HotRun run, Admission answer) {
    private static final Admission START = new Admission.Start();

    static Admitted free(HotRun run) {
      return new Admitted(run, run, START);
    }

    /** Returns whether the claim changes nothing of it but who has it, and its places. */
    boolean isUnchanged() {
      return answer instanceof Admission.Start && run.limits().equals(met.limits());
    }

    /** Returns whether the claim takes it. */
    boolean isTaken() {
      return answer instanceof Admission.Start || answer instanceof Admission.Skip;
    }

    boolean isHeld() {
      return answer instanceof Admission.Hold;
    }

    /** Returns when a run is due, put aside or in its lane, that the claim does not take. */
    Optional<Instant> laterDue() {
      if (answer instanceof Admission.MoveTo later) {
        return Optional.of(later.due());
      }
      return isHeld() ? Optional.of(run.dueAt()) : Optional.empty();
    }

    Optional<String> skip() {
      return answer instanceof Admission.Skip skip ? Optional.of(skip.reason()) : Optional.empty();
    }

    /**
     * Returns the limits in which others may have a place now: what it has kept them from, or the
     * slot after the one that it has.
     */
    List<LimitKey> leftToOthers() {
      if (answer instanceof Admission.Start) {
        return run.needed().stream().filter(key -> key.kind() == Limit.Kind.THROTTLE).toList();
      }
      return isHeld() || skip().isPresent() ? run.needed() : List.of();
    }

    /** Returns what it has a place in by this claim, to be given back if the claim is lost. */
    List<LimitKey> taken() {
      return met.needsSlots() && answer instanceof Admission.Start
          ? run.needed().stream().filter(key -> key.kind() != Limit.Kind.THROTTLE).toList()
          : List.of();
    }
  }
}
