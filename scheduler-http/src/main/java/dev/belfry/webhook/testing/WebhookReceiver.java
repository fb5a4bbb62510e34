// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.belfry.webhook.DestinationGuard;
import dev.belfry.webhook.WebhookVerificationException;
import dev.belfry.webhook.WebhookVerifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A server on a free port of 127.0.0.1 that writes down what it gets, verifies it if it was given a
 * verifier, and answers as it is told. For tests. Thread-safe.
 *
 * <p>What is not genuine is answered 401. All else is answered by {@link #answer}, then by {@link
 * #always}, or 200.
 */
public final class WebhookReceiver implements AutoCloseable {
  private static final byte[] LOOPBACK = {127, 0, 0, 1};

  private final @Nullable WebhookVerifier verifier; // null: takes all
  private final HttpServer server;
  private final ExecutorService threads;
  private final List<ReceivedWebhook> received = new ArrayList<>(); // guarded by itself
  private final Deque<Answer> answers = new ArrayDeque<>(); // guarded by received
  private final Map<String, Answer> standing = new HashMap<>(); // by path; guarded by received

  private record Answer(int status, Map<String, String> headers, String body) {}

  private WebhookReceiver(@Nullable WebhookVerifier verifier) {
    this.verifier = verifier;
    try {
      this.server =
          HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), 0), 50);
    } catch (IOException e) {
      throw new UncheckedIOException("no port of 127.0.0.1 could be opened", e);
    }
    this.threads =
        Executors.newCachedThreadPool(
            task -> {
              var thread = new Thread(task, "webhook-receiver");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Starts a receiver that takes all requests. */
  public static WebhookReceiver start() {
    return new WebhookReceiver(null).started();
  }

  /** Starts a receiver that takes genuine messages only. */
  public static WebhookReceiver start(WebhookVerifier verifier) {
    return new WebhookReceiver(requireNonNull(verifier, "verifier")).started();
  }

  private WebhookReceiver started() {
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
    return this;
  }

  /** Returns the URL, {@code http://127.0.0.1:…/}; any path below it is received, too. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  /** Returns a guard that allows this receiver, and other servers of this machine. */
  public DestinationGuard guard() {
    return DestinationGuard.standard()
        .withPlainHttp()
        .withNetwork("127.0.0.0/8")
        .withPort(server.getAddress().getPort());
  }

  /** Has the next requests be answered with these statuses, one each. May be called again. */
  public WebhookReceiver answer(int... statuses) {
    for (int status : statuses) {
      answer(status, Map.of(), "");
    }
    return this;
  }

  /** Has the next request be answered so; after those that were said before. */
  public WebhookReceiver answer(int status, Map<String, String> headers, String body) {
    synchronized (received) {
      answers.add(new Answer(status, Map.copyOf(headers), body));
    }
    return this;
  }

  /**
   * Has requests of a path be answered so, unless {@link #answer} said something for the next one.
   *
   * @param path without a query, {@code /jobs/expiry}
   */
  public WebhookReceiver always(String path, int status, String body) {
    synchronized (received) {
      standing.put(path, new Answer(status, Map.of(), body));
    }
    return this;
  }

  /** Returns what was received, in the order of coming. */
  public List<ReceivedWebhook> received() {
    synchronized (received) {
      return List.copyOf(received);
    }
  }

  /**
   * Waits until so many requests were received.
   *
   * @return all that were received
   * @throws AssertionError if they do not come in time; the message lists those that came
   */
  public List<ReceivedWebhook> await(int count, Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    synchronized (received) {
      while (received.size() < count) {
        long left = (end - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          throw new AssertionError(
              "expected " + count + " webhooks within " + time + ", received: " + received);
        }
        received.wait(left);
      }
      return List.copyOf(received);
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      Answer answer = take(exchange, body);
      byte[] said = answer.body().getBytes(UTF_8);
      answer.headers().forEach(exchange.getResponseHeaders()::set);
      exchange.sendResponseHeaders(answer.status(), said.length == 0 ? -1 : said.length);
      if (said.length > 0) {
        exchange.getResponseBody().write(said);
      }
    }
  }

  private Answer take(HttpExchange exchange, byte[] body) {
    Map<String, List<String>> headers = new TreeMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
    Optional<WebhookVerificationException> refusal = refusal(headers, body);
    synchronized (received) {
      Answer answer =
          refusal.isPresent()
              ? new Answer(401, Map.of(), "")
              : next(exchange.getRequestURI().getPath());
      received.add(
          new ReceivedWebhook(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              headers,
              body,
              answer.status(),
              refusal));
      received.notifyAll();
      return answer;
    }
  }

  private Answer next(String path) {
    Answer said = answers.poll();
    return said != null ? said : standing.getOrDefault(path, new Answer(200, Map.of(), ""));
  }

  private Optional<WebhookVerificationException> refusal(
      Map<String, List<String>> headers, byte[] body) {
    if (verifier == null) {
      return Optional.empty();
    }
    try {
      verifier.verify(headers, body);
      return Optional.empty();
    } catch (WebhookVerificationException refused) {
      return Optional.of(refused);
    }
  }

  /** Ends the server; requests under way are broken off. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
