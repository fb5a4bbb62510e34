// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import dev.belfry.JobContext;
import dev.belfry.retry.RetryAfterException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Sends a message to an endpoint. Thread-safe. */
record WebhookDelivery(
    URI url,
    Map<String, String> headers,
    WebhookSigner signer,
    Duration timeout,
    HttpExchanges exchanges,
    InstantSource clock) {
  private static final Set<Integer> MAY_POSTPONE = Set.of(429, 502, 503, 504);
  private static final Duration LEAST_CLAMP = Duration.ofHours(1);
  private static final int GONE = 410;
  private static final int SHOWN = 500;

  void run(JobContext ctx, WebhookMessage message) throws InterruptedException {
    byte[] body = message.body();
    Map<String, String> sent = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    sent.putAll(headers);
    sent.put("Content-Type", "application/json");
    sent.putAll(signer.headers(message.id(), clock.instant(), body));
    HttpAnswer answer = exchanges.exchange(new HttpCall("POST", url, sent, body, timeout));
    HttpJobHandler.note(ctx, answer);
    if (answer.status() < 200 || answer.status() > 299) {
      String text = answer.text();
      ctx.log("answer: " + (text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text));
      throw failure(ctx, answer);
    }
  }

  private RuntimeException failure(JobContext ctx, HttpAnswer answer) {
    if (answer.status() == GONE) {
      return new WebhookGoneException();
    }
    String message = "the answer must have a status of 200 to 299, had " + answer.status();
    var failed = new HttpFailedException.Status(answer.status(), message);
    return postponed(ctx.attempt(), answer)
        .<RuntimeException>map(delay -> new RetryAfterException(message, delay, failed))
        .orElse(failed);
  }

  /** The policy takes its own wait if that is longer, so only the longest is ours to bound. */
  private Optional<Duration> postponed(int attempt, HttpAnswer answer) {
    if (!MAY_POSTPONE.contains(answer.status())) {
      return Optional.empty();
    }
    int last = WebhookEndpoint.SCHEDULE.size();
    Duration twice = WebhookEndpoint.SCHEDULE.get(Math.min(attempt, last) - 1).multipliedBy(2);
    Duration most = twice.compareTo(LEAST_CLAMP) > 0 ? twice : LEAST_CLAMP;
    return answer
        .header("retry-after")
        .flatMap(text -> RetryAfter.parse(text, clock.instant()))
        .map(asked -> asked.compareTo(most) > 0 ? most : asked);
  }
}
