// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.belfry.webhook.WebhookVerificationException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A request that a {@link WebhookReceiver} got. */
public final class ReceivedWebhook {
  private final String method;
  private final String path;
  private final Map<String, List<String>> headers;
  private final byte[] body;
  private final int answered;
  private final Optional<WebhookVerificationException> refusal;

  ReceivedWebhook(
      String method,
      String path,
      Map<String, List<String>> headers,
      byte[] body,
      int answered,
      Optional<WebhookVerificationException> refusal) {
    this.method = method;
    this.path = path;
    this.headers = headers;
    this.body = body;
    this.answered = answered;
    this.refusal = refusal;
  }

  /** Returns the method. */
  public String method() {
    return method;
  }

  /** Returns the path with its query. */
  public String path() {
    return path;
  }

  /** Returns the value of a header, the first if there are several; the name in any case. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)))
        .map(values -> values.get(0));
  }

  /** Returns the body as it came. */
  public byte[] body() {
    return body.clone();
  }

  /** Returns the body as UTF-8. */
  public String text() {
    return new String(body, UTF_8);
  }

  /** Returns the status that it was answered with. */
  public int answered() {
    return answered;
  }

  /** Returns what was wrong with its signature, if anything was. */
  public Optional<WebhookVerificationException> refusal() {
    return refusal;
  }

  /** Returns method, path and status. */
  @Override
  public String toString() {
    return method + " " + path + " -> " + answered;
  }
}
