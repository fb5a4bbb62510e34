// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.store.Hint;
import dev.belfry.store.JobStore.Subscription;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Those in this process who want to hear of new work. Thread-safe. */
final class Hints {
  private static final System.Logger LOG = System.getLogger(Hints.class.getName());

  private final List<Consumer<? super Hint>> listeners = new CopyOnWriteArrayList<>();

  private final Marks marks;
  private final AtomicBoolean catalogToo = new AtomicBoolean();

  Hints(Marks marks) {
    this.marks = marks;
  }

  Subscription add(Consumer<? super Hint> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** Keeps the news of lanes made for an insert until that is committed too. */
  void afterLanes(Tx tx) {
    if (tx.isCatalogChanged()) {
      catalogToo.set(true);
    }
  }

  void afterCommit(Tx tx) {
    boolean catalog = catalogToo.getAndSet(false) || tx.isCatalogChanged();
    if (tx.readyLanes().isEmpty() && !catalog) {
      return;
    }
    Instant when = tx.dated().orElse(Instant.EPOCH); // read only beside due times
    pass(new Hint(when, tx.readyLanes(), catalog));
  }

  /** Passes a hint on, from this process or another. */
  void pass(Hint hint) {
    hint.due().forEach(marks::ready);
    for (Consumer<? super Hint> listener : listeners) {
      try {
        listener.accept(hint);
      } catch (RuntimeException e) { // what was committed stays so, whatever a listener does
        LOG.log(System.Logger.Level.WARNING, "a listener for hints failed", e);
      }
    }
  }
}
