// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.Run;
import dev.belfry.run.Status;
import dev.belfry.testkit.CrashMatrix;
import dev.belfry.testkit.TestScheduler;
import dev.belfry.webhook.testing.ReceivedWebhook;
import dev.belfry.webhook.testing.WebhookReceiver;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A node that delivers to stored endpoints dies before and after each call to the store. */
class WebhookCrashMatrixTest {
  record Order(int number) {}

  private static void deliver(TestScheduler t) {
    WebhookSecret secret = WebhookSecret.generate();
    WebhookVerifier verifier =
        WebhookVerifier.of(SignatureScheme.STANDARD, secret).withClock(t.time().clock());
    try (WebhookReceiver receiver = WebhookReceiver.start(verifier)) {
      Webhooks webhooks =
          Webhooks.create()
              .secrets(reference -> List.of(secret))
              .guard(receiver.guard())
              .clock(t.time().clock());
      for (String id : List.of("a", "b")) {
        webhooks.endpoint(
            id, EndpointSpec.of(receiver.url().resolve(id), "*").withSecretsFrom("own"));
      }
      receiver.answer(500);
      t.configure(builder -> builder.with(webhooks));
      t.runDue();
      webhooks.send(t.client(), "order.paid", new Order(1));

      t.advance(Duration.ofHours(12));

      assertThat(t.runsOf(Webhooks.DELIVERY_JOB))
          .hasSize(2)
          .extracting(Run::status)
          .containsOnly(Status.COMPLETED);
      assertThat(receiver.received())
          .hasSizeGreaterThanOrEqualTo(3)
          .allMatch(message -> message.refusal().isEmpty());
      assertThat(receiver.received().stream().map(m -> m.header("webhook-id")).distinct())
          .hasSize(1);
      assertThat(receiver.received().stream().map(ReceivedWebhook::path).distinct()).hasSize(2);
    }
  }

  @Test
  void nothingIsLost_andRepeatsHaveTheSameId_whereverANodeDies() {
    assertThat(CrashMatrix.of(WebhookCrashMatrixTest::deliver).run()).isGreaterThan(30);
  }
}
