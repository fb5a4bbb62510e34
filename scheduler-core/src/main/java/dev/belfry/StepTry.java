// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.host.Host.Cancellable;
import dev.belfry.run.Failure;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A try of a step, or of an item of a map. */
final class StepTry implements StepContext {
  private final PassFrame frame;
  private final String key;
  private final int attempt;
  private final Optional<Failure> lastFailure;
  private boolean over; // guarded by this
  private boolean late; // guarded by this

  StepTry(PassFrame frame, String key, int attempt, Optional<Failure> lastFailure) {
    this.frame = frame;
    this.key = key;
    this.attempt = attempt;
    this.lastFailure = lastFailure;
  }

  /**
   * Calls a body, and interrupts it when its time is over.
   *
   * @param interrupter interrupts the caller's thread; for the control loop
   * @throws StepTimeoutException if the body took longer, whatever it returned or threw
   */
  <T extends @Nullable Object, X extends Exception> T call(
      String part, Duration limit, Runnable interrupter, StepContextCall<? extends T, X> body)
      throws X {
    Cancellable timer = frame.host().after(limit, () -> tell(interrupter));
    T value;
    try {
      value = body.call(this);
    } catch (Throwable thrown) {
      if (isLate(timer)) {
        throw new StepTimeoutException(part, limit, thrown);
      }
      throw thrown;
    }
    if (isLate(timer)) {
      throw new StepTimeoutException(part, limit, null);
    }
    return value;
  }

  /** On the control loop. */
  private synchronized void tell(Runnable interrupter) {
    if (!over) {
      late = true;
      interrupter.run();
    }
  }

  /** Ends the try; an interrupt that was meant for it is not for what follows. */
  private synchronized boolean isLate(Cancellable timer) {
    over = true;
    timer.cancel();
    if (late && Thread.interrupted() && frame.cancelled().getAsBoolean()) {
      Thread.currentThread().interrupt(); // the pass was told to end meanwhile
    }
    return late;
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public int attempt() {
    return attempt;
  }

  @Override
  public Optional<Failure> lastFailure() {
    return lastFailure;
  }

  @Override
  public synchronized boolean cancelled() {
    return late || frame.cancelled().getAsBoolean();
  }
}
