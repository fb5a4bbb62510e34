// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** A socket that is closed when its time is over, whatever somebody is doing with it. */
final class Deadline implements AutoCloseable {
  private final Socket socket;
  private final Future<?> end;
  private volatile boolean over;

  Deadline(Socket socket, Duration time) {
    this.socket = socket;
    this.end = Threads.TIMER.schedule(this::expire, time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Returns the threads that wait for name servers: as many as hang, none if none does. */
  static ExecutorService lookUps() {
    return Threads.LOOK_UPS;
  }

  /** Returns the socket. */
  Socket plain() {
    return socket;
  }

  /** Returns whether it was closed because the time was over. */
  boolean isOver() {
    return over;
  }

  private void expire() {
    over = true;
    shut();
  }

  @Override
  public void close() {
    end.cancel(false);
    shut();
  }

  private void shut() {
    try {
      socket.close();
    } catch (IOException e) {
      // closed all the same, and nobody reads or writes any more
    }
  }

  /** Started with the first exchange; daemons, which keep no JVM alive. */
  private static final class Threads {
    static final ScheduledThreadPoolExecutor TIMER =
        new ScheduledThreadPoolExecutor(1, daemons("belfry-http-deadlines"));
    static final ExecutorService LOOK_UPS =
        Executors.newCachedThreadPool(daemons("belfry-http-names"));

    static {
      TIMER.setRemoveOnCancelPolicy(true); // most exchanges end long before
    }

    private static ThreadFactory daemons(String name) {
      return task -> {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
      };
    }
  }
}
