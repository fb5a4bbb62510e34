// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** What was found to be wrong. */
final class Findings {
  private static final int MOST = 20; // one cause has many consequences

  private final BiConsumer<Invariant, String> heard;
  private final List<Violation> violations = new ArrayList<>();

  /** Something that is wrong. */
  record Violation(Invariant invariant, String what) {
    @Override
    public String toString() {
      return invariant + ": " + what;
    }
  }

  Findings(BiConsumer<Invariant, String> heard) {
    this.heard = heard;
  }

  void add(Invariant invariant, String what) {
    if (violations.size() < MOST) {
      violations.add(new Violation(invariant, what));
      heard.accept(invariant, what);
    }
  }

  /** Notes a violation unless something is as it must be. */
  void check(boolean holds, Invariant invariant, String what) {
    if (!holds) {
      add(invariant, what);
    }
  }

  boolean isEmpty() {
    return violations.isEmpty();
  }

  List<Violation> violations() {
    return List.copyOf(violations);
  }
}
