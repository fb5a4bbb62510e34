// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http.server;

import java.io.IOException;
import java.time.Duration;

/**
 * What the thread of a request is at, and since when. An interrupt is how it is got out of a read
 * or a write: that closes the connection.
 */
final class Slot {
  /** What a thread is at. */
  enum Phase {
    /** Waits for the client's bytes. */
    READING,
    /** Is in our code. */
    HANDLING,
    /** Waits for the client to take bytes. */
    WRITING,
    /** Belongs to another request by now. */
    ENDED
  }

  private final Thread thread = Thread.currentThread();
  private Phase phase = Phase.READING; // this and the rest guarded by this
  private long since = System.nanoTime();
  private boolean streaming;
  private boolean broken;

  /**
   * Enters a phase.
   *
   * @throws IOException if it was broken off
   */
  synchronized void enter(Phase next) throws IOException {
    if (broken) {
      throw new IOException("broken off");
    }
    phase = next;
    since = System.nanoTime();
  }

  /** Says that the answer goes on for as long as both sides want. */
  synchronized void stream() {
    streaming = true;
  }

  synchronized boolean isReading() {
    return phase == Phase.READING;
  }

  synchronized boolean isStreaming() {
    return streaming;
  }

  /** Breaks off what has been waiting for the client for too long. */
  synchronized void check(Duration reading, Duration writing) {
    long past = System.nanoTime() - since;
    boolean over =
        switch (phase) {
          case READING -> past > reading.toNanos();
          case WRITING -> past > writing.toNanos();
          case HANDLING, ENDED -> false;
        };
    if (over) {
      breakOff();
    }
  }

  synchronized void breakOff() {
    if (phase != Phase.ENDED && !broken) {
      broken = true;
      thread.interrupt();
    }
  }

  /** Leaves the thread to other requests, without an interrupt that was meant for this one. */
  synchronized void end() {
    phase = Phase.ENDED;
    Thread.interrupted();
  }
}
