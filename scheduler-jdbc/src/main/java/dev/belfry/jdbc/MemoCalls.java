// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.Failure;
import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.store.MemoKey;
import dev.belfry.store.MemoValue;
import dev.belfry.store.MemoWrite;
import dev.belfry.store.NewMemo;
import dev.belfry.store.Payload;
import dev.belfry.store.Verdict;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The calls that write memos: in one message, or in a transaction. Thread-safe. */
final class MemoCalls {
  /*
   * Nearly all that is written is the result of a step that nothing is known of yet. So this is
   * tried first, in a statement that is a transaction of its own: a function pays one round trip for
   * a step. What it leaves out is there already, or refused; the transaction finds out which.
   */
  private static final String WRITE = "write memos";

  private final Database database;

  MemoCalls(Database database) {
    this.database = database;
  }

  List<Verdict> record(NodeId node, List<MemoWrite> writes) {
    Optional<String> atOnce = database.recordAlone(writes.size());
    if (atOnce.isEmpty() || !arePlain(writes)) {
      return inTransaction(node, writes);
    }
    Set<Place> written =
        database.transactions().alone(WRITE, tx -> recordAlone(tx, atOnce.get(), node, writes));
    List<MemoWrite> left =
        writes.stream().filter(write -> !written.contains(Place.of(write))).toList();
    return left.isEmpty()
        ? Collections.nCopies(writes.size(), Verdict.APPLIED)
        : verdicts(writes, left, inTransaction(node, left));
  }

  private List<Verdict> inTransaction(NodeId node, List<MemoWrite> writes) {
    return database.transactions().call(WRITE, tx -> new Memos(tx).record(node, writes));
  }

  private static List<Verdict> verdicts(
      List<MemoWrite> writes, List<MemoWrite> left, List<Verdict> ofLeft) {
    Map<Place, Verdict> others = new HashMap<>();
    for (int i = 0; i < ofLeft.size(); i++) {
      others.put(Place.of(left.get(i)), ofLeft.get(i));
    }
    return writes.stream()
        .map(write -> others.getOrDefault(Place.of(write), Verdict.APPLIED))
        .toList();
  }

  /** Returns whether each is one row, which settles nothing but itself. */
  private static boolean arePlain(List<MemoWrite> writes) {
    return writes.stream().allMatch(MemoCalls::isPlain)
        && writes.stream().map(Place::of).distinct().count() == writes.size();
  }

  private static boolean isPlain(MemoWrite write) {
    MemoValue value = write.memo().value();
    return value instanceof MemoValue.Result result
        ? result.payload().size() <= Payloads.INLINE_BYTES
        : value instanceof MemoValue.Failed;
  }

  private static Set<Place> recordAlone(
      Tx tx, String statement, NodeId node, List<MemoWrite> writes) throws SQLException {
    return new HashSet<>(
        tx.listDated(
            statement,
            Place::of,
            writes.size() == 1
                ? row(writes.get(0), node, tx.ownNow())
                : rows(writes, node, tx.ownNow())));
  }

  private static @Nullable Object[] row(MemoWrite write, NodeId node, Optional<Instant> now) {
    NewMemo memo = write.memo();
    return new @Nullable Object[] {
      memo.key().scope(),
      memo.key().id(),
      memo.key().occurrence(),
      memo.kind(),
      memo.type(),
      Memos.state(memo.value()),
      memo.tries(),
      payload(write).map(Payload::codec),
      payload(write).map(Payload::bytes),
      failure(write).map(Failure::type),
      failure(write).map(Failure::message),
      failure(write).map(Failure::trace),
      now,
      write.run(),
      write.fence(),
      node
    };
  }

  private static @Nullable Object[] rows(
      List<MemoWrite> writes, NodeId node, Optional<Instant> now) {
    List<MemoWrite> rows = writes.stream().sorted(Comparator.comparing(MemoWrite::run)).toList();
    List<RunId> runs = rows.stream().map(MemoWrite::run).distinct().toList();
    return SqlRows.of(rows)
        .runs(MemoWrite::run)
        .bigNumbers(MemoWrite::fence)
        .texts(write -> write.memo().key().scope())
        .texts(write -> write.memo().key().id())
        .numbers(write -> write.memo().key().occurrence())
        .texts(write -> write.memo().kind().name())
        .texts(write -> write.memo().type())
        .texts(write -> Memos.state(write.memo().value()))
        .numbers(write -> write.memo().tries())
        .texts(write -> payload(write).map(Payload::codec).orElse(null))
        .bytes(write -> payload(write).map(Payload::bytes).orElse(null))
        .texts(write -> failure(write).map(Failure::type).orElse(null))
        .texts(write -> failure(write).map(Failure::message).orElse(null))
        .texts(write -> failure(write).map(Failure::trace).orElse(null))
        .and(SqlArray.runs(runs), node, now);
  }

  private static Optional<Payload> payload(MemoWrite write) {
    return Optional.ofNullable(Memos.payload(write.memo().value()));
  }

  private static Optional<Failure> failure(MemoWrite write) {
    return Memos.failure(write.memo().value());
  }

  /** Where a memo is. */
  private record Place(RunId run, MemoKey key) {
    static Place of(MemoWrite write) {
      return new Place(write.run(), write.memo().key());
    }

    static Place of(Row row) throws SQLException {
      return new Place(row.run(), new MemoKey(row.text(), row.text(), row.number()));
    }
  }
}
