// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.SplittableRandom;

/** Finds ports for servers that are stopped and started again. */
final class Ports {
  private Ports() {}

  /**
   * Returns a free port below those that clients are given. A client that connects again and again
   * to a stopped server might else be given that very port, meet itself, and keep the server out.
   */
  static int free() {
    var random = new SplittableRandom();
    while (true) {
      int port = random.nextInt(12_000, 32_000);
      try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException taken) {
        // the next one
      }
    }
  }
}
