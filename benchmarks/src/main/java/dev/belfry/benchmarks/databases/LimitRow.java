// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

import java.util.List;

/**
 * Carries out runs that are limited over all nodes, by several processes at once. The limit allows
 * {@link Work#AT_ONCE} runs in {@link Work#TIME} at the most, whatever the machine.
 */
final class LimitRow implements Row {
  private static final int NODES = 4;
  private static final int RUNS = 2_000;

  @Override
  public String key() {
    return "limit";
  }

  @Override
  public String title() {
    return "%,d runs of %d ms by %d processes, %d at once over all of them: at most %d runs/s"
        .formatted(
            RUNS,
            Work.TIME.toMillis(),
            NODES,
            Work.AT_ONCE,
            Work.AT_ONCE * 1_000 / Work.TIME.toMillis());
  }

  @Override
  public String variant() {
    return "";
  }

  @Override
  public boolean isFor(Contender contender, Product product) {
    return product == Product.POSTGRESQL && contender == Contender.BELFRY;
  }

  /** The JVMs are warm after the rows before. */
  @Override
  public int warmUps(int asked) {
    return Math.min(asked, 1);
  }

  @Override
  public void measure(Turn turn) throws InterruptedException {
    NodesRow.measure(turn, NODES, Work.LIMITED, RUNS);
    turn.record("at-once", turn.ask(Message.of("at-once")).value("runs"));
    turn.record("left", turn.ask(Message.of("left")).value("runs"));
  }

  @Override
  public List<Column> columns() {
    return List.of(
        Column.of("rate", "runs/s", 0).withSpread(),
        Column.of("jvm", "us of JVMs", 1),
        Column.of("server", "us of server", 1),
        Column.of("at-once", "most at once", 0),
        Column.of("left", "left behind", 0));
  }
}
