// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.run.RunState;
import dev.belfry.run.Trigger;
import dev.belfry.store.Claimed;
import dev.belfry.store.Lane;
import dev.belfry.store.Limit;
import dev.belfry.store.LimitKey;
import dev.belfry.store.Payload;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A row of the hot table: a run that has not ended.
 *
 * @param opens whether the next claim opens an attempt, or, of a running one, whether its claim did
 * @param waiting whether it waits for something other than time; one that does so for a limited
 *     time lies among the scheduled ones, due at the end of that time
 * @param cancelOn whether events end it, which stand among the waits
 * @param held whether it is put aside, or has slots, as {@link Limits} says
 * @param input null if it lies in the payload table
 */
record HotRun(
    RunId id,
    int lane,
    Instant dueAt,
    int state,
    Optional<NodeId> node,
    long fence,
    int attempt,
    boolean opens,
    Instant firstDue,
    Instant createdAt,
    Optional<Instant> claimedAt,
    Optional<Instant> firstClaimedAt,
    int interruptions,
    boolean cancelled,
    Optional<String> cancelReason,
    Trigger trigger,
    List<String> tags,
    Optional<String> uniqueKey,
    boolean watched,
    boolean waiting,
    boolean cancelOn,
    int held,
    List<LimitKey> limits,
    String detail,
    String codec,
    byte @Nullable [] input) {
  static final int SCHEDULED = 0;
  static final int RUNNING = 1;
  static final int WAITING = 2;
  static final int BLOCKED = 3;

  static final String COLUMNS =
      "{run}.id, lane, due_at, state, node, fence, attempt, opens, first_due, created_at,"
          + " claimed_at, first_claimed_at, interruptions, cancelled, cancel_reason,"
          + " kind, actor, schedule, nominal, origin, tags, unique_key, watched, waiting, cancel_on, held,"
          + " limits, detail, codec, input";

  private static final String BY_IDS =
      "select " + COLUMNS + " from {run} where {run}.id in (*) order by {run}.id";

  static HotRun of(Row row) throws SQLException {
    return new HotRun(
        row.run(),
        row.number(),
        row.instant(),
        row.number(),
        row.optionalNode(),
        row.bigNumber(),
        row.number(),
        row.flag(),
        row.instant(),
        row.instant(),
        row.optionalInstant(),
        row.optionalInstant(),
        row.number(),
        row.flag(),
        row.optionalText(),
        trigger(row),
        Texts.labels(row.textOrNull()),
        row.optionalText(),
        row.flag(),
        row.flag(),
        row.flag(),
        row.number(),
        Limits.keys(row.textOrNull()),
        row.optionalText().orElse(""),
        row.text(),
        row.bytesOrNull());
  }

  static Trigger trigger(Row row) throws SQLException {
    return new Trigger(
        Trigger.Kind.valueOf(row.text()),
        row.optionalText(),
        row.optionalText(),
        row.optionalInstant(),
        row.optionalRun());
  }

  /** Reads runs in order of id; those that have ended are left out. */
  static List<HotRun> read(Tx tx, List<RunId> ids) throws SQLException {
    return tx.listIn(BY_IDS, HotRun::of, ids);
  }

  /** Reads a run and locks its row. */
  static Optional<HotRun> lock(Tx tx, RunId id) throws SQLException {
    return tx.first(
        "select " + COLUMNS + " from {run} where {run}.id = ? for update", HotRun::of, id);
  }

  boolean isHeldBy(NodeId holder, long heldFence) {
    return state == RUNNING && fence == heldFence && node.equals(Optional.of(holder));
  }

  /** Returns the attempts opened before the present claim. */
  int attemptBefore() {
    return opens ? attempt - 1 : attempt;
  }

  /** Returns when its holder claimed it; {@code now} for a run that nobody holds. */
  Instant claimedAt(Instant now) {
    return state == RUNNING ? claimedAt.orElse(now) : now;
  }

  RunState toState() {
    if (waiting) {
      return new RunState.Waiting(detail, attempt);
    }
    return switch (state) {
      case RUNNING -> new RunState.Running(node.orElseThrow(), claimedAt(dueAt), attempt, opens);
      case BLOCKED -> new RunState.Blocked(detail, attempt);
      default -> new RunState.Scheduled(dueAt, attempt, opens);
    };
  }

  /** Returns whether a claim must find room for it; one that is asked to end needs none. */
  boolean needsSlots() {
    return !limits.isEmpty() && !cancelled && batchKey().isEmpty();
  }

  /** Returns what its batches are gathered by. Then it has no other limit. */
  Optional<LimitKey> batchKey() {
    return batchKey(limits);
  }

  static Optional<LimitKey> batchKey(List<LimitKey> limits) {
    return limits.size() == 1 && limits.get(0).kind() == Limit.Kind.BATCH
        ? Optional.of(limits.get(0))
        : Optional.empty();
  }

  /** Returns whether it starts in a batch; one that is asked to end does not start. */
  boolean isBatched() {
    return !cancelled && batchKey().isPresent();
  }

  boolean hasSlots() {
    return held == Limits.IN_SLOTS;
  }

  /**
   * Returns whether it has its turn where only one is active, from its first claim until it has
   * ended. One that is asked to end before it had its turn does not wait for one any more.
   */
  boolean hasTurn() {
    return firstClaimedAt.isPresent();
  }

  /** Returns what a claim must find room for. */
  List<LimitKey> needed() {
    return needed(limits, hasTurn(), attempt > 0 || interruptions > 0);
  }

  /** Returns what a claim must find room for, of a run that may have its turn, or have begun. */
  static List<LimitKey> needed(List<LimitKey> limits, boolean hasTurn, boolean hasBegun) {
    return limits.stream()
        .filter(
            key ->
                switch (key.kind()) {
                  case SLOTS -> true;
                  case ORDER, SINGLETON -> !hasTurn;
                  case THROTTLE -> !hasBegun;
                  case RATE, DEBOUNCE, BATCH -> false;
                })
        .toList();
  }

  /** Returns what may drop it when it is claimed, in the order in which it is asked. */
  List<LimitKey> dropping() {
    return hasTurn()
        ? List.of()
        : Stream.of(Limit.Kind.DEBOUNCE, Limit.Kind.RATE, Limit.Kind.SINGLETON)
            .flatMap(kind -> limits.stream().filter(key -> key.kind() == kind))
            .toList();
  }

  /** Returns this run without a limit that has let it through for good. */
  HotRun without(LimitKey key) {
    return withLimits(limits.stream().filter(other -> !other.equals(key)).toList());
  }

  private HotRun withLimits(List<LimitKey> left) {
    return new HotRun(
        id,
        lane,
        dueAt,
        state,
        node,
        fence,
        attempt,
        opens,
        firstDue,
        createdAt,
        claimedAt,
        firstClaimedAt,
        interruptions,
        cancelled,
        cancelReason,
        trigger,
        tags,
        uniqueKey,
        watched,
        waiting,
        cancelOn,
        held,
        left,
        detail,
        codec,
        input);
  }

  /**
   * Returns what its holder gives back for it.
   *
   * @param ended whether for good, with its turn
   */
  List<LimitKey> freed(boolean ended) {
    return limits.stream()
        .filter(key -> key.isTurn() ? ended && hasTurn() : isSlots(key) && hasSlots())
        .toList();
  }

  private static boolean isSlots(LimitKey key) {
    return key.kind() == Limit.Kind.SLOTS;
  }

  /** Returns why the node that claims or holds it is to end it, if a limit drops it. */
  Optional<String> skipped() {
    return held == Limits.DROPPED ? Optional.of(detail) : Optional.empty();
  }

  /** Returns when it is due for a claim that may take it early, with others of its batch. */
  private Instant dueBy(Instant now) {
    return dueAt.isAfter(now) ? now : dueAt;
  }

  /** Returns whether it has slots, as {@link Limits} says, when a node has taken it to start it. */
  int heldWhenTaken() {
    boolean gives = needsSlots() && limits.stream().anyMatch(key -> key.isTurn() || isSlots(key));
    return gives ? Limits.IN_SLOTS : Limits.FREE;
  }

  /** Returns this run as a node takes it, to end it without a start if a limit drops it. */
  HotRun claimedBy(NodeId holder, Instant now, Optional<String> dropped) {
    return new HotRun(
        id,
        lane,
        dueBy(now),
        RUNNING,
        Optional.of(holder),
        fence + 1,
        opens ? attempt + 1 : attempt,
        opens,
        firstDue,
        createdAt,
        Optional.of(now),
        dropped.isPresent() ? firstClaimedAt : Optional.of(firstClaimedAt.orElse(now)),
        interruptions,
        cancelled,
        cancelReason,
        trigger,
        tags,
        uniqueKey,
        watched,
        false,
        cancelOn,
        dropped.isPresent() ? Limits.DROPPED : heldWhenTaken(),
        limits,
        dropped.orElse(detail),
        codec,
        input);
  }

  Claimed toClaimed(Lane itsLane, Payload payload) {
    Instant since = claimedAt.orElseThrow();
    return new Claimed(
        id,
        lane,
        itsLane.job(),
        fence,
        attempt,
        opens,
        createdAt,
        firstDue,
        dueAt,
        since,
        firstClaimedAt.orElse(since),
        payload,
        trigger,
        tags,
        cancelled ? cancelReason : Optional.empty(),
        interruptions,
        skipped(),
        Optional.empty());
  }
}
