// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import java.util.List;
import java.util.stream.Stream;

/**
 * The steps from version 1 of the schema, the one that an empty database gets first, to the present
 * one. So there is one text of each change, for new databases and for old ones.
 *
 * @param steps in order, without gaps, from version 2 on
 */
record Migrations(List<Migration> steps) {
  /** What this Belfry knows. */
  static final Migrations ALL = new Migrations(List.of());

  private static final int FIRST = 1;

  Migrations {
    steps = List.copyOf(steps);
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).version() != FIRST + 1 + i) {
        throw new IllegalArgumentException(
            "step " + i + " must lead to version " + (FIRST + 1 + i) + ", was " + steps.get(i));
      }
    }
  }

  /** Returns the version of the schema that this code is for. */
  int version() {
    return FIRST + steps.size();
  }

  /** Returns the steps that a schema of some version lacks. */
  List<Migration> after(long schema) {
    return steps.stream().filter(step -> step.version() > schema).toList();
  }

  /** Returns these and one more. */
  Migrations and(Migration next) {
    return new Migrations(Stream.concat(steps.stream(), Stream.of(next)).toList());
  }
}
