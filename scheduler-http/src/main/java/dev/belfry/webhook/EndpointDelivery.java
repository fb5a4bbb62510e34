// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import dev.belfry.JobContext;
import dev.belfry.retry.NonRetryableException;
import dev.belfry.retry.RetryAfterException;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.retry.SnoozeException;
import dev.belfry.run.SchedulerException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/*
 * The waits are the endpoint's, and a job has but one policy; so each failure says by itself what
 * comes of it, and the policy only listens.
 */
/** Makes an attempt of a delivery to a stored endpoint, and says what comes of it. Thread-safe. */
final class EndpointDelivery {
  static final RetryPolicy POLICY =
      RetryPolicy.fixed(Duration.ZERO)
          .withUnlimitedAttempts()
          .failOn(WebhookGoneException.class, DestinationRefusedException.class, Error.class)
          .discardOn(EndpointClosedException.class);

  private static final Set<Integer> MAY_POSTPONE = Set.of(429, 502, 503, 504);
  private static final Duration LEAST_CLAMP = Duration.ofHours(1);
  private static final Duration LONGEST = Duration.ofHours(24);
  private static final Duration PROBE_MARGIN = Duration.ofSeconds(5);
  private static final int GONE = 410;
  private static final int SHOWN = 500;

  private final EndpointSender sender;
  private final WebhookState state;

  EndpointDelivery(EndpointSender sender, WebhookState state) {
    this.sender = sender;
    this.state = state;
  }

  void run(JobContext ctx, Delivery delivery) throws InterruptedException {
    EndpointBook book = state.live().book();
    EndpointBook.Known known = book.known(delivery.endpoint());
    StoredEndpoint endpoint =
        known
            .endpoint()
            .orElseThrow(
                () ->
                    new EndpointClosedException(
                        "endpoint \"" + delivery.endpoint() + "\" was deleted"));
    if (delivery.test()) {
      test(ctx, endpoint, delivery.message());
      return;
    }
    endpoint
        .off()
        .ifPresent(
            reason -> {
              throw new EndpointClosedException(
                  "endpoint \"" + endpoint.id() + "\" is disabled: " + reason);
            });
    if (!known.health().isWell()) {
      admit(book, endpoint, known.health());
    }
    attempt(ctx, endpoint, delivery.message());
    if (!known.health().isWell()) {
      recovered(book, endpoint.id());
    }
  }

  /** One attempt that changes nothing but the history. */
  private void test(JobContext ctx, StoredEndpoint endpoint, WebhookMessage message)
      throws InterruptedException {
    try {
      HttpAnswer answer = sender.post(endpoint, message);
      HttpJobHandler.note(ctx, answer);
      if (!isGood(answer)) {
        throw refusal(ctx, answer);
      }
    } catch (RuntimeException failed) {
      throw new NonRetryableException(sentence(failed), failed);
    }
  }

  /** Returns if an attempt may be made now, as its circuit is closed or this is the probe. */
  private void admit(EndpointBook book, StoredEndpoint endpoint, EndpointHealth seen) {
    if (seen.openUntil().isEmpty()) {
      return;
    }
    Instant now = book.now();
    EndpointHealth health = seen;
    if (!seen.isOpenAt(now)) {
      Instant until = now.plus(endpoint.spec().timeout()).plus(PROBE_MARGIN);
      Optional<EndpointBook.Changed> changed =
          book.updateHealth(
              endpoint.id(),
              known ->
                  known.openUntil().isEmpty() || known.isOpenAt(now) ? known : known.probed(until));
      if (changed.isEmpty()) {
        return; // all others were faster; there is no harm in one more attempt
      }
      health = changed.get().after();
      if (health.openUntil().isEmpty() || !health.equals(changed.get().before())) {
        return;
      }
    }
    Duration left = Duration.between(now, health.openUntil().orElse(now));
    Duration spread = EndpointHealth.openFor(health.failures());
    long more = state.random().nextLong(spread.toMillis());
    throw new SnoozeException(
        "endpoint \"" + endpoint.id() + "\" fails; its deliveries are put off",
        left.plusMillis(1 + more));
  }

