// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLServerSocketFactory;

/** A server on 127.0.0.1 that does what it is told with each connection, and not what HTTP says. */
final class HostileServer implements AutoCloseable {
  /** What it does with a connection; the request's head was read. */
  interface Behaviour {
    void answer(Socket socket, OutputStream out, HostileServer server) throws Exception;
  }

  private final ServerSocket socket;
  private final Behaviour behaviour;
  private final List<Socket> open = new ArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final boolean tls;
  final List<String> requests = new ArrayList<>();

  HostileServer(Behaviour behaviour) throws IOException {
    this(ServerSocketFactory.getDefault(), behaviour);
  }

  HostileServer(ServerSocketFactory factory, Behaviour behaviour) throws IOException {
    this.tls = factory instanceof SSLServerSocketFactory;
    this.socket = factory.createServerSocket(0, 50, Destination.address("127.0.0.1"));
    this.behaviour = behaviour;
    new Thread(this::accept, "hostile-server").start();
  }

  /** Answers with these bytes, then closes. */
  static HostileServer saying(String answer) throws IOException {
    return new HostileServer((socket, out, server) -> out.write(answer.getBytes(ISO_8859_1)));
  }

  URI uri() {
    return URI.create(
        (tls ? "https" : "http") + "://127.0.0.1:" + socket.getLocalPort() + "/x?y=1");
  }

  int port() {
    return socket.getLocalPort();
  }

  /** Waits until the test is over, at the longest for so long. */
  boolean pause(long millis) throws InterruptedException {
    return !closed.await(millis, TimeUnit.MILLISECONDS);
  }

  /** Waits until the test is over. */
  void hang() throws InterruptedException {
    closed.await();
  }

  private void accept() {
    while (closed.getCount() > 0) {
      try {
        Socket connection = socket.accept();
        synchronized (open) {
          open.add(connection);
        }
        new Thread(() -> serve(connection), "hostile-connection").start();
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      String head = readHead(connection.getInputStream());
      synchronized (requests) {
        requests.add(head);
      }
      OutputStream out = connection.getOutputStream();
      behaviour.answer(connection, out, this);
      out.flush();
      connection.shutdownOutput();
    } catch (Exception e) {
      // the client has gone, which is what most tests are about
    }
  }

  private static String readHead(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("no request");
      }
      head.append((char) next);
    }
    return head.toString();
  }

  @Override
  public void close() {
    stop();
  }

  /** Closes all connections, and takes no more. */
  void stop() {
    closed.countDown();
    try {
      socket.close();
      synchronized (open) {
        for (Socket connection : open) {
          connection.close();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
