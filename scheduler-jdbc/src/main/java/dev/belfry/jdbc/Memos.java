// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.EventId;
import dev.belfry.run.Failure;
import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.store.Delivery;
import dev.belfry.store.Memo;
import dev.belfry.store.MemoKey;
import dev.belfry.store.MemoKind;
import dev.belfry.store.MemoValue;
import dev.belfry.store.MemoWrite;
import dev.belfry.store.NewMemo;
import dev.belfry.store.Payload;
import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import dev.belfry.store.Verdict;
import java.io.ByteArrayOutputStream;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads and writes memos: one object for one transaction. */
final class Memos {
  /*
   * The rows of the runs are locked first, in order of id: a reaper that frees a run meanwhile
   * waits, so no memo lands after the next holder has read them.
   */
  private static final int PIECE = Payload.MAX_BYTES; // no database has a smaller limit
  private static final String RESULT = "RESULT";
  private static final String FAILED = "FAILED";
  private static final String RECEIVED = "RECEIVED";
  private static final String PENDING = "PENDING";

  private static final String SELECT =
      "select {memo}.run, scope, step, occurrence, {memo}.kind, type, state, tries, until,"
          + " codec, coalesce({memo}.bytes, {payload}.bytes),"
          + " failure_type, failure_message, failure_trace, {memo}.event, written_at, payload"
          + " from {memo}"
          + " left join {payload} on {payload}.run = {memo}.run and {payload}.kind = payload";
  private static final String BY_KEY =
      SELECT + " where {memo}.run = ? and scope = ? and step = ? and occurrence = ?";
  private static final String BY_RUN =
      SELECT
          + " where {memo}.run in (*)"
          + " order by {memo}.run, written_at, scope, step, occurrence";
  private static final String INSERT =
      "insert into {memo} (kind, type, state, tries, until, codec, bytes, payload, failure_type,"
          + " failure_message, failure_trace, event, written_at, run, scope, step, occurrence)"
          + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
  private static final String UPDATE =
      "update {memo} set kind = ?, type = ?, state = ?, tries = ?, until = ?, codec = ?,"
          + " bytes = ?, payload = ?, failure_type = ?, failure_message = ?, failure_trace = ?,"
          + " event = ?, written_at = ? where run = ? and scope = ? and step = ? and occurrence = ?";
  private static final String HELD =
      "select id, fence from {run} where id in (*) and state = 1 and node = ? order by id"
          + " for update";

  private final Tx tx;

  Memos(Tx tx) {
    this.tx = tx;
  }

  static Map<RunId, List<Memo>> read(Tx tx, Collection<RunId> runs) throws SQLException {
    var found = new LinkedHashMap<RunId, List<Memo>>();
    for (Stored stored : tx.listIn(BY_RUN, Stored::of, Set.copyOf(runs))) {
      found.computeIfAbsent(stored.run, run -> new ArrayList<>()).add(stored.whole(tx));
    }
    return found;
  }

  List<Verdict> record(NodeId node, List<MemoWrite> writes) throws SQLException {
    var fences = new HashMap<RunId, Long>();
    tx.listIn(
        HELD,
        row -> fences.put(row.run(), row.bigNumber()),
        writes.stream().map(MemoWrite::run).distinct().sorted().toList(),
        node);
    var verdicts = new ArrayList<Verdict>(writes.size());
    for (MemoWrite write : writes) {
      Long fence = fences.get(write.run());
      verdicts.add(
          fence != null && fence == write.fence()
              ? put(write.run(), write.memo())
              : Verdict.REFUSED);
    }
    return verdicts;
  }

  /** Writes a memo of a run whose row is locked. */
  private Verdict put(RunId run, NewMemo memo) throws SQLException {
    Optional<Memo> before = find(run, memo.key());
    if (before.isPresent() && memo.isSameAs(before.get())) {
      return Verdict.REPEATED;
    }
    if (before.isPresent()
        && (before.get().value().isSettled() || before.get().kind() != memo.kind())) {
      return Verdict.REFUSED;
    }
    if (memo.value() instanceof MemoValue.Received received
        && tx.exists("select 1 from {memo} where run = ? and event = ?", run, received.event())) {
      return Verdict.REFUSED;
    }
    tx.requireOne(tx.update(before.isPresent() ? UPDATE : INSERT, values(run, memo)));
    if (before.isPresent() && memo.kind() == MemoKind.WAIT) {
      Waits.close(tx, run, memo.key());
    }
    if (memo.awaited().isPresent()) {
      Waits.open(tx, run, memo.key(), memo.awaited().get());
    }
    return Verdict.APPLIED;
  }

