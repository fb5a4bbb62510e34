// SPDX-License-Identifier: Apache-2.0

package dev.belfry.benchmarks.databases;

import java.util.List;
import java.util.Optional;

/** One measurement, which each contender takes part in once a round. */
interface Row {
  /** Returns the name on the command line. */
  String key();

  /**
   * Returns what is measured, as a heading; rows of one heading share a table, and their rounds.
   */
  String title();

  /** Returns what is special about this one of its heading; may be empty. */
  String variant();

  /** Returns whether a contender takes part. */
  boolean isFor(Contender contender, Product product);

  /** Measures a contender once. */
  void measure(Turn turn) throws InterruptedException;

  /** Returns the columns of its table: names of measures, in order. */
  List<Column> columns();

  /** Returns how many rounds count, of as many as were asked for. */
  default int rounds(int asked) {
    return asked;
  }

  /** Returns how many rounds warm up, of as many as were asked for. */
  default int warmUps(int asked) {
    return asked;
  }

  /** Returns whether there is a round in which statements are counted. */
  default boolean counts() {
    return false;
  }

  /** Returns the name of a contender in this row: of its library, if one setting takes part. */
  default String nameOf(Contender contender) {
    return contender.library();
  }

  /** Returns the column that the plot shows, if it shows this row. */
  default Optional<Column> plotted() {
    return Optional.of(columns().get(0));
  }
}
