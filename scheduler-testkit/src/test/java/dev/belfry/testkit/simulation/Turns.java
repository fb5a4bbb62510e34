// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Threads of which one at a time has its turn: that which drives a simulation, or one of those that
 * it lent to something with a stack of its own. So there is nothing that two threads do at once,
 * and nothing that depends on which is faster.
 */
final class Turns implements AutoCloseable {
  private static final long REAL_PATIENCE_SECONDS = 60; // a machine may be busy with other things

  private final Semaphore driver = new Semaphore(0);
  private final Deque<Actor> idle = new ArrayDeque<>();
  private @Nullable Actor current;

  /** Returns who has the turn; null if it is the driver. */
  @Nullable Actor current() {
    return current;
  }

  /** Lends a thread to a task. It begins when it is first given the turn. */
  Actor lend(Runnable task) {
    Actor actor = idle.isEmpty() ? new Actor() : idle.pop();
    actor.task = task;
    return actor;
  }

  @Override
  public void close() {
    while (!idle.isEmpty()) {
      Actor actor = idle.pop();
      actor.task = null;
      actor.mine.release();
    }
  }

  /** A thread that waits for its turn. */
  final class Actor {
    private final Semaphore mine = new Semaphore(0);
    private final Thread thread = new Thread(this::live, "simulated");
    private @Nullable Runnable task;
    private @Nullable Throwable died;

    private Actor() {
      thread.setDaemon(true); // a failed simulation must not keep the JVM up
      thread.start();
    }

    /** Gives it the turn, on the driver, until it gives it back. */
    void go() {
      Actor before = current;
      current = this;
      mine.release();
      try {
        if (!driver.tryAcquire(REAL_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          var stuck = new AssertionError("a simulated thread blocks for real");
          stuck.setStackTrace(thread.getStackTrace());
          throw stuck;
        }
      } catch (InterruptedException e) {
        throw new AssertionError("the simulation was interrupted", e);
      } finally {
        current = before;
      }
      Throwable thrown = died;
      if (thrown != null) {
        died = null;
        throw new AssertionError("a simulated thread died of " + thrown, thrown);
      }
    }

    /** Gives the turn back, on its own thread, until it gets it again. */
    void giveBack() {
      driver.release();
      mine.acquireUninterruptibly();
    }

    private void live() {
      while (true) {
        mine.acquireUninterruptibly();
        Runnable mineToDo = task;
        if (mineToDo == null) {
          return;
        }
        try {
          mineToDo.run();
        } catch (Killed unwound) {
          // as it should be
        } catch (Throwable thrown) {
          died = thrown;
        }
        Thread.interrupted(); // what this task left behind is not for the next one
        idle.push(this);
        driver.release();
      }
    }
  }
}
