// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import dev.belfry.host.Host;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A host of virtual time on which calls to the store are made, and some are never answered. */
final class SilentHost extends PassingHost {
  private final List<Runnable> kept = new ArrayList<>();
  private boolean silent;

  SilentHost(Host real) {
    super(real);
  }

  /** Has the call that is being made have no answer. */
  void silence() {
    silent = true;
  }

  /** Returns how many calls have had no answer. */
  int silenced() {
    return kept.size();
  }

  /** Gives the answers that were kept back. */
  void answer() {
    kept.forEach(real::post);
    kept.clear();
  }

  @Override
  public <T extends @Nullable Object> void io(
      Callable<T> call, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> reply) {
    real.<Boolean>io(
        () -> {
          silent = false;
          try {
            T value = call.call();
            note(() -> reply.accept(value, null));
          } catch (Throwable thrown) {
            note(() -> reply.accept(null, thrown));
          }
          return true;
        },
        (done, thrown) -> {});
  }

  private void note(Runnable answer) {
    if (silent) {
      kept.add(answer);
    } else {
      real.post(answer);
    }
  }
}