  private void attempt(JobContext ctx, StoredEndpoint endpoint, WebhookMessage message)
      throws InterruptedException {
    Optional<Duration> asked = Optional.empty();
    RuntimeException failed;
    try {
      HttpAnswer answer = sender.post(endpoint, message);
      HttpJobHandler.note(ctx, answer);
      if (isGood(answer)) {
        return;
      }
      failed = refusal(ctx, answer);
      asked = askedBy(answer);
      if (answer.status() == GONE) {
        state.disable(endpoint.id(), "it answered 410, gone");
        throw new WebhookGoneException("the endpoint is gone (status 410) and was disabled");
      }
    } catch (HttpFailedException | DestinationRefusedException unanswered) {
      failed = unanswered;
    } catch (WebhookGoneException gone) {
      throw gone;
    } catch (RuntimeException ours) { // no key to decrypt with, say: not the endpoint's fault
      throw again(ctx, endpoint, message, ours, asked);
    }
    failed(endpoint);
    if (failed instanceof DestinationRefusedException) {
      state.tell(new WebhookEvent.Exhausted(endpoint.id(), message.id(), ctx.runId()));
      throw failed;
    }
    throw again(ctx, endpoint, message, failed, asked);
  }

  private static boolean isGood(HttpAnswer answer) {
    return answer.status() >= 200 && answer.status() <= 299;
  }

  private static HttpFailedException refusal(JobContext ctx, HttpAnswer answer) {
    String text = answer.text();
    ctx.log("answer: " + (text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text));
    return new HttpFailedException.Status(
        answer.status(), "the answer must have a status of 200 to 299, had " + answer.status());
  }

  private Optional<Duration> askedBy(HttpAnswer answer) {
    return MAY_POSTPONE.contains(answer.status())
        ? answer
            .header("retry-after")
            .flatMap(text -> RetryAfter.parse(text, sender.clock().instant()))
        : Optional.empty();
  }

  /** Writes the failure down, and gives the endpoint up if it has failed for too long. */
  private void failed(StoredEndpoint endpoint) {
    EndpointBook book = state.live().book();
    Instant now = book.now();
    Optional<EndpointBook.Changed> changed =
        book.updateHealth(endpoint.id(), health -> health.failed(now));
    if (changed.isEmpty()) {
      return;
    }
    EndpointHealth after = changed.get().after();
    if (after.failures() == EndpointHealth.OPENS_AFTER) {
      state.tell(new WebhookEvent.Failing(endpoint.id(), after.failingSince().orElse(now)));
    }
    if (after.isGivenUpAt(now)) {
      state.disable(
          endpoint.id(), "all attempts have failed since " + after.failingSince().orElse(now));
    }
  }

  private void recovered(EndpointBook book, String id) {
    Optional<EndpointBook.Changed> changed = book.updateHealth(id, health -> EndpointHealth.WELL);
    changed
        .map(EndpointBook.Changed::before)
        .filter(before -> before.failures() >= EndpointHealth.OPENS_AFTER)
        .flatMap(EndpointHealth::failingSince)
        .ifPresent(since -> state.tell(new WebhookEvent.Recovered(id, since)));
  }

  /** Returns what has the delivery tried again at its time, or given up. */
  private RuntimeException again(
      JobContext ctx,
      StoredEndpoint endpoint,
      WebhookMessage message,
      RuntimeException failed,
      Optional<Duration> asked) {
    List<Duration> waits = endpoint.spec().retry();
    if (ctx.attempt() > waits.size()) {
      state.tell(new WebhookEvent.Exhausted(endpoint.id(), message.id(), ctx.runId()));
      return new NonRetryableException(sentence(failed), failed);
    }
    Duration planned = waits.get(ctx.attempt() - 1);
    Duration twice = planned.multipliedBy(2);
    Duration most = twice.compareTo(LEAST_CLAMP) > 0 ? twice : LEAST_CLAMP;
    Duration spread = spread(planned, state.random());
    Duration wait =
        asked
            .map(delay -> delay.compareTo(most) > 0 ? most : delay)
            .filter(delay -> delay.compareTo(spread) > 0)
            .orElse(spread);
    return new RetryAfterException(sentence(failed), wait, failed);
  }

  /** Returns a wait that is up to a fifth longer or shorter, within what a retry may wait. */
  static Duration spread(Duration planned, RandomGenerator random) {
    double least = 0.8 * planned.toMillis();
    double most = Math.min(1.2 * planned.toMillis(), (double) LONGEST.toMillis());
    return Duration.ofMillis((long) (least + random.nextDouble() * (most - least)));
  }

  private static String sentence(RuntimeException failed) {
    return failed instanceof SchedulerException && failed.getMessage() != null
        ? failed.getMessage()
        : failed.toString();
  }
}
