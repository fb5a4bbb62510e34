// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.store.Hint;
import dev.belfry.store.JobStore.Subscription;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Those in this process who want to hear of new work. Thread-safe. */
final class Hints {
  private static final System.Logger LOG = System.getLogger(Hints.class.getName());

  private final List<Consumer<? super Hint>> listeners = new CopyOnWriteArrayList<>();

  Subscription add(Consumer<? super Hint> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  void afterCommit(Tx tx) {
    if (tx.changedLanes().isEmpty() && !tx.isCatalogChanged()) {
      return;
    }
    var hint = new Hint(tx.changedLanes(), tx.isCatalogChanged());
    for (Consumer<? super Hint> listener : listeners) {
      try {
        listener.accept(hint);
      } catch (RuntimeException e) { // what was committed stays so, whatever a listener does
        LOG.log(System.Logger.Level.WARNING, "a listener for hints failed", e);
      }
    }
  }
}
