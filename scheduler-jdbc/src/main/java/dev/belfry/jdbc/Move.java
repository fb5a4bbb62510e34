// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.jdbc.History.End;
import dev.belfry.run.Failure;
import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.store.Ending;
import dev.belfry.store.Outcome;
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
import org.jspecify.annotations.Nullable;

/**
 * Moves runs that have ended from the hot table to history, with all that goes with their end, in
 * one statement. What it leaves where it is, {@link Outcomes} looks at run by run: runs that have
 * slots, and those that are not the node's any more.
 */
final class Move {
  private Move() {}

  /** Returns whether an outcome is of the kind to be moved: a final one without a large result. */
  static boolean takes(Outcome outcome) {
    return Outcomes.end(outcome.ending()).event().isFinal()
        && result(outcome).map(Payload::size).orElse(0) <= Payloads.INLINE_BYTES;
  }

  /** Moves runs; returns which of them it has moved. */
  static Set<RunId> run(Tx tx, String statement, NodeId node, Collection<Outcome> outcomes)
      throws SQLException {
    if (outcomes.isEmpty()) {
      return new HashSet<>();
    }
    List<Outcome> rows = outcomes.stream().sorted(Comparator.comparing(Outcome::run)).toList();
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
            SqlArray.runs(rows, Outcome::run),
            SqlArray.bigNumbers(rows, Outcome::fence),
            SqlArray.bigNumbers(rows, o -> Texts.nanos(o.report().waited()) / 1_000),
            SqlArray.bigNumbers(rows, o -> Texts.nanos(o.report().ran())),
            SqlArray.texts(rows, o -> end(o).event().name()),
            SqlArray.texts(rows, o -> History.orNull(end(o).detail())),
            SqlArray.texts(rows, o -> end(o).failure().map(Failure::type).orElse(null)),
            SqlArray.texts(rows, o -> end(o).failure().map(Failure::message).orElse(null)),
            SqlArray.texts(rows, o -> end(o).failure().map(Failure::trace).orElse(null)),
            SqlArray.bigNumbers(rows, o -> o.report().counters().succeeded()),
            SqlArray.bigNumbers(rows, o -> o.report().counters().failed()),
            SqlArray.texts(rows, o -> Texts.notes(o.report().notes())),
            SqlArray.texts(rows, o -> History.orNull(o.report().log())),
            SqlArray.texts(rows, o -> result(o).map(Payload::codec).orElse(null)),
            SqlArray.bytes(rows, Move::bytes),
            node,
            tx.now(),
            tx.now(),
            tx.now().truncatedTo(ChronoUnit.MINUTES));
    Ledger.freeKeys(tx, keys);
    return new HashSet<>(moved);
  }

  private static End end(Outcome outcome) {
    return Outcomes.end(outcome.ending());
  }

  private static Optional<Payload> result(Outcome outcome) {
    return outcome.ending() instanceof Ending.Completed completed
        ? Optional.of(completed.result())
        : Optional.empty();
  }

  private static byte @Nullable [] bytes(Outcome outcome) {
    return result(outcome).map(Payload::bytes).orElse(null);
  }
}
