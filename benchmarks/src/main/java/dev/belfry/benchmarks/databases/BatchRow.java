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
    return "Enqueue";
  }

  @Override
  public String variant() {
    return "batches of 1,000";
  }

  @Override
  public boolean isFor(Contender contender, Product product) {
    // of two settings of one library, one will do
    return contender.isQueue()
        && contender != Contender.RAW_500
        && contender
            != (product == Product.MARIADB
                ? Contender.DB_SCHEDULER_LOCK
                : Contender.DB_SCHEDULER_FETCH);
  }

  @Override
  public boolean counts() {
    return true;
  }

  @Override
  public void measure(Turn turn) {
    turn.open();
    turn.measure(Message.of("fill").with("runs", turn.settings().runs()));
  }

  @Override
  public List<Column> columns() {
    return Rows.throughput();
  }
}
