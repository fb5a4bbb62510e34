// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

import java.util.List;

/** The measurements there are, in the order of the report. */
final class Rows {
  private Rows() {}

  static List<Row> all() {
    return List.of(new DrainRow(), new BatchRow());
  }

  /** Returns the columns of a throughput. */
  static List<Column> throughput() {
    return List.of(
        Column.of("rate", "runs/s", 0).withSpread(),
        Column.of("jvm", "us of JVM", 1),
        Column.of("server", "us of server", 1),
        Column.of("statements", "statements", 3),
        Column.of("commits", "commits", 3),
        Column.of("wal", "bytes of WAL", 0));
  }
}
