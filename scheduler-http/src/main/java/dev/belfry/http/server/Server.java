// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http.server;

import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.belfry.http.Handler;
import dev.belfry.http.Headers;
import dev.belfry.http.Request;
import dev.belfry.http.Response;
import dev.belfry.http.routing.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries requests from a socket to a handler, by the JDK's HTTP server. Thread-safe.
 *
 * <p>A handler gets a request that is whole and within the limits. What clients do slowly holds one
 * of the server's own threads, for a bounded time, and never one of the application.
 *
 * <p>Under a base path it also takes paths without it, as they come from a proxy that takes the
 * base path off: links have it in both cases.
 */
public final class Server implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Server.class);
  private static final Duration ENDING = Duration.ofSeconds(3);

  private final HttpServer server;
  private final Handler handler;
  private final String base;
  private final ServerLimits limits;
  private final Slots slots;
  private final Semaphore streams;
  private volatile boolean closing;

  private Server(HttpServer server, Handler handler, String base, ServerLimits limits) {
    this.server = server;
    this.handler = handler;
    this.base = base;
    this.limits = limits;
    this.slots = new Slots("belfry-server", limits);
    this.streams = new Semaphore(limits.streams());
  }

  /**
   * Starts a server.
   *
   * @param address of which port 0 stands for any free one
   * @param base the path under which the handler stands: empty, or as {@code /ops/jobs}
   * @throws IOException if the address can't be listened to
   */
  public static Server start(
      Handler handler, InetSocketAddress address, String base, ServerLimits limits)
      throws IOException {
    requireNonNull(handler, "handler");
    HttpServer jdk = HttpServer.create(address, limits.waiting());
    var server = new Server(jdk, handler, base, limits);
    jdk.createContext("/", server::carry);
    jdk.setExecutor(server.slots);
    server.slots.start();
    jdk.start();
    return server;
  }

  /** Returns the address that is listened to, with the port. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  private void carry(HttpExchange exchange) throws IOException {
    Slot slot = slots.current();
    try (exchange) {
      Response response = answer(exchange, slot);
      if (response.body() instanceof Response.Stream stream) {
        stream(exchange, response, stream, slot);
      } else if (response.body() instanceof Response.Bytes body) {
        slot.enter(Slot.Phase.WRITING);
        head(exchange, response, body.bytes().length == 0 ? -1 : body.bytes().length);
        if (body.bytes().length > 0 && !isHead(exchange)) {
          exchange.getResponseBody().write(body.bytes());
        }
      }
    }
  }

  private Response answer(HttpExchange exchange, Slot slot) throws IOException {
    try {
      checkHead(exchange);
      byte[] body = body(exchange);
      slot.enter(Slot.Phase.HANDLING);
      return closing ? closed() : handler.handle(request(exchange, body));
    } catch (Problem refused) {
      return refused.answer().with("connection", "close");
    } catch (RuntimeException wrong) { // handlers throw nothing; never the JDK's own page
      log.error("a request could not be answered", wrong);
      return Problem.of(500, "failed", "this failed here; the log says why").answer();
    }
  }

  private void checkHead(HttpExchange exchange) {
    int target = exchange.getRequestURI().toString().length();
    if (target > limits.targetBytes()) {
      throw Problem.of(
          414, "too-long", "path and query may have " + limits.targetBytes() + " characters");
    }
    int fields = 0;
    long size = 0;
    for (var field : exchange.getRequestHeaders().entrySet()) {
      for (String value : field.getValue()) {
        fields++;
        size += field.getKey().length() + value.length();
      }
    }
    if (fields > limits.headers() || size > limits.headerBytes()) {
      throw Problem.of(
          431,
          "headers-too-large",
          "a request may have "
              + limits.headers()
              + " header fields of "
              + limits.headerBytes()
              + " characters");
    }
  }

  private byte[] body(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(limits.bodyBytes() + 1);
    if (body.length > limits.bodyBytes()) {
      throw Problem.of(
          413, "too-large", "the body may have " + limits.bodyBytes() + " bytes, has more");
    }
    return body;
  }

  private Request request(HttpExchange exchange, byte[] body) {
    String path = exchange.getRequestURI().getRawPath();
    String query = exchange.getRequestURI().getRawQuery();
    return new Request(
        exchange.getRequestMethod(),
        base,
        rest(path),
        query == null ? "" : query,
        Headers.of(exchange.getRequestHeaders()),
        new ByteArrayInputStream(body),
        exchange.getRemoteAddress().getAddress(),
        false);
  }

  private String rest(String path) {
    if (!base.isEmpty() && path.equals(base)) {
      return "/";
    }
    return path.startsWith(base + "/") ? path.substring(base.length()) : path;
  }

  private void stream(HttpExchange exchange, Response response, Response.Stream body, Slot slot)
      throws IOException {
    if (isHead(exchange)) {
      head(exchange, response, -1);
    } else if (!streams.tryAcquire()) {
      Response full =
          Problem.of(
                  503,
                  "too-many-streams",
                  "there are " + limits.streams() + " streaming answers already")
              .answer()
              .with("retry-after", "10");
      byte[] bytes = ((Response.Bytes) full.body()).bytes();
      head(exchange, full, bytes.length);
      exchange.getResponseBody().write(bytes);
    } else {
      try {
        slot.stream();
        head(exchange, response, 0);
        var out = new WatchedStream(exchange.getResponseBody(), slot);
        out.flush();
        if (!closing) { // else nobody breaks it off
          body.writer().writeTo(out);
        }
      } finally {
        streams.release();
      }
    }
  }

  private static void head(HttpExchange exchange, Response response, long length)
      throws IOException {
    response
        .headers()
        .asMap()
        .forEach((name, values) -> exchange.getResponseHeaders().put(name, values));
    exchange.sendResponseHeaders(response.status(), isHead(exchange) ? -1 : length);
  }

  private static boolean isHead(HttpExchange exchange) {
    return exchange.getRequestMethod().equals("HEAD");
  }

  private static Response closed() {
    return Problem.of(503, "closing", "this node is being closed")
        .answer()
        .with("connection", "close")
        .with("retry-after", "5");
  }

  /**
   * Stops taking requests, breaks off streaming answers and requests that are not whole, lets the
   * others end for 3 seconds, then closes what is open.
   */
  @Override
  public void close() {
    closing = true;
    slots.breakOffEndless();
    try {
      if (!slots.awaitIdle(ENDING)) {
        log.warn("requests were under way for {}; they are broken off", ENDING);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    server.stop(0);
    slots.close();
  }
}
