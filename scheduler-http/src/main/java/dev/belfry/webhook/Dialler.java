// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.List;

/** The network: looks up names and connects. Another one stands in for it in tests. */
interface Dialler {
  /** That of this machine. */
  Dialler SYSTEM = new SystemDialler();

  /** Returns all addresses of a name; may block for as long as the resolver likes. */
  List<InetAddress> resolve(String name) throws UnknownHostException;

  /**
   * Connects a socket.
   *
   * @param socket not connected; whoever waits may close it
   */
  void connect(Socket socket, InetSocketAddress address, int timeoutMillis) throws IOException;

  /** What the platform does. */
  final class SystemDialler implements Dialler {
    private SystemDialler() {}

    @Override
    public List<InetAddress> resolve(String name) throws UnknownHostException {
      return List.of(InetAddress.getAllByName(name));
    }

    @Override
    public void connect(Socket socket, InetSocketAddress address, int timeoutMillis)
        throws IOException {
      socket.connect(address, timeoutMillis);
    }
  }
}
