// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.jdbc.Admissions.Admitted;
import dev.belfry.run.RunId;
import dev.belfry.store.LimitKey;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What follows for other runs from what a claim has decided and written. One object for a claim.
 */
final class Settled {
  private final Tx tx;
  private final Lanes lanes;
  private final Limits limits;
  private final Set<RunId> written = new HashSet<>();

  Settled(Tx tx, Lanes lanes, Limits limits) {
    this.tx = tx;
    this.lanes = lanes;
    this.limits = limits;
  }

  /** Notes what the claim has written as it was decided. */
  void add(RunId run) {
    written.add(run);
  }

  /**
   * Writes what follows.
   *
   * @param inOrder all that the claim has decided of, in the order in which it did
   */
  void write(List<Admitted> inOrder) throws SQLException {
    List<Admitted> decided =
        inOrder.stream()
            .filter(each -> each.met().needsSlots() && written.contains(each.met().id()))
            .toList();
    List<LimitKey> changed = new ArrayList<>();
    for (Admitted each : decided) {
      if (each.skip().isPresent()) {
        Newcomers.remove(tx, each.met());
      } else {
        Newcomers.removeUpTo(tx, each.met());
      }
      changed.addAll(each.leftToOthers());
    }
    limits.fill(changed);
    replace(decided);
  }

  /** Has those end that the last new run of a singleton replaces: the active one, and the held. */
  private void replace(List<Admitted> decided) throws SQLException {
    Map<LimitKey, RunId> last = new LinkedHashMap<>();
    for (Admitted each : decided) {
      if (each.skip().isEmpty()) {
        each.run().needed().stream()
            .filter(key -> limits.row(key).replaces())
            .forEach(key -> last.put(key, each.run().id()));
      }
    }
    for (Map.Entry<LimitKey, RunId> entry : last.entrySet()) {
      var old = new ArrayList<RunId>(limits.heldFor(entry.getKey()));
      limits.row(entry.getKey()).run().ifPresent(old::add);
      limits.write(); // what is asked to end looks for itself who has which place
      for (RunId run : old) {
        if (!run.equals(entry.getValue())) {
          new Amendments(tx, lanes).cancel(run, "replaced by run " + entry.getValue());
        }
      }
      limits.forget();
    }
  }
}
