// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/*
 * Not the JDK's HttpClient: its timeout ends with the headers, it looks names up by itself, so that
 * what was checked is not what is called, it tells no timings, and it bounds neither headers nor
 * body. One request and one answer over a connection of their own need little code instead.
 *
 * All blocking is of the caller's thread on a socket, and whoever closes the socket ends it. That
 * is what happens at the deadline; it also ends a TLS handshake or a write that goes on for ever,
 * which timeouts of reads do not. The socket below TLS is closed, since closing TLS says good-bye
 * first, which may block.
 */
/** Makes exchanges of HTTP/1.1, each on a connection of its own. Thread-safe. */
final class HttpExchanges {
  private static final Duration MOST_CONNECT = Duration.ofSeconds(5);
  private static final String AGENT =
      "Belfry/"
          + Optional.ofNullable(HttpExchanges.class.getPackage().getImplementationVersion())
              .orElse("dev");

  private final DestinationGuard guard;
  private final SSLSocketFactory tls;
  private final int limit;

  /**
   * Creates it.
   *
   * @param limit how many bytes of a decoded body are kept; no more are read
   */
  HttpExchanges(DestinationGuard guard, SSLSocketFactory tls, int limit) {
    this.guard = guard;
    this.tls = tls;
    this.limit = limit;
  }

  /**
   * Sends a request and reads the answer, of whatever status; redirects are answers like others.
   *
   * @throws DestinationRefusedException before a connection, if the guard refuses the URL
   * @throws HttpFailedException if there was no whole answer by the deadline
   */
  HttpAnswer exchange(HttpCall call) throws InterruptedException {
    var clock = new HttpClock(call.timeout());
    guard.check(call.url());
    List<InetAddress> addresses = lookUp(call, clock);
    clock.named();
    IOException failure = new IOException("no address");
    for (InetAddress address : addresses) {
      try (Deadline socket = new Deadline(new Socket(Proxy.NO_PROXY), clock.left())) {
        try {
          connect(socket, address, call.url(), clock);
        } catch (IOException e) {
          failIfOver(socket, call, clock);
          failure = e;
          continue; // the next address
        }
        return speak(socket, call, clock);
      }
    }
    String message = "could not connect: " + sentence(failure);
    throw new HttpFailedException.Connect(message, failure, false);
  }

  /** The platform's resolver knows no deadline, so another thread waits for it. */
  private List<InetAddress> lookUp(HttpCall call, HttpClock clock) throws InterruptedException {
    Future<List<InetAddress>> answer = Deadline.lookUps().submit(() -> guard.resolve(call.url()));
    try {
      return answer.get(clock.left().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw timeout(call, clock);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownHostException unknown) {
        throw new HttpFailedException.Connect(
            "the name " + DestinationGuard.hostOf(call.url()) + " has no address", unknown);
      }
      if (e.getCause() instanceof RuntimeException refused) {
        throw refused;
      }
      throw new IllegalStateException("a look-up failed in an unknown way", e.getCause());
    }
  }

  private void connect(Deadline socket, InetAddress address, URI url, HttpClock clock)
      throws IOException {
    Duration most = clock.left().compareTo(MOST_CONNECT) < 0 ? clock.left() : MOST_CONNECT;
    guard
        .dialler()
        .connect(
            socket.plain(),
            new InetSocketAddress(address, DestinationGuard.portOf(url)),
            (int) most.toMillis());
    socket.plain().setTcpNoDelay(true);
  }

  private HttpAnswer speak(Deadline socket, HttpCall call, HttpClock clock) {
    try {
      Socket connection = secured(socket.plain(), call.url());
      clock.connected();
      IOException unsent = send(connection.getOutputStream(), call);
      if (unsent == null) {
        clock.sent();
      }
      try {
        return receive(connection, call, clock);
      } catch (IOException e) {
        throw unsent != null ? unsent : e; // who closes early may have answered before
      }
    } catch (IOException e) {
      failIfOver(socket, call, clock);
      throw new HttpFailedException.Connect(
          "no whole answer, while " + clock.phase() + ": " + sentence(e), e);
    }
  }

  private Socket secured(Socket plain, URI url) throws IOException {
    if (url.getScheme().equalsIgnoreCase("http")) {
      return plain;
    }
    var socket =
        (SSLSocket)
            tls.createSocket(
                plain, DestinationGuard.hostOf(url), DestinationGuard.portOf(url), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private static @Nullable IOException send(OutputStream out, HttpCall call) {
    byte[] head = head(call).getBytes(ISO_8859_1);
    var all = new byte[head.length + call.body().length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(call.body(), 0, all, head.length, call.body().length);
    try {
      out.write(all);
      out.flush();
      return null;
    } catch (IOException e) {
      return e;
    }
  }

  private static String head(HttpCall call) {
    URI url = call.url();
    String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    var head = new StringBuilder();
    head.append(call.method()).append(' ').append(path).append(query).append(" HTTP/1.1\r\n");
    line(head, "Host", url.getPort() < 0 ? url.getHost() : url.getHost() + ":" + url.getPort());
    line(head, "User-Agent", AGENT);
    line(head, "Accept-Encoding", "gzip");
    line(head, "Connection", "close");
    call.headers()
        .forEach(
            (name, value) -> {
              HeaderRules.check(name, value);
              line(head, name, value);
            });
    if (call.body().length > 0 || call.method().startsWith("P")) { // POST, PUT and PATCH have one
      line(head, "Content-Length", String.valueOf(call.body().length));
    }
    return head.append("\r\n").toString();
  }

  private static void line(StringBuilder head, String name, String value) {
    head.append(name).append(": ").append(value).append("\r\n");
  }

  private HttpAnswer receive(Socket connection, HttpCall call, HttpClock clock) throws IOException {
    var reader =
        new HttpReader(new BufferedInputStream(connection.getInputStream()), clock::answered);
    HttpReader.Head head = reader.head();
    HttpReader.Body body = reader.body(head, call.method().equals("HEAD"), limit);
    return new HttpAnswer(head.status(), head.headers(), body.bytes(), body.cut(), clock.timings());
  }

  private static void failIfOver(Deadline socket, HttpCall call, HttpClock clock) {
    if (socket.isOver() || clock.isOver()) {
      throw timeout(call, clock);
    }
  }

  private static HttpFailedException timeout(HttpCall call, HttpClock clock) {
    return new HttpFailedException.Timeout(
        "no whole answer within " + call.timeout() + ", while " + clock.phase());
  }

  private static String sentence(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
