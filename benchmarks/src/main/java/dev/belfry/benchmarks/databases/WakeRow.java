// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

import java.util.List;

/** Has many runs that sleep wake up at one instant, and go on to their ends. */
final class WakeRow implements Row {
  private static final int RUNS = 10_000;

  @Override
  public String key() {
    return "wake";
  }

  @Override
  public String title() {
    return "%,d runs that sleep until one instant, from that instant on".formatted(RUNS);
  }

  @Override
  public String variant() {
    return "";
  }

  @Override
  public boolean isFor(Contender contender, Product product) {
    return contender == Contender.BELFRY;
  }

  @Override
  public int warmUps(int asked) {
    return Math.min(asked, 2);
  }

  @Override
  public void measure(Turn turn) {
    turn.open();
    Message woken = turn.ask(Message.of("wake").with("runs", RUNS));
    turn.record("rate", RUNS * 1e3 / woken.value("all"));
    turn.record("p50", woken.value("p50"));
    turn.record("p99", woken.value("p99"));
    turn.record("all", woken.value("all"));
  }

  @Override
  public List<Column> columns() {
    return List.of(
        Column.of("rate", "runs/s", 0).withSpread(),
        Column.of("p50", "ms late, median", 0),
        Column.of("p99", "99 %", 0),
        Column.of("all", "last", 0));
  }
}
