// SPDX-License-Identifier: Apache-2.0

package dev.belfry.benchmarks.databases;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Enqueues at a steady rate, and takes the time until each handler begins: on the node that
 * enqueued, or on another. Plain JDBC shows what one commit takes.
 */
final class LatencyRow implements Row {
  private static final int RATE = 50;
  private static final int RUNS = 600;
  private static final Set<Contender> LEFT_OUT =
      EnumSet.of(Contender.RAW_500, Contender.DB_SCHEDULER_FETCH, Contender.DBOS);

  private final boolean otherNode;

  LatencyRow(boolean otherNode) {
    this.otherNode = otherNode;
  }

  @Override
  public String key() {
    return otherNode ? "latency-other" : "latency-same";
  }

  @Override
  public String title() {
    return "From enqueue to start, 50 a second; for raw JDBC one commit";
  }

  @Override
  public String variant() {
    return otherNode ? "other node" : "same node";
  }

  @Override
  public boolean isFor(Contender contender, Product product) {
    return product == Product.POSTGRESQL && !LEFT_OUT.contains(contender);
  }

  /** The JVMs are warm after the rows before. */
  @Override
  public int warmUps(int asked) {
    return Math.min(asked, 1);
  }

  @Override
  public void measure(Turn turn) throws InterruptedException {
    turn.open();
    Message pace = Message.of("pace").with("runs", RUNS).with("rate", RATE);
    if (turn.contender() == Contender.RAW_100) {
      record(turn, turn.ask(pace));
      return;
    }
    Child starter = turn.child();
    starter.ask(Message.of("begin").with("runs", RUNS));
    if (otherNode) {
      turn.another().ask(pace);
    } else {
      starter.ask(pace);
    }
    turn.await(RUNS, starter);
    record(turn, starter.ask(Message.of("end")));
  }

  private static void record(Turn turn, Message answer) {
    turn.record("p50", answer.value("p50"));
    turn.record("p99", answer.value("p99"));
  }

  @Override
  public List<Column> columns() {
    return List.of(
        Column.of("p50", "p50, ms", 2).withSpread(), Column.of("p99", "p99, ms", 2).withSpread());
  }

  @Override
  public Optional<Column> plotted() {
    return Optional.empty(); // milliseconds beside minutes
  }
}
