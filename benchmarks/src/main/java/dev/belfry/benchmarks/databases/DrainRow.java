// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

import java.util.List;

/** Carries out many runs that are ready and do nothing. */
final class DrainRow implements Row {
  @Override
  public String key() {
    return "drain";
  }

  @Override
  public String title() {
    return "Drain of ready no-op runs";
  }

  @Override
  public boolean isFor(Contender contender, Product product) {
    return true;
  }

  @Override
  public void measure(Turn turn) {
    int runs = turn.settings().runs();
    turn.open();
    turn.child().ask(Message.of("fill").with("runs", runs));
    turn.server().calm(turn.place());
    turn.measure(() -> turn.child().ask(Message.of("drain").with("runs", runs)));
  }

  @Override
  public List<Column> columns() {
    return Rows.throughput();
  }
}
