// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.Page;
import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import dev.belfry.run.RunQuery;
import dev.belfry.run.Unique;
import dev.belfry.store.NewRun;
import dev.belfry.store.RunRecord;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds runs by the unique key that they were enqueued with, as long as they are kept. */
final class KeySearch {
  /*
   * Keys lie in a table of their own, which a run without one never touches. A key is of few runs,
   * so these are read, newest first, and the other filters are asked about each.
   */
  private static final int CHUNK = 256;

  private final Tx tx;
  private final Queries queries;
  private final RunQuery query;

  KeySearch(Tx tx, Queries queries, RunQuery query) {
    this.tx = tx;
    this.queries = queries;
    this.query = query;
  }

  /** Keeps the keys of runs that are being inserted. */
  static void remember(Tx tx, Collection<NewRun> runs) throws SQLException {
    var rows = new ArrayList<@Nullable Object[]>();
    for (NewRun run : runs) {
      run.unique().map(Unique::key).ifPresent(key -> rows.add(new Object[] {run.id(), key}));
    }
    tx.batch(
        "insert into {run_key} (run, unique_key) values (?, ?)" + tx.sql().unlessThere(), rows);
  }

  Page<RunRecord> page() throws SQLException {
    var found = new ArrayList<RunRecord>();
    Optional<RunId> after = query.after();
    boolean more = true;
    while (more && found.size() <= query.limit()) {
      List<RunId> ids = ids(after);
      Set<RunId> failed = failed(ids);
      queries.byId(ids).stream()
          .filter(record -> failed.contains(record.run().id()) && isMeant(record.run()))
          .sorted(Queries.NEWEST_FIRST)
          .forEach(found::add);
      more = ids.size() == CHUNK;
      after = ids.stream().min(Comparator.naturalOrder());
    }
    return Page.of(found, query.limit());
  }

  private List<RunId> ids(Optional<RunId> after) throws SQLException {
    var args = new ArrayList<@Nullable Object>(List.of(query.key().orElseThrow()));
    after.ifPresent(args::add);
    args.add(CHUNK);
    return tx.list(
        "select run from {run_key} where unique_key = ?"
            + (after.isPresent() ? " and run < ?" : "")
            + " order by unique_key, run desc limit ?",
        Row::run,
        args.toArray());
  }

  /**
   * Returns those of the runs that failed with the text that is looked for; all, if there is none.
   */
  private Set<RunId> failed(List<RunId> ids) throws SQLException {
    if (query.error().isEmpty() || ids.isEmpty()) {
      return new HashSet<>(ids);
    }
    String text = query.error().get();
    return new HashSet<>(
        tx.listIn(
            "select p.run from {history} p where p.run in (*) and " + Queries.ERROR,
            Row::run,
            ids,
            text,
            text,
            text));
  }

  private boolean isMeant(Run run) {
    return query.job().map(run.job()::equals).orElse(true)
        && (query.statuses().isEmpty() || query.statuses().contains(run.status()))
        && (query.schedule().isEmpty() || query.schedule().equals(run.trigger().schedule()))
        && query.tag().map(run.tags()::contains).orElse(true)
        && query.from().map(from -> !run.createdAt().isBefore(from)).orElse(true)
        && query.to().map(run.createdAt()::isBefore).orElse(true);
  }
}
