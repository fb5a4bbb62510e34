// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * A memo to write.
 *
 * @param key names the part of the run
 * @param kind what the part is
 * @param type the type of what it returns, in words; at most 200 characters
 * @param value what became of it
 * @param tries how often its body was started
 * @param until when a pending part goes on by itself; none for a settled one
 * @param awaited the event that ends a pending wait; none for all others
 */
public record NewMemo(
    MemoKey key,
    MemoKind kind,
    String type,
    MemoValue value,
    int tries,
    Optional<Due> until,
    Optional<Wait> awaited) {
  /** Checks type, tries and time. */
  public NewMemo {
    requireNonNull(key, "key");
    requireNonNull(kind, "kind");
    requireNonNull(value, "value");
    Bound.text("type of \"" + key.id() + "\"", type, Bound.NAME);
    Bound.count("tries of \"" + key.id() + "\"", tries);
    if (value.isSettled() && until.isPresent()) {
      throw new IllegalArgumentException(
          "\"" + key.id() + "\" is settled, so it has no time at which it goes on");
    }
    if (awaited.isPresent() && (value.isSettled() || kind != MemoKind.WAIT)) {
      throw new IllegalArgumentException("\"" + key.id() + "\" is no open wait for an event");
    }
  }

  /** Returns the memo of a part that is over. */
  public static NewMemo settled(MemoKey key, MemoKind kind, String type, MemoValue value) {
    return new NewMemo(key, kind, type, value, 1, Optional.empty(), Optional.empty());
  }

  /** Returns the memo of a part that has begun, and goes on by itself at some time. */
  public static NewMemo pending(MemoKey key, MemoKind kind, Optional<Due> until) {
    return new NewMemo(key, kind, "", MemoValue.pending(), 0, until, Optional.empty());
  }

  /** Returns the memo of a wait that has begun, and gives up at some time. */
  public static NewMemo waiting(MemoKey key, Wait wait, Optional<Due> until) {
    return new NewMemo(key, MemoKind.WAIT, "", MemoValue.pending(), 0, until, Optional.of(wait));
  }

  /** Returns this memo with another count of tries. */
  public NewMemo withTries(int newTries) {
    return new NewMemo(key, kind, type, value, newTries, until, awaited);
  }

  /** Returns whether a stored memo says the same; time and wait apart, which are set but once. */
  public boolean isSameAs(Memo memo) {
    return key.equals(memo.key())
        && kind == memo.kind()
        && type.equals(memo.type())
        && value.equals(memo.value())
        && tries == memo.tries();
  }
}
