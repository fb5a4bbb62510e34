// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.jdbc.History.End;
import dev.belfry.run.Failure;
import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.store.Ending;
import dev.belfry.store.Outcome;
import dev.belfry.store.PassReport;
import dev.belfry.store.Payload;
import java.sql.SQLException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Moves runs that have ended from the hot table to history, with all that goes with their end, in
 * one statement. What it leaves where it is, {@link Outcomes} looks at run by run: runs that have
 * slots, and those that are not the node's any more.
 */
final class Move {
  private Move() {}

  /**
   * Returns whether an outcome is of the kind to be moved: a final one without a large result. One
   * that was asked to end needed no slots for that, but may have kept its turn.
   */
  static boolean takes(Outcome outcome) {
    return !(outcome.ending() instanceof Ending.Cancelled)
        && Outcomes.end(outcome.ending()).event().isFinal()
        && result(outcome).map(Payload::size).orElse(0) <= Payloads.INLINE_BYTES;
  }

  /**
   * Moves runs; returns which of them it has moved.
   *
   * @param inSlots whether those that have slots, under the locks of these, or those that have none
   */
  static Set<RunId> run(
      Tx tx, String statement, NodeId node, Collection<Outcome> outcomes, boolean inSlots)
      throws SQLException {
    if (outcomes.isEmpty()) {
      return new HashSet<>();
    }
    List<Ended> rows =
        outcomes.stream().sorted(Comparator.comparing(Outcome::run)).map(Ended::of).toList();
    var keys = new ArrayList<Ledger.Key>();
    List<RunId> moved =
        tx.list(
            statement,
            row -> {
              RunId run = row.run();
              String job = row.text();
              row.optionalText().ifPresent(key -> keys.add(new Ledger.Key(job, key, run)));
              return run;
            },
            SqlRows.of(rows)
                .runs(Ended::run)
                .bigNumbers(Ended::fence)
                .bigNumbers(e -> Texts.nanos(e.report.waited()) / 1_000)
                .bigNumbers(e -> Texts.nanos(e.report.ran()))
                .texts(e -> e.end.event().name())
                .texts(e -> History.orNull(e.end.detail()))
                .texts(e -> e.end.failure().map(Failure::type).orElse(null))
                .texts(e -> e.end.failure().map(Failure::message).orElse(null))
                .texts(e -> e.end.failure().map(Failure::trace).orElse(null))
                .bigNumbers(e -> e.report.counters().succeeded())
                .bigNumbers(e -> e.report.counters().failed())
                .texts(e -> Texts.notes(e.report.notes()))
                .texts(e -> History.orNull(e.report.log()))
                .texts(e -> e.result.map(Payload::codec).orElse(null))
                .bytes(e -> e.result.map(Payload::bytes).orElse(null))
                .and(node, inSlots, tx.now(), tx.now(), tx.now().truncatedTo(ChronoUnit.MINUTES)));
    Ledger.freeKeys(tx, keys);
    return new HashSet<>(moved);
  }

  private static Optional<Payload> result(Outcome outcome) {
    return outcome.ending() instanceof Ending.Completed completed
        ? Optional.of(completed.result())
        : Optional.empty();
  }

  /** What becomes of a run. */
  private record Ended(
      RunId run, long fence, End end, PassReport report, Optional<Payload> result) {
    static Ended of(Outcome outcome) {
      return new Ended(
          outcome.run(),
          outcome.fence(),
          Outcomes.end(outcome.ending()),
          outcome.report(),
          Move.result(outcome));
    }
  }
}
