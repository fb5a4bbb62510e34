// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http.server;

import java.time.Duration;

/**
 * What clients can have of a server.
 *
 * @param threads the most requests at once; each takes a thread, from its first byte on
 * @param waiting the most requests that wait for a thread; who comes then is cut off
 * @param streams the most streaming answers at once, of the threads
 * @param reading how long a request may take to come whole; a tenth of it while such requests hold
 *     more than half of the threads
 * @param writing how long a client may take to read an answer, or a part of a streaming one
 * @param bodyBytes the most bytes of a body
 * @param headers the most header fields
 * @param headerBytes the most characters of header fields
 * @param targetBytes the most characters of path and query
 */
public record ServerLimits(
    int threads,
    int waiting,
    int streams,
    Duration reading,
    Duration writing,
    int bodyBytes,
    int headers,
    int headerBytes,
    int targetBytes) {
  private static final ServerLimits STANDARD =
      new ServerLimits(
          128,
          256,
          16,
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          1024 * 1024,
          100,
          32 * 1024,
          8 * 1024);

  /** Returns the limits that servers have unless they are told others. */
  public static ServerLimits standard() {
    return STANDARD;
  }

  ServerLimits withThreads(int newThreads, int newWaiting, int newStreams) {
    return new ServerLimits(
        newThreads,
        newWaiting,
        newStreams,
        reading,
        writing,
        bodyBytes,
        headers,
        headerBytes,
        targetBytes);
  }

  ServerLimits withTimes(Duration newReading, Duration newWriting) {
    return new ServerLimits(
        threads,
        waiting,
        streams,
        newReading,
        newWriting,
        bodyBytes,
        headers,
        headerBytes,
        targetBytes);
  }
}
