// SPDX-License-Identifier: Apache-2.0
package dev.belfry.examples.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.AlertRule;
import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.Scheduler;
import dev.belfry.run.Run;
import dev.belfry.run.RunQuery;
import dev.belfry.run.Status;
import dev.belfry.schedule.Schedule;
import dev.belfry.testkit.TestScheduler;
import dev.belfry.webhook.DestinationGuard;
import dev.belfry.webhook.DestinationRefusedException;
import dev.belfry.webhook.HttpFailedException;
import dev.belfry.webhook.HttpJob;
import dev.belfry.webhook.SignatureScheme;
import dev.belfry.webhook.WebhookEndpoint;
import dev.belfry.webhook.WebhookMessage;
import dev.belfry.webhook.WebhookSecret;
import dev.belfry.webhook.WebhookSigner;
import dev.belfry.webhook.WebhookVerificationException;
import dev.belfry.webhook.WebhookVerifier;
import dev.belfry.webhook.testing.ReceivedWebhook;
import dev.belfry.webhook.testing.WebhookReceiver;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The code in the page on webhooks and HTTP jobs. */
class WebhooksTest {
  private static final ZoneId UTC = ZoneId.of("UTC");

  record Order(int number) {}

  private static final EventType<Order> ORDER_PAID = EventType.of("order.paid", Order.class);

  /** Where an application of this page has its secrets. */
  private record Keys(Map<String, WebhookSecret> byEndpoint) {
    List<WebhookSecret> webhookSecrets(String endpoint) {
      return Stream.ofNullable(byEndpoint.get(endpoint)).toList();
    }

    String get(String name) {
      return "key of " + name;
    }
  }

  private final Keys keys =
      new Keys(Map.of("crm", WebhookSecret.generate(), "stripe", WebhookSecret.generate()));

  @Test
  void webhooks_areSent() throws Exception {
    WebhookVerifier verifier =
        WebhookVerifier.of(SignatureScheme.STANDARD, () -> keys.webhookSecrets("crm"));
    try (WebhookReceiver receiver = WebhookReceiver.start(verifier)) {
      Job<WebhookMessage> crm =
          WebhookEndpoint.named("webhooks/crm")
              .url(receiver.url())
              .on(ORDER_PAID)
              .secrets(() -> keys.webhookSecrets("crm"))
              .guard(receiver.guard())
              .alert(AlertRule.consecutiveFailures(5))
              .build();
      try (Scheduler scheduler = Scheduler.builder().register(crm).start()) {
        scheduler.send(ORDER_PAID, new Order(42));

        ReceivedWebhook message = receiver.await(1, ofSeconds(30)).get(0);
        assertThat(message.text()).endsWith("\"data\":{\"number\":42}}");

        scheduler.enqueue(crm, WebhookMessage.of("test", "{}"));
        receiver.await(2, ofSeconds(30));
        scheduler.awaitIdle(ofSeconds(30));
        Run delivery = scheduler.runs(RunQuery.ofJob("webhooks/crm")).items().get(0);
        scheduler.retry(delivery.id(), "ann");
        assertThat(receiver.await(3, ofSeconds(30)).get(2).header("webhook-id"))
            .isEqualTo(receiver.received().get(1).header("webhook-id"));
      }
    }
  }

  @Test
  void rotation() {
    WebhookSecret old = WebhookSecret.generate();
    Instant now = Instant.now();
    WebhookSecret fresh = WebhookSecret.generate(); // show fresh.text() to the receiver, once
    List<WebhookSecret> both = List.of(fresh, old.until(now.plus(Duration.ofHours(24))));

    WebhookSigner signer = WebhookSigner.of(SignatureScheme.STANDARD, () -> both);

    byte[] body = "{}".getBytes(UTF_8);
    Map<String, String> headers = signer.headers("msg_1", now, body);
    assertThat(headers.get("webhook-signature").split(" ")).hasSize(2);
    WebhookVerifier.of(SignatureScheme.STANDARD, old).verify(headers::get, body);
  }

  @Test
  void verifier_servesAlone() {
    Map<String, List<String>> headers = Map.of();
    byte[] body = {};
    var status = new int[1];

    WebhookVerifier verifier =
        WebhookVerifier.of(SignatureScheme.STRIPE, () -> keys.webhookSecrets("stripe"));
    try {
      verifier.verify(headers, body);
      status[0] = 200;
    } catch (WebhookVerificationException forged) {
      status[0] = 401;
    }

    assertThat(status[0]).isEqualTo(401);
  }

  @Test
  void guard_servesAlone() {
    DestinationGuard guard =
        DestinationGuard.standard().withNetwork("10.1.0.0/16").withHost("billing.internal");
    guard.check(URI.create("https://billing.internal/hooks"));
    assertThatThrownBy(() -> guard.check(URI.create("https://169.254.169.254/")))
        .isInstanceOf(DestinationRefusedException.class);
  }

  @Test
  void httpWorkers_ofTheFifthExample() {
    try (WebhookReceiver app = WebhookReceiver.start();
        TestScheduler scheduler = TestScheduler.start(Instant.parse("2026-03-02T23:51:00Z"))) {
      app.always("/webhook-retry", 200, "3 retried");
      app.always("/notification-expiry", 200, "0 expired");
      app.always("/data-archival", 200, "{\"archived\":true}");
      Job<Void> retry =
          HttpJob.named("webhook-retry")
              .post(app.url().resolve("webhook-retry"))
              .bearer(() -> keys.get("cron"))
              .expectStatus(200)
              .expectText("retried")
              .timeout(ofSeconds(30))
              .guard(app.guard())
              .alert(AlertRule.consecutiveFailures(3), AlertRule.longerThan(ofSeconds(45)))
              .alert(AlertRule.failure(HttpFailedException.Timeout.class))
              .schedule(Schedule.cron("*/5 * * * *", UTC))
              .build();
      Job<Void> expiry =
          HttpJob.named("notification-expiry")
              .post(app.url().resolve("notification-expiry"))
              .bearer(() -> keys.get("cron"))
              .expectPattern("^\\d+ expired$")
              .guard(app.guard())
              .schedule(Schedule.cron("*/5 * * * *", UTC))
              .build();
      Job<Void> archival =
          HttpJob.named("data-archival")
              .post(app.url().resolve("data-archival"))
              .bearer(() -> keys.get("cron"))
              .body("application/json", "{\"due\":\"{{due}}\"}")
              .expectJson("/archived", "true")
              .timeout(ofSeconds(60))
              .guard(app.guard())
              .schedule(Schedule.cron("0 0 * * *", UTC))
              .build();
      scheduler.register(retry, expiry, archival);

      scheduler.advance(ofMinutes(9)); // 23:55 and 00:00
      assertThat(app.received())
          .hasSize(5)
          .allMatch(call -> call.header("Authorization").equals(Optional.of("Bearer key of cron")));
      for (String job : List.of("webhook-retry", "notification-expiry", "data-archival")) {
        assertThat(scheduler.runsOf(job)).extracting(Run::status).containsOnly(Status.COMPLETED);
      }
    }
  }
}
