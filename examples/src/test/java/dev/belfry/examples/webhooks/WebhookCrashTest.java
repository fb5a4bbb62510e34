// SPDX-License-Identifier: Apache-2.0
package dev.belfry.examples.webhooks;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.webhook.SignatureScheme;
import dev.belfry.webhook.WebhookSecret;
import dev.belfry.webhook.WebhookVerifier;
import dev.belfry.webhook.testing.ReceivedWebhook;
import dev.belfry.webhook.testing.WebhookReceiver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A sender is killed again and again while it delivers. */
class WebhookCrashTest {
  private static final int ORDERS = 150;
  private static final int KILLS = 2;

  @ParameterizedTest
  @ValueSource(strings = {"declared", "stored"})
  void killedSender_losesNoDelivery_andRepeatsHaveTheSameId(String endpoints, @TempDir Path folder)
      throws Exception {
    WebhookSecret secret = WebhookSecret.generate();
    try (WebhookReceiver receiver =
        WebhookReceiver.start(WebhookVerifier.of(SignatureScheme.STANDARD, secret))) {
      for (int kill = 0; kill <= KILLS; kill++) {
        Process sender = start(folder, receiver, secret, kill == 0 ? ORDERS : 0, endpoints);
        try {
          awaitOrders(receiver, sender, kill == KILLS ? ORDERS : 40 * (kill + 1));
        } finally {
          sender.destroyForcibly();
          assertThat(sender.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
      }

      Map<String, List<ReceivedWebhook>> byOrder = byOrder(receiver.received());
      assertThat(byOrder).hasSize(ORDERS);
      assertThat(receiver.received()).allMatch(message -> message.refusal().isEmpty());
      for (List<ReceivedWebhook> messages : byOrder.values()) {
        assertThat(messages.stream().map(message -> message.header("webhook-id")).distinct())
            .hasSize(1);
      }
      assertThat(
              receiver.received().stream().map(message -> message.header("webhook-id")).distinct())
          .hasSize(ORDERS);
    }
  }

  private static Map<String, List<ReceivedWebhook>> byOrder(List<ReceivedWebhook> received) {
    return received.stream()
        .collect(
            groupingBy(message -> message.text().substring(message.text().indexOf("\"data\":"))));
  }

  /** Repeats count once; so it waits for one more request until there are enough orders. */
  private static void awaitOrders(WebhookReceiver receiver, Process sender, int count)
      throws InterruptedException {
    List<ReceivedWebhook> received = receiver.received();
    while (byOrder(received).size() < count) {
      assertThat(sender.isAlive()).as("the sender lives").isTrue();
      received = receiver.await(received.size() + 1, Duration.ofSeconds(60));
    }
  }

  private static Process start(
      Path folder, WebhookReceiver receiver, WebhookSecret secret, int orders, String endpoints)
      throws IOException {
    String classPath = System.getProperty("java.class.path");
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("surefire.test.class.path", classPath),
            WebhookSender.class.getName(),
            receiver.url().toString(),
            secret.text(),
            String.valueOf(orders),
            endpoints)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("output.txt").toFile())
        .start();
  }
}
