// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

import java.util.List;

/** Enqueues many runs, a thousand at a time, by one thread. */
final class BatchRow implements Row {
  @Override
  public String key() {
    return "enqueue-batch";
  }

  @Override
  public String title() {
    return "Enqueue in batches of 1,000, one thread";
  }

  @Override
  public boolean isFor(Contender contender, Product product) {
    return contender != Contender.RAW_500; // the same as the other
  }

  @Override
  public void measure(Turn turn) {
    turn.open();
    turn.measure(() -> turn.child().ask(Message.of("fill").with("runs", turn.settings().runs())));
  }

  @Override
  public List<Column> columns() {
    return Rows.throughput();
  }
}
