// SPDX-License-Identifier: Apache-2.0
package dev.belfry.examples.webhooks;

import dev.belfry.EventType;
import dev.belfry.Scheduler;
import dev.belfry.jdbc.JdbcJobStore;
import dev.belfry.webhook.DestinationGuard;
import dev.belfry.webhook.WebhookEndpoint;
import dev.belfry.webhook.WebhookSecret;
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
   * @param args where to, the secret, and how many orders have been paid
   */
  public static void main(String[] args) throws InterruptedException {
    URI url = URI.create(args[0]);
    try (Scheduler scheduler =
        Scheduler.builder()
            .store(JdbcJobStore.embedded(Path.of("data")))
            .register(
                WebhookEndpoint.named("webhooks/crm")
                    .url(url)
                    .on(PAID)
                    .secrets(() -> List.of(WebhookSecret.of(args[1])))
                    .guard(
                        DestinationGuard.standard()
                            .withPlainHttp()
                            .withNetwork("127.0.0.0/8")
                            .withPort(url.getPort()))
                    .build())
            .start()) {
      scheduler.sendAll(
          PAID, IntStream.range(0, Integer.parseInt(args[2])).mapToObj(Order::new).toList());
      scheduler.awaitShutdown();
    }
  }
}
