// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.management.OperatingSystemMXBean;
import com.zaxxer.hikari.HikariDataSource;
import dev.belfry.Scheduler;
import dev.belfry.jdbc.JdbcJobStore;
import dev.belfry.store.JobStore;
import dev.belfry.webhook.DestinationGuard;
import dev.belfry.webhook.EncryptionKey;
import dev.belfry.webhook.EndpointSpec;
import dev.belfry.webhook.SignatureScheme;
import dev.belfry.webhook.WebhookSecret;
import dev.belfry.webhook.WebhookSigner;
import dev.belfry.webhook.Webhooks;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/**
 * Prints how late deliveries to healthy endpoints are while others hang and while none do, and how
 * many a second one fast endpoint gets, beside the JDK's client that posts the same, signed, with
 * as many under way at once. The two of a pair take turns. Receivers are in this process, so their
 * processor time is counted for both; the JDK's client keeps its connections, webhooks make one for
 * each delivery.
 *
 * <p>Takes {@code memory}, {@code h2} or {@code postgresql}, deliveries to all endpoints together,
 * endpoints, how many of them hang, messages a second, deliveries to the fast one, and rounds;
 * default: h2 10000 100 10 5 10000 3.
 */
final class WebhookCost {
  private static final int WORKERS = 64;
  private static final int AT_ONCE = 50;
  private static final int CONNECTIONS = 20;
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private final String database;
  private final Receivers receivers;

  /** What a message tells: when it was sent. */
  record Tick(long nanos) {}

  private WebhookCost(String database, Receivers receivers) {
    this.database = database;
    this.receivers = receivers;
  }

  public static void main(String[] args) throws Exception {
    String database = args.length == 0 ? "h2" : args[0];
    int deliveries = number(args, 1, 10_000);
    int endpoints = number(args, 2, 100);
    int hanging = number(args, 3, 10);
    int pace = number(args, 4, 5);
    int fast = number(args, 5, 10_000);
    int rounds = number(args, 6, 3);
    try (var receivers = new Receivers()) {
      var cost = new WebhookCost(database, receivers);
      cost.warmUp();
      for (int round = 1; round <= rounds; round++) {
        System.out.println("round " + round);
        int messages = deliveries / endpoints;
        System.out.println(cost.late(messages, endpoints - hanging, 0, pace));
        System.out.println(cost.late(messages, endpoints - hanging, hanging, pace));
        System.out.println(cost.webhooks(fast));
        System.out.println(cost.client(fast));
      }
    }
  }

  private static int number(String[] args, int index, int otherwise) {
    return args.length > index ? Integer.parseInt(args[index]) : otherwise;
  }

  private void warmUp() throws Exception {
    webhooks(1_000);
    client(1_000);
  }

  /** Something that is measured. */
  private interface Work {
    String measure(Scheduler scheduler, Webhooks webhooks) throws Exception;
  }

  private String with(Work work) throws Exception {
    DestinationGuard guard = DestinationGuard.standard().withPlainHttp().withNetwork("127.0.0.0/8");
    for (int port : receivers.ports()) {
      guard = guard.withPort(port);
    }
    Webhooks webhooks = Webhooks.create().keys(EncryptionKey.of("k1", new byte[32])).guard(guard);
    if (!database.equals("postgresql")) {
      return inProcess(webhooks, work);
    }
    try (EmbeddedPostgres server = EmbeddedPostgres.start();
        var pool = new HikariDataSource()) {
      pool.setDataSource(server.getPostgresDatabase());
      pool.setMaximumPoolSize(CONNECTIONS);
      return on(JdbcJobStore.using(pool), webhooks, work);
    }
  }

  private String inProcess(Webhooks webhooks, Work work) throws Exception {
    Path folder = Files.createTempDirectory("belfry-webhooks");
    try {
      return on(
          database.equals("h2")
              ? JdbcJobStore.embedded(folder.resolve("store"))
              : JobStore.inMemory(),
          webhooks,
          work);
    } finally {
      delete(folder);
    }
  }