  /** Writes what a run is suspended on, whose row is locked. */
  Suspension suspend(RunId run, List<NewMemo> on) throws SQLException {
    Instant now = tx.now();
    Optional<Instant> earliest = Optional.empty();
    boolean waits = false;
    for (NewMemo memo : on) {
      put(run, memo);
      Memo stored = find(run, memo.key()).orElseThrow();
      if (stored.value().isSettled() || stored.kind() != memo.kind()) {
        return new Suspension(false, Optional.of(now));
      }
      waits |= memo.kind().waits();
      Optional<Instant> until =
          memo.kind().waits() ? stored.until() : Optional.of(stored.until().orElse(now));
      if (earliest.isEmpty() || (until.isPresent() && until.get().isBefore(earliest.get()))) {
        earliest = until;
      }
    }
    return new Suspension(waits, earliest);
  }

  /** Settles a part of a run that waits, unless something else was first; the run goes on. */
  void wake(Delivery.WakeRun wake) throws SQLException {
    Optional<HotRun> run = HotRun.lock(tx, wake.run());
    Optional<Memo> found = find(wake.run(), wake.key());
    if (run.isEmpty()
        || found.isEmpty()
        || found.get().value().isSettled()
        || !found.get().kind().waits()) {
      return;
    }
    Memo memo = found.get();
    boolean fits =
        !(wake.value() instanceof MemoValue.Received received)
            || Waits.isFor(tx, wake.run(), wake.key(), received.event());
    NewMemo settled =
        NewMemo.settled(memo.key(), memo.kind(), memo.type(), wake.value()).withTries(memo.tries());
    if (fits && put(wake.run(), settled) == Verdict.APPLIED && run.get().waiting()) {
      tx.requireOne(
          tx.update(
              "update {run} set state = 0, waiting = false, held = 0, due_at = ?,"
                  + " opens = false, detail = null where id = ?",
              tx.now(),
              wake.run()));
      tx.ready(run.get().lane(), tx.now());
      Limits.drop(tx, run.get());
    }
  }

  private Optional<Memo> find(RunId run, MemoKey key) throws SQLException {
    Optional<Stored> stored =
        tx.first(BY_KEY, Stored::of, run, key.scope(), key.id(), key.occurrence());
    return stored.isPresent() ? Optional.of(stored.get().whole(tx)) : Optional.empty();
  }

  private @Nullable Object[] values(RunId run, NewMemo memo) throws SQLException {
    Instant now = tx.now();
    MemoValue value = memo.value();
    Payload payload = payload(value);
    boolean large = payload != null && payload.size() > Payloads.INLINE_BYTES;
    Optional<Failure> failure = failure(value);
    return new @Nullable Object[] {
      memo.kind(),
      memo.type(),
      state(value),
      memo.tries(),
      memo.until().map(due -> Tx.cut(due.from(now))),
      payload == null ? null : payload.codec(),
      payload == null || large ? null : payload.bytes(),
      payload != null && large ? beside(run, memo.key(), payload) : null,
      failure.map(Failure::type),
      failure.map(Failure::message),
      failure.map(Failure::trace),
      value instanceof MemoValue.Received received ? received.event() : null,
      now,
      run,
      memo.key().scope(),
      memo.key().id(),
      memo.key().occurrence()
    };
  }

