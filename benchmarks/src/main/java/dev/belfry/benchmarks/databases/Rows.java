// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

import java.util.List;

/** The measurements there are, in the order of the report. */
final class Rows {
  private Rows() {}

  static List<Row> all() {
    return List.of(
        new DrainRow(DrainRow.Beside.NOTHING),
        new DrainRow(DrainRow.Beside.CROWD),
        new DrainRow(DrainRow.Beside.SNAPSHOT),
        new DrainRow(DrainRow.Beside.LIMITS),
        new BatchRow(),
        new SingleRow(1),
        new SingleRow(4),
        new SingleRow(32),
        new LatencyRow(false),
        new LatencyRow(true),
        new GrowthRow(),
        new KillRow(false),
        new KillRow(true),
        new NodesRow(1),
        new NodesRow(4),
        new FunctionRow(1, 500),
        new FunctionRow(20, 5_000),
        new WakeRow(),
        new LimitRow());
  }

  /** Returns the columns of a throughput of runs. */
  static List<Column> throughput() {
    return throughput("runs/s");
  }

  /** Returns the columns of a throughput. */
  static List<Column> throughput(String unit) {
    return List.of(
        Column.of("rate", unit, 0).withSpread(),
        Column.of("jvm", "us of JVM", 1),
        Column.of("server", "us of server", 1),
        Column.of("statements", "statements", 3),
        Column.of("commits", "commits", 3),
        Column.of("wal", "bytes of WAL", 0));
  }
}
