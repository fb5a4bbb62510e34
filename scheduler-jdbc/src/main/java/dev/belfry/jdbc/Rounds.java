// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.NodeId;
import dev.belfry.store.Demand;
import dev.belfry.store.Exchanged;
import dev.belfry.store.Outcome;
import java.util.List;
import java.util.Optional;

/** The rounds of this store's nodes: exchanges, or glances while nothing happens. Thread-safe. */
final class Rounds {
  private final Database database;
  private volatile boolean quiet; // the last round found nothing, so a glance may do

  Rounds(Database database) {
    this.database = database;
  }

  Exchanged exchange(NodeId node, List<Outcome> outcomes, List<Demand> demands) {
    Optional<Exchanged> idle =
        quiet && outcomes.isEmpty() ? glance(node, demands) : Optional.empty();
    Exchanged answer = idle.orElseGet(() -> write(node, outcomes, demands));
    quiet = outcomes.isEmpty() && answer.claimed().isEmpty();
    return answer;
  }

  private Optional<Exchanged> glance(NodeId node, List<Demand> demands) {
    return database.transactions().read("look for runs", tx -> Glance.look(tx, node, demands));
  }

  private Exchanged write(NodeId node, List<Outcome> outcomes, List<Demand> demands) {
    return database
        .transactions()
        .call(
            "exchange outcomes for runs",
            tx -> Exchange.run(tx, database.lanes(), database.marks(), node, outcomes, demands));
  }
}
