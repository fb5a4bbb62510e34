// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Stands between a client and a server, and fails as networks do. Only on 127.0.0.1. */
public final class TcpProxy implements AutoCloseable {
  private final ServerSocket door;
  private volatile int server;
  private final List<Link> links = new CopyOnWriteArrayList<>();
  private final AtomicInteger cuts = new AtomicInteger();
  private volatile @Nullable String cutAfter;
  private volatile long delayNanos;

  /** Forwards to a port. */
  public TcpProxy(int server) {
    this.server = server;
    try {
      door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start("door", this::accept);
  }

  /** From now on forwards new connections to another port. */
  public void forwardTo(int newServer) {
    server = newServer;
  }

  public int port() {
    return door.getLocalPort();
  }

  /** From now on nothing goes through the connections that there are; they stay open. */
  public void swallow() {
    links.forEach(link -> link.swallowed = true);
  }

  /** Returns how many connections there are. */
  public int connections() {
    return links.size();
  }

  /** Cuts the next connection on which either side says this, in place of the server's answer. */
  public void cutAfter(String words) {
    cutAfter = words;
  }

  /** Returns how many connections were cut. */
  public int cuts() {
    return cuts.get();
  }

  /** From now on each answer comes so much later. */
  public void delayAnswers(Duration delay) {
    delayNanos = delay.toNanos();
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = door.accept();
      Socket real;
      try {
        real = new Socket(InetAddress.getLoopbackAddress(), server);
      } catch (IOException down) {
        client.close();
        continue;
      }
      var link = new Link(client, real);
      links.add(link);
      start("to server", link::toServer);
      start("to client", link::toClient);
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void start(String name, Work work) {
    var thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException closed) {
                // the end of the connection, or of the proxy
              }
            },
            "proxy " + name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      door.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    links.forEach(Link::close);
  }

  /** One connection. */
  private final class Link {
    private final Socket client;
    private final Socket real;
    private volatile boolean swallowed;
    private volatile boolean doomed;

    Link(Socket client, Socket real) {
      this.client = client;
      this.real = real;
    }

    void toServer() throws IOException {
      pump(client.getInputStream(), real.getOutputStream(), false);
    }

    void toClient() throws IOException {
      pump(real.getInputStream(), client.getOutputStream(), true);
    }

    private void pump(InputStream in, OutputStream out, boolean answers) throws IOException {
      var buffer = new byte[65_536];
      try {
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          listen(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
          if (answers && doomed) {
            cuts.incrementAndGet();
            return;
          }
          if (answers && delayNanos > 0) {
            LockSupport.parkNanos(delayNanos);
          }
          if (!swallowed) {
            out.write(buffer, 0, read);
          }
        }
      } finally {
        if (!swallowed) {
          close();
        }
      }
    }

    private void listen(String text) {
      String words = cutAfter;
      if (words != null && text.contains(words)) {
        cutAfter = null;
        doomed = true;
      }
    }

    void close() {
      links.remove(this);
      try (client;
          real) {
        // both
      } catch (IOException gone) {
        // closed
      }
    }
  }
}
