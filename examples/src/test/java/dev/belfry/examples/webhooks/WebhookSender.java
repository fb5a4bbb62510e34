// SPDX-License-Identifier: Apache-2.0
package dev.belfry.examples.webhooks;

import dev.belfry.EventType;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerBuilder;
import dev.belfry.jdbc.JdbcJobStore;
import dev.belfry.webhook.DestinationGuard;
import dev.belfry.webhook.EndpointSpec;
import dev.belfry.webhook.WebhookEndpoint;
import dev.belfry.webhook.WebhookSecret;
import dev.belfry.webhook.Webhooks;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Sends webhooks from a database in the folder {@code data}, until somebody kills it. */
final class WebhookSender {
  record Order(int number) {}

  private static final EventType<Order> PAID = EventType.of("order.paid", Order.class);

  private WebhookSender() {}

  /**
   * Starts.
   *
   * @param args where to, the secret, how many orders have been paid, and whether the endpoint is
   *     declared or stored
   */
  public static void main(String[] args) throws InterruptedException {
    URI url = URI.create(args[0]);
    List<WebhookSecret> secrets = List.of(WebhookSecret.of(args[1]));
    DestinationGuard guard =
        DestinationGuard.standard()
            .withPlainHttp()
            .withNetwork("127.0.0.0/8")
            .withPort(url.getPort());
    SchedulerBuilder builder = Scheduler.builder().store(JdbcJobStore.embedded(Path.of("data")));
    if (args[3].equals("stored")) {
      builder.with(
          Webhooks.create()
              .on(PAID)
              .secrets(reference -> secrets)
              .guard(guard)
              .endpoint("crm", EndpointSpec.of(url, "order.*").withSecretsFrom("crm")));
    } else {
      builder.register(
          WebhookEndpoint.named("webhooks/crm")
              .url(url)
              .on(PAID)
              .secrets(() -> secrets)
              .guard(guard)
              .build());
    }
    try (Scheduler scheduler = builder.start()) {
      scheduler.sendAll(
          PAID, IntStream.range(0, Integer.parseInt(args[2])).mapToObj(Order::new).toList());
      scheduler.awaitShutdown();
    }
  }
}
