// SPDX-License-Identifier: Apache-2.0

package dev.belfry.benchmarks.databases;

import java.util.List;

/** Enqueues runs one by one, by several threads at once. */
final class SingleRow implements Row {
  private static final int LEAST = 2_000;

  private final int callers;

  SingleRow(int callers) {
    this.callers = callers;
  }

  @Override
  public String key() {
    return "enqueue-" + callers;
  }

  @Override
  public String title() {
    return "Enqueue";
  }

  @Override
  public String variant() {
    return callers == 1 ? "one by one, 1 caller" : "one by one, " + callers + " callers";
  }

  @Override
  public boolean isFor(Contender contender, Product product) {
    return product == Product.POSTGRESQL
        && contender.isQueue()
        && contender != Contender.RAW_500
        && contender != Contender.DB_SCHEDULER_FETCH;
  }

  @Override
  public boolean counts() {
    return true;
  }

  @Override
  public void measure(Turn turn) {
    int runs = Math.max(LEAST, turn.settings().runs() / 2);
    turn.open();
    turn.measure(Message.of("enqueue").with("runs", runs).with("callers", callers));
  }

  @Override
  public List<Column> columns() {
    return Rows.throughput();
  }
}
