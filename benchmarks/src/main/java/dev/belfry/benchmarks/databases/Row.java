// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

import java.util.List;

/** One measurement, which each contender takes part in once a round. */
interface Row {
  /** Returns the name on the command line. */
  String key();

  /** Returns what is measured, as a heading. */
  String title();

  /** Returns whether a contender takes part. */
  boolean isFor(Contender contender, Product product);

  /** Measures a contender once. */
  void measure(Turn turn);

  /** Returns the columns of its table: names of measures, in order. */
  List<Column> columns();
}
