// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static java.util.Objects.requireNonNull;

import dev.belfry.store.Claimed;
import dev.belfry.store.JobStore;
import dev.belfry.store.Memo;
import dev.belfry.store.MemoKey;
import dev.belfry.store.MemoKind;
import dev.belfry.store.MemoValue;
import dev.belfry.store.NewMemo;
import dev.belfry.store.Payload;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The memos of a run, as one pass of it reads them: what earlier passes have left, and which parts
 * this one has used so far. For the handler's thread, but for {@link #broken()}.
 */
final class PassMemos {
  /*
   * All memos are read at once, at the first part that asks, and not at all by the first pass ever:
   * a fence of 1 means that nobody held the run before. If that misses one nevertheless, the store
   * refuses the memo of the part, and whoever wrote it reads again.
   */
  private final Claimed claim;
  private final JobStore store;
  private final PassThread thread;
  private final Map<String, Integer> uses = new HashMap<>();
  private final Set<String> failed = new HashSet<>();
  private @Nullable Map<MemoKey, Memo> known; // null: not read yet
  private @Nullable Part inside;
  private volatile @Nullable RuntimeException broken;

  PassMemos(Claimed claim, JobStore store, PassThread thread) {
    this.claim = claim;
    this.store = store;
    this.thread = thread;
  }

  /**
   * Begins a part, and finds what is remembered of it. The n-th use of an id in a pass meets the
   * n-th use in another.
   *
   * @param type the type of its value, in words
   * @throws IllegalStateException if the caller is another thread, or inside of another part; if an
   *     earlier use of the id has failed in this pass; if what is remembered is of another kind or
   *     type; or if the pass can't go on
   */
  Part enter(String id, MemoKind kind, String type) {
    thread.check();
    RuntimeException end = broken;
    if (end != null) {
      throw end;
    }
    if (inside != null) {
      throw new IllegalStateException(
          words(kind, id) + " was begun inside of " + inside + "; they can't be nested");
    }
    if (failed.contains(id)) {
      throw new IllegalStateException(
          words(kind, id)
              + " has failed in this pass; another use of its id could not be told from it later."
              + " Let the failure end the attempt, or give each use an id of its own");
    }
    var part = new Part(new MemoKey("", id, uses.getOrDefault(id, 0)), kind, type);
    part.found = Optional.ofNullable(known().get(part.key)).map(part::checked);
    uses.merge(id, 1, Integer::sum);
    inside = part;
    return part;
  }

  private Map<MemoKey, Memo> known() {
    Map<MemoKey, Memo> read = known;
    if (read == null) {
      read = claim.fence() > 1 ? read() : Map.of();
      known = read;
    }
    return read;
  }

  private Map<MemoKey, Memo> read() {
    var read = new HashMap<MemoKey, Memo>();
    for (Memo memo : store.memos(List.of(claim.id())).getOrDefault(claim.id(), List.of())) {
      read.put(memo.key(), memo);
    }
    return read;
  }

  /** Has every later part refused, and the pass end with this, whatever its handler does. */
  void breakOff(RuntimeException reason) {
    if (broken == null) {
      broken = reason;
    }
  }

  /** Returns why the pass can't go on, if it can't. From any thread. */
  Optional<RuntimeException> broken() {
    return Optional.ofNullable(broken);
  }

  private static String words(MemoKind kind, String id) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " \"" + id + "\"";
  }

  /** One use of an id by this pass. It lasts until it is closed. */
  final class Part implements AutoCloseable {
    private final MemoKey key;
    private final MemoKind kind;
    private final String type;
    private Optional<Memo> found = Optional.empty();
    private boolean settled;

    private Part(MemoKey key, MemoKind kind, String type) {
      this.key = key;
      this.kind = kind;
      this.type = type;
    }

    /** Returns the result that is remembered, if there is one; then the part is over. */
    Optional<Payload> result() {
      Optional<Payload> result =
          found
              .map(Memo::value)
              .filter(MemoValue.Result.class::isInstance)
              .map(value -> ((MemoValue.Result) value).payload());
      settled |= result.isPresent();
      return result;
    }

    /** Reads from the store once more what is remembered of this part. */
    Optional<Payload> readAgain() {
      Map<MemoKey, Memo> read = read();
      known = read;
      found = Optional.ofNullable(read.get(key)).map(this::checked);
      return result();
    }

    /** Returns the memo that says how this part ended. */
    NewMemo memo(MemoValue value) {
      return NewMemo.settled(key, kind, type, value);
    }

    /** Notes that the memo is kept: this use is over, and did not fail. */
    void settled() {
      settled = true;
    }

    private Memo checked(Memo memo) {
      if (memo.kind() != kind) {
        throw new IllegalStateException(
            this
                + " was a "
                + memo.kind().name().toLowerCase(Locale.ROOT)
                + " when run "
                + claim.id()
                + " came by before; what has changed needs another id");
      }
      if (memo.value().isSettled() && !memo.type().equals(type)) {
        throw new IllegalStateException(
            this
                + " returned "
                + memo.type()
                + " when run "
                + claim.id()
                + " came by before, and returns "
                + type
                + " now; what has changed needs another id");
      }
      return memo;
    }

    @Override
    public void close() {
      inside = null;
      if (!settled) {
        failed.add(key.id());
      }
    }

    @Override
    public String toString() {
      return words(kind, requireNonNull(key).id());
    }
  }
}
