// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.Counters;
import dev.belfry.run.Failure;
import dev.belfry.run.LedgerCursor;
import dev.belfry.run.LedgerPage;
import dev.belfry.run.LedgerQuery;
import dev.belfry.run.LedgerRow;
import dev.belfry.run.Pass;
import dev.belfry.run.RunId;
import dev.belfry.run.Status;
import dev.belfry.run.Trigger;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads ended passes in the order in which they ended. */
final class LedgerReader {
  /*
   * One select for each final state and one for the passes after which a run went on, each in the
   * order of an index that begins with the state and that clean-up needs anyway; the first of all
   * together are the page. Jobs are told apart afterwards, so that no page reads more than its
   * limit of each. Only a run's last pass says what started it; of others it is looked up.
   */
  private static final String COLUMNS =
      "run, fence, job, attempt, event, node, started_at, ended_at, ran, detail, failure_type,"
          + " failure_message, succeeded, failed, status, kind, actor, schedule, nominal, origin";
  private static final String AFTER =
      " and ended_at >= ? and (ended_at > ? or run > ? or (run = ? and fence > ?))";

  private final Tx tx;
  private final LedgerQuery query;
  private final Instant end;

  LedgerReader(Tx tx, LedgerQuery query) throws SQLException {
    this.tx = tx;
    this.query = query;
    this.end = query.end(tx.now());
  }

  LedgerPage page() throws SQLException {
    var found = new ArrayList<Line>();
    for (Status status : Status.values()) {
      if (status.isFinal()) {
        found.addAll(lines("status = ?", status));
      }
    }
    found.addAll(lines("status is null"));
    found.sort(Comparator.comparing(Line::cursor));
    List<Line> seen = found.subList(0, Math.min(found.size(), query.limit()));
    return new LedgerPage(
        rows(seen.stream().filter(line -> isMeant(line.pass)).toList()),
        seen.isEmpty() ? Optional.empty() : Optional.of(seen.get(seen.size() - 1).cursor()),
        found.size() > seen.size());
  }

  private boolean isMeant(Pass pass) {
    return query.job().map(pass.job()::equals).orElse(true);
  }

  private List<Line> lines(String state, Object... args) throws SQLException {
    var text = new StringBuilder("select " + COLUMNS + " from {history} where " + state);
    var values = new ArrayList<@Nullable Object>(List.of(args));
    if (query.from().isPresent()) {
      text.append(" and ended_at >= ?");
      values.add(query.from().get());
    }
    if (query.after().isPresent()) {
      LedgerCursor after = query.after().get();
      text.append(AFTER);
      values.addAll(
          List.of(after.endedAt(), after.endedAt(), after.run(), after.run(), after.fence()));
    }
    text.append(" and ended_at < ? order by status, ended_at, run, fence limit ?");
    values.add(end);
    values.add(query.limit() + 1);
    return tx.list(text.toString(), Line::of, values.toArray());
  }

  private List<LedgerRow> rows(List<Line> lines) throws SQLException {
    List<RunId> runs = lines.stream().map(line -> line.pass.run()).distinct().sorted().toList();
    var keys = new HashMap<RunId, String>();
    if (!runs.isEmpty()) {
      tx.listIn(
          "select run, unique_key from {run_key} where run in (*)",
          row -> keys.put(row.run(), row.text()),
          runs);
    }
    Map<RunId, Trigger> triggers = triggers(lines);
    return lines.stream()
        .flatMap(
            line ->
                Stream.ofNullable(
                        line.trigger == null ? triggers.get(line.pass.run()) : line.trigger)
                    .map(
                        trigger ->
                            new LedgerRow(
                                line.pass,
                                trigger,
                                Optional.ofNullable(keys.get(line.pass.run())))))
        .toList();
  }

  /** Returns what started the runs whose lines do not say so; those deleted by now are left out. */
  private Map<RunId, Trigger> triggers(List<Line> lines) throws SQLException {
    List<RunId> runs =
        lines.stream()
            .filter(line -> line.trigger == null)
            .map(line -> line.pass.run())
            .distinct()
            .sorted()
            .toList();
    var found = new HashMap<RunId, Trigger>();
    for (String select :
        List.of( // the second one last, so that a run which ends in between is not missed
            "select id, kind, actor, schedule, nominal, origin from {run} where id in (*)",
            "select run, kind, actor, schedule, nominal, origin from {history}"
                + " where run in (*) and status is not null")) {
      if (!runs.isEmpty()) {
        tx.listIn(select, row -> found.put(row.run(), HotRun.trigger(row)), runs);
      }
    }
    return found;
  }

  /**
   * A pass, and what started its run if that is known.
   *
   * @param trigger null for a pass after which the run went on
   */
  private record Line(Pass pass, @Nullable Trigger trigger) {
    static Line of(Row row) throws SQLException {
      var pass =
          new Pass(
              row.run(),
              row.bigNumber(),
              row.text(),
              row.number(),
              Pass.Event.valueOf(row.text()),
              row.optionalNode(),
              row.instant(),
              row.instant(),
              row.duration(),
              row.optionalText().orElse(""),
              failure(row),
              new Counters(row.bigNumber(), row.bigNumber()),
              Map.of(),
              "");
      return new Line(pass, row.optionalText().isEmpty() ? null : HotRun.trigger(row));
    }

    private static Optional<Failure> failure(Row row) throws SQLException {
      Optional<String> type = row.optionalText();
      String message = row.optionalText().orElse("");
      return type.map(name -> Failure.of(name, message));
    }

    LedgerCursor cursor() {
      return new LedgerCursor(pass.endedAt(), pass.run(), pass.fence());
    }
  }
}
