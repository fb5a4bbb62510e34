// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.store.Admission;
import java.sql.SQLException;
import java.util.List;

/**
 * Decides of the runs that a claim meets, under the locks of their keys. One object for a claim.
 */
final class Admissions {
  private final Limits limits;
  private final Turns turns;

  /**
   * Prepares a claim.
   *
   * @param limits with the locks of what it is about
   * @param ready all runs that it meets
   */
  Admissions(Tx tx, Limits limits, List<HotRun> ready) {
    this.limits = limits;
    this.turns = new Turns(tx, ready);
  }

  /** Decides of a run, after those before it; what can't be locked in order stays where it is. */
  Admission of(HotRun run) throws SQLException {
    if (!run.needsSlots()) {
      return new Admission.Start();
    }
    if (!limits.covers(run.limits()) || !turns.isFirst(run)) {
      turns.passOver(run);
      return new Admission.Stay();
    }
    return limits.isNext(run) && limits.take(run.needed())
        ? new Admission.Start()
        : new Admission.Hold();
  }
}
