// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.host.Host;
import dev.belfry.host.Host.Cancellable;
import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Calls of one sort to the store, which may never be answered. For the control loop only. */
final class Calls {
  /*
   * A store has limits of its own, but a driver or a pool may know none. A call without an answer is
   * given up as one of unknown outcome, and the next one gets another thread, as the host has it.
   * The thread is lost until its call returns; so that an outage of days does not lose thousands,
   * the patience doubles with each that is lost.
   */
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int MOST_DOUBLINGS = 5;

  private final Host host;
  private final Runnable late;
  private int lost;

  /** Begins without a word for answers that come too late. */
  Calls(Host host) {
    this(host, () -> {});
  }

  /**
   * Begins.
   *
   * @param late is run when a call is answered that was given up
   */
  Calls(Host host, Runnable late) {
    this.host = host;
    this.late = late;
  }

  /** Makes a call; the reply comes in any case, once. */
  <T extends @Nullable Object> void make(
      Callable<T> call, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> reply) {
    var made = new Made<T>(reply);
    made.patience = patience(lost);
    made.timer = host.after(made.patience, made::giveUp);
    host.<T>io(call, made::answered);
  }

  /** Returns how long to wait for a call beside so many that have no answer. */
  private static Duration patience(int lost) {
    return PATIENCE.multipliedBy(1L << Math.min(lost, MOST_DOUBLINGS));
  }

  /** A call that was made. */
  private final class Made<T extends @Nullable Object> {
    private final BiConsumer<? super @Nullable T, ? super @Nullable Throwable> reply;
    private Duration patience = PATIENCE;
    private @Nullable Cancellable timer;
    private boolean over;

    Made(BiConsumer<? super @Nullable T, ? super @Nullable Throwable> reply) {
      this.reply = reply;
    }

    void answered(@Nullable T value, @Nullable Throwable thrown) {
      if (timer != null) {
        timer.cancel();
      }
      if (over) {
        lost--;
        late.run();
      } else {
        over = true;
        reply.accept(value, thrown);
      }
    }

    void giveUp() {
      if (!over) {
        over = true;
        lost++;
        reply.accept(
            null,
            new StoreException(
                Kind.UNKNOWN,
                "the store has not answered for " + patience.toSeconds() + " s",
                null));
      }
    }
  }
}
