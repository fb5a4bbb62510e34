// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Carries out durable functions of ten steps that do nothing, by several callers at once. */
final class FunctionRow implements Row {
  /** How many steps a function has. */
  static final int STEPS = 10;

  private static final Set<Contender> TAKING_PART =
      EnumSet.of(Contender.BELFRY, Contender.RAW_100, Contender.DBOS);

  private final int callers;
  private final int functions;

  FunctionRow(int callers, int functions) {
    this.callers = callers;
    this.functions = functions;
  }

  @Override
  public String key() {
    return "functions-" + callers;
  }

  @Override
  public String title() {
    return "Durable functions of ten steps; for raw JDBC a commit for each step";
  }

  @Override
  public String variant() {
    return callers == 1 ? "one at a time" : callers + " side by side";
  }

  @Override
  public boolean isFor(Contender contender, Product product) {
    return product == Product.POSTGRESQL && TAKING_PART.contains(contender);
  }

  @Override
  public boolean counts() {
    return true;
  }

  @Override
  public void measure(Turn turn) {
    turn.workers(Math.max(callers, turn.settings().workers()));
    turn.open();
    turn.measure(Message.of("functions").with("runs", functions).with("callers", callers));
  }

  @Override
  public List<Column> columns() {
    return Rows.throughput("functions/s");
  }
}
