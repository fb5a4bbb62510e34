// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit;

import static java.util.Objects.requireNonNull;

import dev.belfry.host.Host;
import dev.belfry.testkit.VirtualTime.VirtualHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What is to happen on a time line, and the threads that do it, one at a time. */
final class VirtualLoop {
  /*
   * Events of all hosts are one heap by (nanos, sequence). Who takes from it drives; one thread does.
   * That is the caller until the first handler begins, from then on a thread of its own, so that
   * handlers run on the thread that drives and most need no switch of threads. A handler that pauses
   * keeps its thread, and another drives on. Inside a handler that drives itself, because it waits
   * for something, handlers have threads of their own from the beginning. Threads hand the baton to
   * each other by semaphores, so there is no concurrency to reason about.
   */

  private static final int REAL_PATIENCE_SECONDS = 10;
  private static final Duration FAR =
      Duration.ofDays(36_500); // no test gets there, no sum overflows

  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final Semaphore toDriver = new Semaphore(0);
  private final List<VirtualBody> paused = new ArrayList<>();
  private @Nullable Drive driving; // the innermost
  private volatile @Nullable VirtualBody running; // who has the baton; null: the driving thread
  private volatile long nanos; // since the start; read by whoever looks at the clock
  private long sequence;

  long nanos() {
    return nanos;
  }

  void moveTo(long newNanos) {
    nanos = newNanos;
  }

  Event add(VirtualHost host, Duration delay, Runnable action) {
    var event = new Event(host, nanos + Math.max(0, nanosOf(delay)), sequence++, action);
    events.add(event);
    return event;
  }

  static long nanosOf(Duration delay) {
    return (delay.compareTo(FAR) > 0 ? FAR : delay).toNanos();
  }

  /** Does what is to happen until then, or until something is so when all of an instant is done. */
  void drive(long end, BooleanSupplier until) {
    new Drive(end, until).begin();
  }

  // Handlers

  void begin(VirtualBody body) {
    requireNonNull(driving, "events happen only while time is driven").begin(body);
  }

  /** Returns the handler that runs on the present thread. */
  Optional<VirtualBody> present() {
    return Optional.ofNullable(running).filter(VirtualBody::isHere);
  }

  void runs(@Nullable VirtualBody body) {
    running = body;
  }

  void paused(VirtualBody body) {
    paused.add(body);
  }

  boolean isResumed(VirtualBody body) {
    return paused.remove(body);
  }

  void resumeAll() {
    List.copyOf(paused).forEach(VirtualBody::resume);
  }

  /** Hands the baton to a body that is apart, and waits until it gives it back. */
  void lendTo(VirtualBody body, Runnable wake) {
    VirtualBody before = running;
    running = body;
    wake.run();
    try {
      awaitTurn(toDriver);
    } finally {
      running = before;
    }
  }

  void giveBack() {
    toDriver.release();
  }

  /** Drives on by another thread, for the present one stays with a handler that pauses. */
  void driveOn() {
    running = null;
    requireNonNull(driving, "a handler runs only while time is driven").handOver(() -> {});
  }

  /** Time on its way to an end, by one thread after another. */
  private final class Drive {
    private final long end;
    private final BooleanSupplier until;
    private final @Nullable Drive outer = driving;
    private final @Nullable VirtualBody waiting = running; // who waits for this drive
    private final Semaphore over = new Semaphore(0);
    private Thread driver = Thread.currentThread();
    private boolean borrowed = true; // the driver is the thread of the caller
    private @Nullable Throwable thrown;

    Drive(long end, BooleanSupplier until) {
      this.end = end;
      this.until = until;
    }

    void begin() {
      driving = this;
      running = null;
      try {
        goOn();
        if (!borrowed) {
          awaitEnd();
        }
      } finally {
        driving = outer;
        running = waiting;
      }
    }

    /** Does one event after the other, as long as the present thread is the driver. */
    private void goOn() {
      while (driver.equals(Thread.currentThread())) {
        Event next = events.peek();
        if (next == null || next.at > nanos) {
          if (next == null || next.at > end || until.getAsBoolean()) {
            over.release();
            return;
          }
          nanos = next.at;
        }
        events.remove();
        if (!next.cancelled && !next.host.isClosed()) {
          happen(next);
        }
      }
    }

    private void happen(Event event) {
      long still = event.host.stillFor();
      if (still > 0) {
        event.putOff(nanos + still, sequence++);
        events.add(event);
      } else {
        event.action.run();
      }
    }

    /** Has a handler begin, on the driving thread if possible. */
    void begin(VirtualBody body) {
      if (outer != null) {
        body.startApart();
      } else if (borrowed) {
        borrowed = false;
        handOver(body::runHere);
      } else {
        body.runHere();
      }
    }

    /** Has another thread drive, from after the present event. */
    void handOver(Runnable first) {
      driver = daemon("virtual time", () -> drive(first));
      driver.start();
    }

    private void drive(Runnable first) {
      try {
        first.run();
        goOn();
      } catch (Throwable e) { // for the caller
        thrown = e;
        over.release();
      }
    }

    private void awaitEnd() {
      awaitTurn(over);
      if (thrown instanceof Error error) {
        throw error;
      } else if (thrown instanceof RuntimeException exception) {
        throw exception;
      }
    }
  }

  static Thread daemon(String name, Runnable action) {
    var thread = new Thread(action, name);
    thread.setDaemon(true); // a body that is paused for ever must not keep the JVM up
    return thread;
  }

  /** Waits for the baton, as long as no handler keeps it for too long. */
  private void awaitTurn(Semaphore turn) {
    VirtualBody before = null;
    int seconds = 0;
    try {
      while (!turn.tryAcquire(1, TimeUnit.SECONDS)) {
        VirtualBody now = running;
        seconds = now != null && now == before ? seconds + 1 : 1;
        before = now;
        if (now != null && seconds == REAL_PATIENCE_SECONDS) {
          throw new AssertionError(
              "a handler blocks for real; use VirtualTime.pause() instead\n" + now.stack());
        }
      }
    } catch (InterruptedException e) {
      throw new AssertionError("the test was interrupted", e);
    }
  }

  /** Something that happens on a host at a time. */
  static final class Event implements Comparable<Event>, Host.Cancellable {
    private final VirtualHost host;
    private long at;
    private long order;
    private final Runnable action;
    private boolean cancelled;

    Event(VirtualHost host, long at, long order, Runnable action) {
      this.host = host;
      this.at = at;
      this.order = order;
      this.action = action;
    }

    /** Moves it to a later time; it must be in no order meanwhile. */
    private void putOff(long later, long newOrder) {
      at = later;
      order = newOrder;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }

    @Override
    public int compareTo(Event other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
    }
  }
}
