// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server that answers at once, and one that never does; on 127.0.0.1, in this process. */
final class Receivers implements AutoCloseable {
  private static final Pattern SENT_AT = Pattern.compile("\"nanos\":(\\d+)");

  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            var thread = new Thread(task, "receiver");
            thread.setDaemon(true);
            return thread;
          });
  private final HttpServer good;
  private final ServerSocket hanging;
  private final Set<Socket> held = ConcurrentHashMap.newKeySet();
  private volatile Count count = new Count(0);

  /** Waits for so many requests, and keeps how late each of them was. */
  private static final class Count {
    private final CountDownLatch left;
    private final ConcurrentLinkedQueue<Long> late = new ConcurrentLinkedQueue<>();

    Count(int expected) {
      this.left = new CountDownLatch(expected);
    }
  }

  Receivers() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    good = HttpServer.create(new InetSocketAddress(loopback, 0), 1_000);
    good.createContext("/", this::take);
    good.setExecutor(threads);
    good.start();
    hanging = new ServerSocket(0, 1_000, loopback);
    threads.execute(this::hang);
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      exchange.sendResponseHeaders(200, -1);
      Matcher sent = SENT_AT.matcher(body);
      Count now = count;
      if (sent.find()) {
        now.late.add(System.nanoTime() - Long.parseLong(sent.group(1)));
        now.left.countDown();
      }
    }
  }

  private void hang() {
    try {
      while (true) {
        held.add(hanging.accept());
      }
    } catch (IOException closed) {
      // this is over
    }
  }

  URI good(int endpoint) {
    return URI.create("http://127.0.0.1:" + good.getAddress().getPort() + "/" + endpoint);
  }

  URI hanging(int endpoint) {
    return URI.create("http://127.0.0.1:" + hanging.getLocalPort() + "/" + endpoint);
  }

  List<Integer> ports() {
    return List.of(good.getAddress().getPort(), hanging.getLocalPort());
  }

  void expect(int requests) {
    count = new Count(requests);
  }

  /** Returns how late the requests were that were expected, in order, in nanoseconds. */
  long[] await() throws InterruptedException, TimeoutException {
    Count now = count;
    if (!now.left.await(10, TimeUnit.MINUTES)) {
      throw new TimeoutException(now.left.getCount() + " requests did not come in 10 minutes");
    }
    return now.late.stream().mapToLong(Long::longValue).sorted().toArray();
  }

  /** Breaks off what hangs. */
  void release() throws IOException {
    for (Socket socket : held) {
      socket.close();
    }
    held.clear();
  }

  @Override
  public void close() throws IOException {
    good.stop(0);
    hanging.close();
    release();
    threads.shutdownNow();
  }
}
