// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.Target;
import dev.belfry.store.Catalog;
import dev.belfry.store.Declaration;
import dev.belfry.store.PauseChange;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Lanes, pauses and what code declares. */
final class Catalogs {
  private Catalogs() {}

  static Catalog read(Tx tx) throws SQLException {
    return new Catalog(version(tx), Lanes.read(tx), paused(tx));
  }

  private static long version(Tx tx) throws SQLException {
    return tx.first("select number from {meta} where name = 'catalog'", Row::bigNumber)
        .orElseThrow();
  }

  private static Set<Target> paused(Tx tx) throws SQLException {
    return new HashSet<>(
        tx.list("select kind, name from {pause}", row -> target(row.text(), row.text())));
  }

  private static Target target(String kind, String name) {
    return switch (kind) {
      case "job" -> Target.job(name);
      case "queue" -> Target.queue(name);
      default -> Target.all();
    };
  }

  static Catalog declare(Tx tx, List<Declaration> declarations) throws SQLException {
    for (Declaration declaration : declarations) {
      Lanes.insertMissing(
          tx,
          Map.of(new Lanes.Name(declaration.job(), declaration.priority()), declaration.queue()));
      int moved =
          tx.update(
              "update {lane} set queue = ? where job = ? and queue <> ?",
              declaration.queue(),
              declaration.job(),
              declaration.queue());
      if (moved > 0) {
        tx.catalogChanged();
      }
      LimitUpkeep.declare(tx, declaration.limits());
      Events.subscribe(tx, declaration.job(), declaration.events());
      for (Declaration.DeclaredSchedule schedule : declaration.schedules()) {
        Schedules.declare(tx, declaration.job(), schedule);
      }
    }
    return read(tx);
  }

  static Catalog pause(Tx tx, List<PauseChange> changes) throws SQLException {
    Set<Target> paused = paused(tx);
    for (PauseChange change : changes) {
      Target target = change.target();
      String kind = kind(target);
      String name = name(target);
      if (change.paused() && paused.add(target)) {
        tx.update(
            "insert into {pause} (kind, name, actor, paused_at) values (?, ?, ?, ?)",
            kind,
            name,
            change.actor(),
            tx.now());
        tx.catalogChanged();
      } else if (!change.paused() && paused.remove(target)) {
        tx.requireOne(tx.update("delete from {pause} where kind = ? and name = ?", kind, name));
        tx.catalogChanged();
      }
    }
    return read(tx);
  }

  private static String kind(Target target) {
    if (target instanceof Target.OfJob) {
      return "job";
    }
    return target instanceof Target.OfQueue ? "queue" : "all";
  }

  private static String name(Target target) {
    if (target instanceof Target.OfJob job) {
      return Texts.name("job name", job.name());
    }
    return target instanceof Target.OfQueue queue ? Texts.name("queue name", queue.name()) : "";
  }
}
