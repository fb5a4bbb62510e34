// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belfry.Alert;
import dev.belfry.AlertSink;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;

/**
 * Tells alerts by HTTP: as a signed webhook, to Slack, or to Discord. Thread-safe. Waits up to 15
 * seconds for an answer, and fails unless its status is 200 to 299.
 *
 * <pre>{@code
 * Scheduler.builder().onAlert(HttpAlertSink.slack(() -> URI.create(env("SLACK_URL"))))
 * }</pre>
 */
public final class HttpAlertSink implements AlertSink {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(15);
  private static final int MOST_SLACK = 3_000;
  private static final int MOST_DISCORD = 2_000;
  private static final int KEPT = 1024;

  private final Supplier<URI> url;
  private final Form form;
  private final DestinationGuard guard;

  /** Makes what is sent of an alert. */
  private interface Form {
    HttpCall call(URI url, Alert alert);
  }

  private HttpAlertSink(Supplier<URI> url, Form form, DestinationGuard guard) {
    this.url = url;
    this.form = form;
    this.guard = guard;
  }

  /**
   * Returns a sink that sends a Standard Webhooks message: of type {@code alert.raised} or {@code
   * alert.recovered}, with the alert as its data. An alert that is told again after a failure has
   * the same {@code webhook-id}.
   *
   * @param secrets what it is signed with, asked for at each alert
   */
  public static HttpAlertSink webhook(
      Supplier<URI> url, Supplier<? extends Collection<WebhookSecret>> secrets) {
    WebhookSigner signer = WebhookSigner.of(SignatureScheme.STANDARD, secrets);
    return of(url, (to, alert) -> signed(to, alert, signer));
  }

  /**
   * Returns a sink that writes to a channel of Slack.
   *
   * @param url an incoming webhook of Slack, which is a secret; asked for at each alert
   */
  public static HttpAlertSink slack(Supplier<URI> url) {
    return of(
        url,
        (to, alert) ->
            post(to, JSON.createObjectNode().put("text", cut(slackText(alert), MOST_SLACK))));
  }

  /**
   * Returns a sink that writes to a channel of Discord. Nobody is mentioned, whatever an alert
   * says.
   *
   * @param url a webhook of Discord, which is a secret; asked for at each alert
   */
  public static HttpAlertSink discord(Supplier<URI> url) {
    return of(
        url,
        (to, alert) -> {
          ObjectNode body = JSON.createObjectNode().put("content", cut(text(alert), MOST_DISCORD));
          body.putObject("allowed_mentions").putArray("parse");
          return post(to, body);
        });
  }

  private static HttpAlertSink of(Supplier<URI> url, Form form) {
    return new HttpAlertSink(requireNonNull(url, "url"), form, DestinationGuard.standard());
  }

  /**
   * Returns this sink with other destinations allowed. Default: {@link
   * DestinationGuard#standard()}.
   */
  public HttpAlertSink guard(DestinationGuard newGuard) {
    return new HttpAlertSink(url, form, requireNonNull(newGuard, "guard"));
  }

  @Override
  public void send(Alert alert) throws InterruptedException {
    var exchanges =
        new HttpExchanges(guard, (SSLSocketFactory) SSLSocketFactory.getDefault(), KEPT);
    new HttpExpectations().check(exchanges.exchange(form.call(url.get(), alert)));
  }

  private static HttpCall signed(URI to, Alert alert, WebhookSigner signer) {
    ObjectNode data = JSON.createObjectNode();
    data.put("rule", alert.rule());
    alert.job().ifPresent(job -> data.put("job", job));
    alert.run().ifPresent(run -> data.put("run", run.toString()));
    data.put("sentence", alert.sentence());
    data.put("first", alert.first().toString());
    data.put("last", alert.last().toString());
    data.put("count", alert.count());
    String type = alert.recovered() ? "alert.recovered" : "alert.raised";
    byte[] key = (alert.rule() + " " + alert.job().orElse("")).getBytes(UTF_8);
    byte[] hash = Hmac.sha256(key, (type + alert.first() + alert.last()).getBytes(UTF_8));
    var message =
        new WebhookMessage(
            "msg_" + HexFormat.of().formatHex(hash), type, alert.last(), data.toString());
    Map<String, String> headers =
        new TreeMap<>(
            signer.headers(message.id(), InstantSource.system().instant(), message.body()));
    headers.put("Content-Type", "application/json");
    return new HttpCall("POST", to, headers, message.body(), TIMEOUT);
  }

  private static HttpCall post(URI to, ObjectNode body) {
    return new HttpCall(
        "POST",
        to,
        Map.of("Content-Type", "application/json"),
        body.toString().getBytes(UTF_8),
        TIMEOUT);
  }

  private static String text(Alert alert) {
    String of = alert.job().map(job -> " (job " + job + ")").orElse("");
    return (alert.recovered() ? "✅ " : "🔴 ") + alert.rule() + of + ": " + alert.sentence();
  }

  /** Slack reads these three characters as markup: a sentence might mention a whole channel. */
  private static String slackText(Alert alert) {
    return text(alert).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most - 1) + "…";
  }
}
