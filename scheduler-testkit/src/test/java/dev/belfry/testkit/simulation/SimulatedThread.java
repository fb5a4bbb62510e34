// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import dev.belfry.host.Host;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;

/** Something on a node that has a stack of its own: a handler, a call that waits. */
final class SimulatedThread implements Host.Running {
  private final SimulatedHost host;
  private final Turns.Actor actor;
  private boolean begun;
  private boolean interrupted;
  private boolean over;
  private long pause; // counts, so that no pause is ended by what was to end an earlier one
  private boolean pausing;

  SimulatedThread(SimulatedHost host, Turns turns, Runnable task, Runnable ended) {
    this.host = host;
    this.actor =
        turns.lend(
            () -> {
              try {
                host.checkAlive();
                task.run();
              } finally {
                over = true;
                host.forget(this);
                host.post(ended);
              }
            });
  }

  /** Gives it the turn, on the driver. */
  void go() {
    if (!over) {
      begun = true;
      actor.go();
    }
  }

  boolean isOf(Turns.Actor other) {
    return actor == other;
  }

  /** Waits, on this thread, for so long. */
  void work(Duration time) throws InterruptedException {
    pauseUntil(() -> false, time, true);
  }

  /** Waits, on this thread, for so long, whoever interrupts it. */
  void pauseQuietly(Duration time) {
    try {
      pauseUntil(() -> false, time, false);
    } catch (InterruptedException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** Waits, on this thread, for a future; returns whether it is done. */
  boolean await(Future<?> done, Duration most) throws InterruptedException {
    if (!done.isDone() && done instanceof CompletableFuture<?> future) {
      var unused = future.whenComplete((value, thrown) -> host.wake(Duration.ZERO, this::resume));
    }
    return pauseUntil(done::isDone, most, true);
  }

  private boolean pauseUntil(BooleanSupplier condition, Duration most, boolean interruptible)
      throws InterruptedException {
    long end = host.nanoTime() + most.toNanos();
    while (!condition.getAsBoolean() && host.nanoTime() < end) {
      throwIfInterrupted(interruptible);
      long mine = ++pause;
      Host.Cancellable alarm =
          host.wake(
              Duration.ofNanos(end - host.nanoTime()),
              () -> {
                if (pause == mine) {
                  resume();
                }
              });
      pausing = true;
      actor.giveBack();
      pausing = false;
      alarm.cancel();
      host.checkAlive();
    }
    throwIfInterrupted(interruptible);
    return condition.getAsBoolean();
  }

  private void throwIfInterrupted(boolean interruptible) throws InterruptedException {
    if (interruptible) {
      boolean byItself = Thread.interrupted();
      if (interrupted || byItself) {
        interrupted = false;
        throw new InterruptedException("interrupted by the scheduler");
      }
    }
  }

  private void resume() {
    if (pausing) {
      actor.go();
    }
  }

  /** Takes it off its stack, on the driver, once its host is dead. */
  void unwind() {
    if (!over && (pausing || !begun)) {
      actor.go();
    }
  }

  @Override
  public void interrupt() {
    if (!over) {
      interrupted = true;
      host.wake(Duration.ZERO, this::resume);
    }
  }

  @Override
  public String stack() {
    return "";
  }
}
