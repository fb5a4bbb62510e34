// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import dev.belfry.JobContext;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Makes the call of an HTTP job. Thread-safe. */
record HttpJobHandler(
    String method,
    URI url,
    Map<String, Supplier<String>> headers,
    List<Supplier<String>> secrets,
    BodyTemplate body,
    Duration timeout,
    HttpExpectations expectations,
    HttpExchanges exchanges) {
  private static final int SHOWN = 500;

  void run(JobContext ctx) throws InterruptedException {
    Map<String, String> sent = new TreeMap<>();
    sent.put("belfry-attempt", String.valueOf(ctx.attempt()));
    sent.put("belfry-due", ctx.dueAt().toString());
    sent.put("idempotency-key", "\"" + ctx.idempotencyKey() + "\"");
    headers.forEach((name, value) -> sent.put(name, value.get()));
    HttpAnswer answer =
        exchanges.exchange(new HttpCall(method, url, sent, body.fill(ctx), timeout));
    note(ctx, answer);
    try {
      expectations.check(answer);
    } catch (HttpFailedException failed) {
      ctx.log("answer: " + redacted(answer.text()));
      throw failed;
    }
  }

  static void note(JobContext ctx, HttpAnswer answer) {
    ctx.note("http.status", String.valueOf(answer.status()));
    ctx.note("http.timings", answer.timings().text());
  }

  /** A server may send back what it was sent. */
  private String redacted(String text) {
    String clean = text;
    for (Supplier<String> secret : secrets) {
      String value = secret.get();
      clean = value.isEmpty() ? clean : clean.replace(value, "…");
    }
    return clean.length() > SHOWN ? clean.substring(0, SHOWN) + "…" : clean;
  }
}
