// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

/**
 * A share of a limit: the runs of one key of it are limited together.
 *
 * @param limit the name of the limit, which tells its kind; one that nobody has declared has room
 *     for all, but for an order
 * @param key the key; empty for a limit that has but one; at most 200 characters
 */
public record LimitKey(String limit, String key) implements Comparable<LimitKey> {
  /** Checks the text. */
  public LimitKey {
    Bound.name("name of a limit", limit, Bound.NAME);
    Bound.text("key of a limit", key, Bound.NAME);
  }

  /** Returns the kind of its limit. */
  public Limit.Kind kind() {
    return Limit.Kind.ofName(limit);
  }

  /** Returns whether the runs of this key come one after another. */
  public boolean isOrder() {
    return kind() == Limit.Kind.ORDER;
  }

  /** Returns whether a run of this key has its place from its first claim to its final state. */
  public boolean isTurn() {
    return isOrder() || kind() == Limit.Kind.SINGLETON;
  }

  /** Compares by limit, then key: the order in which stores lock. */
  @Override
  public int compareTo(LimitKey other) {
    int limits = limit.compareTo(other.limit);
    return limits == 0 ? key.compareTo(other.key) : limits;
  }
}
