// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.belfry.http.Headers;
import dev.belfry.http.Request;
import dev.belfry.http.Response;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A dashboard on a real socket, with the headers that the real server sends. */
final class SampleServer implements AutoCloseable {
  static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final World world;
  private final String base;

  private SampleServer(HttpServer server, World world, String base) {
    this.server = server;
    this.world = world;
    this.base = base;
  }

  /** Starts on a free port, or a given one. */
  static SampleServer start(World world, String base, int port) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
      var started = new SampleServer(server, world, base);
      server.createContext("/", started::answer);
      server.setExecutor(started.threads);
      server.start();
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Serves sample data at a port until the process is ended. */
  public static void main(String[] args) {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 8080;
    SampleServer server = start(Sample.world(), args.length > 1 ? args[1] : "", port);
    System.out.println("at " + server.origin() + server.base + "/");
  }

  String origin() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      URI uri = exchange.getRequestURI();
      String path = uri.getRawPath();
      if (!path.startsWith(base + "/")) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      Response response;
      synchronized (world) { // virtual time belongs to one thread
        response =
            world
                .router()
                .handle(
                    new Request(
                        exchange.getRequestMethod(),
                        base,
                        path.substring(base.length()),
                        uri.getRawQuery() == null ? "" : uri.getRawQuery(),
                        Headers.of(exchange.getRequestHeaders()),
                        exchange.getRequestBody(),
                        exchange.getRemoteAddress().getAddress(),
                        false));
      }
      send(exchange, response);
    }
  }

  private static void send(HttpExchange exchange, Response response) throws IOException {
    response.headers().asMap().forEach((name, all) -> exchange.getResponseHeaders().put(name, all));
    exchange.getResponseHeaders().set("Content-Security-Policy", POLICY);
    exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
    if (response.body() instanceof Response.Bytes bytes) {
      int size = bytes.bytes().length;
      exchange.sendResponseHeaders(response.status(), size == 0 ? -1 : size);
      if (size > 0) {
        exchange.getResponseBody().write(bytes.bytes());
      }
      return;
    }
    exchange.sendResponseHeaders(response.status(), 0);
    try (OutputStream out = exchange.getResponseBody()) {
      ((Response.Stream) response.body()).writer().writeTo(out);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    world.close();
  }
}