  private static String on(JobStore store, Webhooks webhooks, Work work) throws Exception {
    try (Scheduler scheduler =
        Scheduler.builder()
            .store(store)
            .with(webhooks)
            .queue("webhooks", WORKERS)
            .grace(Duration.ofSeconds(1))
            .start()) {
      return work.measure(scheduler, webhooks);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Sends messages at a pace, each to all endpoints. */
  private String late(int messages, int healthy, int hanging, int pace) throws Exception {
    return with(
        (scheduler, webhooks) -> {
          for (int i = 0; i < healthy + hanging; i++) {
            URI url = i < healthy ? receivers.good(i) : receivers.hanging(i);
            webhooks.endpoints().create("e" + i, EndpointSpec.of(url, "*").withTimeout(TIMEOUT));
          }
          receivers.expect(messages * healthy);
          long start = System.nanoTime();
          for (int i = 0; i < messages; i++) {
            awaitUntil(start + i * 1_000_000_000L / pace);
            webhooks.send(scheduler, "tick", new Tick(System.nanoTime()));
          }
          long[] late = receivers.await();
          receivers.release();
          return "%d healthy, %2d hang: p50 %.1f ms, p99 %.1f ms, max %.1f ms"
              .formatted(
                  healthy,
                  hanging,
                  late[late.length / 2] / 1e6,
                  late[(int) (late.length * 0.99)] / 1e6,
                  late[late.length - 1] / 1e6);
        });
  }

  private static void awaitUntil(long nanos) throws InterruptedException {
    long left = nanos - System.nanoTime();
    if (left > 0) {
      Thread.sleep(left / 1_000_000, (int) (left % 1_000_000));
    }
  }

  private String webhooks(int count) throws Exception {
    return with(
        (scheduler, webhooks) -> {
          webhooks
              .endpoints()
              .create("fast", EndpointSpec.of(receivers.good(0), "*").withLimit(AT_ONCE));
          receivers.expect(count);
          long cpu = cpu();
          long start = System.nanoTime();
          for (int i = 0; i < count; i++) {
            webhooks.send(scheduler, "tick", new Tick(System.nanoTime()));
          }
          receivers.await();
          return line("webhooks:  ", count, start, cpu);
        });
  }

  /** Posts the same by the JDK's client. */
  private String client(int count) throws Exception {
    WebhookSigner signer = WebhookSigner.of(SignatureScheme.STANDARD, WebhookSecret.generate());
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    var room = new Semaphore(AT_ONCE);
    receivers.expect(count);
    long cpu = cpu();
    long start = System.nanoTime();
    CompletableFuture<?> last = CompletableFuture.completedFuture(null);
    for (int i = 0; i < count; i++) {
      Instant now = Instant.now();
      String data = "{\"type\":\"tick\",\"timestamp\":\"" + now + "\",\"data\":{\"nanos\":";
      byte[] body = (data + System.nanoTime() + "}}").getBytes(UTF_8);
      HttpRequest.Builder request =
          HttpRequest.newBuilder(receivers.good(0))
              .timeout(TIMEOUT)
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofByteArray(body));
      signer.headers("msg_" + i, now, body).forEach(request::header);
      room.acquire();
      last =
          client
              .sendAsync(request.build(), HttpResponse.BodyHandlers.discarding())
              .whenComplete((answer, failed) -> room.release());
    }
    receivers.await();
    last.join();
    return line("JDK client:", count, start, cpu);
  }

  private static String line(String what, int count, long start, long cpu) {
    double seconds = (System.nanoTime() - start) / 1e9;
    return "%s %,.0f a second, %.0f us of processors each"
        .formatted(what, count / seconds, (cpu() - cpu) / 1e3 / count);
  }

  private static long cpu() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }
}
