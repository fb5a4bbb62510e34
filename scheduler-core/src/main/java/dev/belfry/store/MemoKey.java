// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

/**
 * Names a part of a run, by what its code calls it and not by its place in the code.
 *
 * @param scope the branch it belongs to; empty outside of one; at most 200 characters
 * @param id what the handler calls it; 1 to 200 characters
 * @param occurrence tells apart the uses of one id in one scope, from 0
 */
public record MemoKey(String scope, String id, int occurrence) implements Comparable<MemoKey> {
  /** Checks the text. */
  public MemoKey {
    Bound.text("scope", scope, Bound.NAME);
    Bound.name("step id", id, Bound.NAME);
    Bound.count("occurrence", occurrence);
  }

  /** Returns the first use of an id outside of branches. */
  public static MemoKey of(String id) {
    return new MemoKey("", id, 0);
  }

  /** Compares by scope, then id, then occurrence. */
  @Override
  public int compareTo(MemoKey other) {
    int scopes = scope.compareTo(other.scope);
    int ids = scopes == 0 ? id.compareTo(other.id) : scopes;
    return ids == 0 ? Integer.compare(occurrence, other.occurrence) : ids;
  }
}
