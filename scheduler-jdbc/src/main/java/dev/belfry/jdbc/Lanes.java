// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.store.Lane;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The lanes, kept in memory too: their ids never change and are never given again. Thread-safe. */
final class Lanes {
  private final Map<Integer, Lane> byId = new ConcurrentHashMap<>();
  private final Map<Name, Lane> byName = new ConcurrentHashMap<>();

  /** Makes sure that lanes exist, in a transaction of its own if some may not. */
  void ensure(Transactions transactions, Map<Name, String> queues) {
    if (!byName.keySet().containsAll(queues.keySet())) {
      keep(
          transactions.call(
              "make lanes",
              tx -> {
                insertMissing(tx, queues);
                return read(tx);
              }));
    }
  }

  /** Inserts lanes that do not exist; those are known to others once this is committed. */
  static void insertMissing(Tx tx, Map<Name, String> queues) throws SQLException {
    var missing = new LinkedHashMap<>(queues);
    for (Lane lane : read(tx)) {
      missing.remove(new Name(lane.job(), lane.priority()));
    }
    for (Map.Entry<Name, String> lane : missing.entrySet()) {
      tx.update(
          "insert into {lane} (job, priority, queue) values (?, ?, ?)",
          Texts.name("job name", lane.getKey().job()),
          lane.getKey().priority(),
          Texts.name("queue name", lane.getValue()));
      tx.catalogChanged();
    }
  }

  static List<Lane> read(Tx tx) throws SQLException {
    return tx.list(
        "select id, job, priority, queue from {lane} order by id",
        row -> new Lane(row.number(), row.text(), row.number(), row.text()));
  }

  /** Takes over what was read in a committed transaction. */
  void keep(Collection<Lane> lanes) {
    for (Lane lane : lanes) {
      byId.put(lane.id(), lane);
      byName.put(new Name(lane.job(), lane.priority()), lane);
    }
  }

  Lane named(String job, int priority) {
    Lane lane = byName.get(new Name(job, priority));
    if (lane == null) {
      throw new IllegalStateException("no lane for job \"" + job + "\", priority " + priority);
    }
    return lane;
  }

  /** Returns a lane; one made by another node is looked up. */
  Lane byId(Tx tx, int id) throws SQLException {
    Lane lane = byId.get(id);
    if (lane == null) {
      keep(read(tx));
      lane = byId.get(id);
    }
    return Optional.ofNullable(lane)
        .orElseThrow(() -> new IllegalStateException("lane " + id + " is not in the database"));
  }

  /** What tells lanes apart. */
  record Name(String job, int priority) {}
}
