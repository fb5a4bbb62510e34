// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * One after another, as a start that comes after its end would have the service wait for an end
 * that has been. On a thread of the job's own, so that a service that hangs holds up nobody else.
 * The thread ends when it has nothing to do; it is no daemon, so the last pings of a JVM are made.
 */
/** The pings of one job, made one after another. Thread-safe. */
final class CheckInPings {
  static final int TRIES = 3;
  private static final Logger log = LoggerFactory.getLogger(CheckIns.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int MOST = 1_000;

  private final String job;
  private final Ping ping;
  private final CountDownLatch hurried = new CountDownLatch(1);
  private final ThreadPoolExecutor thread;

  /** Calls a URL, and throws if that was not good. */
  interface Ping {
    void call(URI url) throws InterruptedException;
  }

  CheckInPings(String job, Ping ping) {
    this.job = job;
    this.ping = ping;
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST),
            task -> new Thread(task, "belfry-check-ins-" + job),
            (task, full) -> warn("there are " + MOST + " before it", null));
    thread.allowCoreThreadTimeOut(true);
  }

  void add(Supplier<URI> url) {
    thread.execute(() -> make(url));
  }

  /** Has pings be tried once from now on. */
  void hurry() {
    hurried.countDown();
  }

  private void make(Supplier<URI> url) {
    try {
      int left = TRIES;
      while (true) {
        try {
          ping.call(url.get());
          return;
        } catch (RuntimeException failed) {
          left--;
          if (left == 0 || hurried.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
            warn(String.valueOf(failed.getMessage()), failed);
            return;
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody does that
    }
  }

  /** Names no URL, as it is a secret. */
  private void warn(String why, @Nullable Throwable failed) {
    log.warn("a check-in of job \"{}\" could not be made: {}", job, why, failed);
  }
}
