// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

/**
 * A share of a limit: the runs of one key of it are limited together.
 *
 * <p>A limit whose name begins with {@link #ORDER} has its runs come one after another: it has one
 * slot for each key, declared or not, which a run keeps from its first claim to its final state,
 * through retries and waits. Among runs of one lane the slot goes to the first by due time, then
 * id, of those that are due.
 *
 * @param limit the name of the limit; one that nobody has declared has room for all
 * @param key the key; empty for a limit that has but one; at most 200 characters
 */
public record LimitKey(String limit, String key) implements Comparable<LimitKey> {
  /** What the name of a limit begins with that has its runs come in order. */
  public static final String ORDER = "order of ";

  /** Checks the text. */
  public LimitKey {
    Bound.name("name of a limit", limit, Bound.NAME);
    Bound.text("key of a limit", key, Bound.NAME);
  }

  /** Returns whether the runs of this key come one after another. */
  public boolean isOrder() {
    return limit.startsWith(ORDER);
  }

  /** Compares by limit, then key: the order in which stores lock. */
  @Override
  public int compareTo(LimitKey other) {
    int limits = limit.compareTo(other.limit);
    return limits == 0 ? key.compareTo(other.key) : limits;
  }
}