  /**
   * Puts a large value beside the memo, in pieces, of which only the last is not full, and returns
   * under which number the first is.
   */
  private int beside(RunId run, MemoKey key, Payload payload) throws SQLException {
    if (payload.size() > MemoValue.MAX_BYTES) {
      throw new StoreException(
          Kind.PERMANENT,
          "result of step \""
              + key.id()
              + "\" of run "
              + run
              + " has "
              + payload.size()
              + " bytes; at most "
              + MemoValue.MAX_BYTES
              + " are allowed",
          null);
    }
    int number =
        1
            + tx.first(
                    "select coalesce(max(kind), 0) from {payload} where run = ?", Row::number, run)
                .map(last -> Math.max(last, Payloads.RESULT))
                .orElseThrow();
    byte[] bytes = payload.bytes();
    for (int piece = 0; piece <= bytes.length / PIECE; piece++) {
      tx.update(
          "insert into {payload} (run, kind, bytes) values (?, ?, ?)",
          run,
          number + piece,
          Arrays.copyOfRange(bytes, piece * PIECE, Math.min(bytes.length, (piece + 1) * PIECE)));
    }
    return number;
  }

  static @Nullable Payload payload(MemoValue value) {
    if (value instanceof MemoValue.Result result) {
      return result.payload();
    }
    return value instanceof MemoValue.Received received ? received.payload() : null;
  }

  static String state(MemoValue value) {
    if (value instanceof MemoValue.Result) {
      return RESULT;
    } else if (value instanceof MemoValue.Received) {
      return RECEIVED;
    }
    return value instanceof MemoValue.Failed ? FAILED : PENDING;
  }

  static Optional<Failure> failure(MemoValue value) {
    if (value instanceof MemoValue.Failed failed) {
      return Optional.of(failed.failure());
    }
    return value instanceof MemoValue.Pending pending ? pending.failure() : Optional.empty();
  }

  /**
   * How a run is suspended.
   *
   * @param waits whether for something other than time
   * @param due when it goes on if nothing comes before
   */
  record Suspension(boolean waits, Optional<Instant> due) {}

  /** A memo with the run that it belongs to. */
  private record Stored(RunId run, Memo memo, Optional<Integer> beside) {
    static Stored of(Row row) throws SQLException {
      RunId run = row.run();
      var key = new MemoKey(row.text(), row.text(), row.number());
      MemoKind kind = MemoKind.valueOf(row.text());
      String type = row.text();
      String state = row.text();
      int tries = row.number();
      Optional<Instant> until = row.optionalInstant();
      MemoValue value = value(row, state, run);
      var memo = new Memo(key, kind, type, value, tries, until, row.instant());
      return new Stored(run, memo, row.optionalNumber());
    }

    /** Returns the memo with all pieces of its value. */
    Memo whole(Tx tx) throws SQLException {
      Payload first = payload(memo.value());
      if (beside.isEmpty() || first == null || first.size() < PIECE) {
        return memo;
      }
      var bytes = new ByteArrayOutputStream();
      bytes.writeBytes(first.bytes());
      int size = first.size();
      for (int next = beside.get() + 1; size == PIECE; next++) {
        byte[] piece =
            tx.first(
                    "select bytes from {payload} where run = ? and kind = ?", Row::bytes, run, next)
                .orElseThrow();
        bytes.writeBytes(piece);
        size = piece.length;
      }
      Payload all = Payload.of(first.codec(), bytes.toByteArray());
      MemoValue value =
          memo.value() instanceof MemoValue.Received received
              ? new MemoValue.Received(received.event(), all)
              : new MemoValue.Result(all);
      return new Memo(
          memo.key(),
          memo.kind(),
          memo.type(),
          value,
          memo.tries(),
          memo.until(),
          memo.writtenAt());
    }

    private static MemoValue value(Row row, String state, RunId run) throws SQLException {
      String codec = row.optionalText().orElse("");
      byte[] bytes = row.bytesOrNull();
      Optional<Failure> failure = History.failure(row);
      Optional<EventId> event = row.optionalEvent();
      return switch (state) {
        case RESULT -> new MemoValue.Result(Payloads.of(codec, bytes, run));
        case RECEIVED ->
            new MemoValue.Received(event.orElseThrow(), Payloads.of(codec, bytes, run));
        case FAILED -> new MemoValue.Failed(failure.orElse(Failure.of("", "")));
        default -> new MemoValue.Pending(failure);
      };
    }
  }
}
