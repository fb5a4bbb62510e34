// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import java.time.Duration;

/** What an exchange is at, and since when: for its timings and for what its failure says. */
final class HttpClock {
  private final long start = System.nanoTime();
  private final Duration timeout;
  private volatile String phase = "looking up the name";
  private long name;
  private long connect;
  private long firstByte;

  HttpClock(Duration timeout) {
    this.timeout = timeout;
  }

  /** Returns the time that is left, at least a millisecond: zero means for ever to sockets. */
  Duration left() {
    Duration left = timeout.minus(past());
    return left.toMillis() < 1 ? Duration.ofMillis(1) : left;
  }

  boolean isOver() {
    return past().compareTo(timeout) >= 0;
  }

  String phase() {
    return phase;
  }

  void named() {
    name = System.nanoTime();
    phase = "connecting";
  }

  void connected() {
    connect = System.nanoTime();
    phase = "sending";
  }

  void sent() {
    phase = "waiting for the answer";
  }

  void answered() {
    if (firstByte == 0) {
      firstByte = System.nanoTime();
      phase = "reading the answer";
    }
  }

  HttpTimings timings() {
    Duration total = past();
    return new HttpTimings(
        until(name, total), until(connect, total), until(firstByte, total), total);
  }

  private Duration until(long nanos, Duration total) {
    return nanos == 0 ? total : Duration.ofNanos(nanos - start);
  }

  private Duration past() {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
