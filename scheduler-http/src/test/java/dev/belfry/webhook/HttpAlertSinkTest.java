// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.Alert;
import dev.belfry.run.RunId;
import dev.belfry.webhook.testing.ReceivedWebhook;
import dev.belfry.webhook.testing.WebhookReceiver;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How alerts are told by HTTP. */
class HttpAlertSinkTest {
  private static final RunId RUN = RunId.parse("01958f0a-0000-7000-8000-000000000001");
  private final WebhookSecret secret = WebhookSecret.generate();
  private final WebhookReceiver receiver = WebhookReceiver.start();

  @AfterEach
  void close() {
    receiver.close();
  }

  @Test
  void slack_getsASentence_inWhichNothingIsMarkup() throws Exception {
    HttpAlertSink.slack(receiver::url)
        .guard(receiver.guard())
        .send(alert("<!channel> & co", false));

    assertThat(only().text())
        .isEqualTo("{\"text\":\"🔴 failures (job report): &lt;!channel&gt; &amp; co\"}");
    assertThat(only().header("Content-Type")).contains("application/json");
  }

  @Test
  void discord_getsASentence_thatMentionsNobody() throws Exception {
    HttpAlertSink.discord(receiver::url).guard(receiver.guard()).send(alert("@everyone", true));

    assertThat(only().text())
        .isEqualTo(
            "{\"content\":\"✅ failures (job report): @everyone\","
                + "\"allowed_mentions\":{\"parse\":[]}}");
  }

  @Test
  void discord_getsAtMost2000Characters() throws Exception {
    HttpAlertSink.discord(receiver::url)
        .guard(receiver.guard())
        .send(alert("x".repeat(3000), false));

    assertThat(only().text()).contains("xxx…\"").hasSizeLessThan(2_100);
  }

  @Test
  void webhook_getsASignedMessage_withTheSameIdWhenToldAgain() throws Exception {
    HttpAlertSink sink =
        HttpAlertSink.webhook(receiver::url, () -> List.of(secret)).guard(receiver.guard());

    sink.send(alert("3 runs failed", false));
    sink.send(alert("3 runs failed", false));
    sink.send(alert("3 runs failed", true));

    List<ReceivedWebhook> calls = receiver.received();
    assertThat(calls.get(0).text())
        .isEqualTo(
            "{\"type\":\"alert.raised\",\"timestamp\":\"2026-03-02T12:05:00Z\",\"data\":"
                + "{\"rule\":\"failures\",\"job\":\"report\","
                + "\"run\":\"01958f0a-0000-7000-8000-000000000001\","
                + "\"sentence\":\"3 runs failed\",\"first\":\"2026-03-02T12:00:00Z\","
                + "\"last\":\"2026-03-02T12:05:00Z\",\"count\":3}}");
    assertThat(calls.get(1).header("webhook-id")).isEqualTo(calls.get(0).header("webhook-id"));
    assertThat(calls.get(2).header("webhook-id")).isNotEqualTo(calls.get(0).header("webhook-id"));
    WebhookVerifier.of(SignatureScheme.STANDARD, secret)
        .verify(name -> calls.get(0).header(name).orElse(null), calls.get(0).body());
  }

  @Test
  void answerThatIsNotGood_fails_soThatItIsToldAgain() {
    receiver.answer(404);

    assertThatThrownBy(
            () ->
                HttpAlertSink.slack(receiver::url).guard(receiver.guard()).send(alert("x", false)))
        .isInstanceOf(HttpFailedException.Status.class)
        .hasMessage("the answer must have a status of 200 to 299, had 404");
  }

  @Test
  void destination_isGuarded() {
    URI local = URI.create("https://127.0.0.1/");

    assertThatThrownBy(() -> HttpAlertSink.slack(() -> local).send(alert("x", false)))
        .isInstanceOf(DestinationRefusedException.class);
  }

  private ReceivedWebhook only() {
    assertThat(receiver.received()).hasSize(1);
    return receiver.received().get(0);
  }

  private static Alert alert(String sentence, boolean recovered) {
    return new Alert(
        "failures",
        Optional.of("report"),
        Optional.of(RUN),
        sentence,
        Instant.parse("2026-03-02T12:00:00Z"),
        Instant.parse("2026-03-02T12:05:00Z"),
        3,
        recovered);
  }
}
