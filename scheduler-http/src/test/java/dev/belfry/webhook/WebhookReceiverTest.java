// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.webhook.testing.ReceivedWebhook;
import dev.belfry.webhook.testing.WebhookReceiver;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The receiver that users' tests have, called by a client that is not ours. */
class WebhookReceiverTest {
  private final WebhookSecret secret = WebhookSecret.generate();

  @Test
  void receiver_answersAsItIsTold_then200() throws Exception {
    try (WebhookReceiver receiver = WebhookReceiver.start()) {
      receiver.answer(500, 410).answer(429, Map.of("Retry-After", "7"), "slow down");

      assertThat(post(receiver.url(), "1", Map.of()).statusCode()).isEqualTo(500);
      assertThat(post(receiver.url(), "2", Map.of()).statusCode()).isEqualTo(410);
      HttpResponse<String> third = post(receiver.url(), "3", Map.of());
      assertThat(third.statusCode()).isEqualTo(429);
      assertThat(third.headers().firstValue("Retry-After")).contains("7");
      assertThat(third.body()).isEqualTo("slow down");
      assertThat(post(receiver.url(), "4", Map.of()).statusCode()).isEqualTo(200);
      assertThat(receiver.received())
          .extracting(ReceivedWebhook::text)
          .containsExactly("1", "2", "3", "4");
    }
  }

  @Test
  void receiver_answersAPathAlways_unlessTheNextAnswerIsSaid() throws Exception {
    try (WebhookReceiver receiver = WebhookReceiver.start()) {
      receiver.always("/expiry", 200, "0 expired").answer(500);

      assertThat(post(receiver.url().resolve("expiry"), "", Map.of()).statusCode()).isEqualTo(500);
      assertThat(post(receiver.url().resolve("expiry?a=b"), "", Map.of()).body())
          .isEqualTo("0 expired");
      assertThat(post(receiver.url().resolve("other"), "", Map.of()).body()).isEmpty();
    }
  }

  @Test
  void receiver_takesGenuineMessagesOnly_andKeepsTheirAnswersForThem() throws Exception {
    try (WebhookReceiver receiver =
        WebhookReceiver.start(WebhookVerifier.of(SignatureScheme.STANDARD, secret))) {
      receiver.answer(202);
      Map<String, String> signed =
          WebhookSigner.of(SignatureScheme.STANDARD, secret)
              .headers("msg_1", Instant.now(), "paid".getBytes(UTF_8));

      assertThat(post(receiver.url(), "forged", signed).statusCode()).isEqualTo(401);
      assertThat(post(receiver.url(), "paid", signed).statusCode()).isEqualTo(202);

      List<ReceivedWebhook> received = receiver.await(2, Duration.ofSeconds(10));
      assertThat(received.get(0).refusal().orElseThrow().reason())
          .isEqualTo(WebhookVerificationException.Reason.SIGNATURE);
      assertThat(received.get(1).refusal()).isEmpty();
      assertThat(received.get(1).header("Webhook-Id")).contains("msg_1");
    }
  }

  @Test
  void await_thatIsInVain_saysWhatCame() throws Exception {
    try (WebhookReceiver receiver = WebhookReceiver.start()) {
      post(receiver.url().resolve("a?b=c"), "", Map.of());

      assertThatThrownBy(() -> receiver.await(2, Duration.ofMillis(10)))
          .isInstanceOf(AssertionError.class)
          .hasMessage("expected 2 webhooks within PT0.01S, received: [POST /a?b=c -> 200]");
    }
  }

  private static HttpResponse<String> post(URI url, String body, Map<String, String> headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url).POST(HttpRequest.BodyPublishers.ofString(body));
    headers.forEach(request::header);
    return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
