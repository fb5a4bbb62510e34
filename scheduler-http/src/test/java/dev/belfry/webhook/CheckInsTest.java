// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.belfry.Job;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.Status;
import dev.belfry.testkit.TestScheduler;
import dev.belfry.webhook.testing.ReceivedWebhook;
import dev.belfry.webhook.testing.WebhookReceiver;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pings to services that watch over jobs. */
class CheckInsTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final TestScheduler scheduler =
      TestScheduler.start(Instant.parse("2026-03-02T12:00:00Z"));
  private final WebhookReceiver service = WebhookReceiver.start();
  private final Job<@Nullable Void> good =
      Job.named("good")
          .handler(
              ctx -> {
                ctx.sleep("a while", Duration.ofHours(1));
              });
  private final Job<@Nullable Void> bad =
      Job.named("bad")
          .retry(RetryPolicy.none())
          .handler(
              ctx -> {
                throw new IllegalStateException("no");
              });

  @AfterEach
  void close() {
    scheduler.close();
    service.close();
  }

  @Test
  void healthchecks_isToldOfStartAndEnd_onceEach() throws Exception {
    start(
        CheckIns.create()
            .healthchecks(good, () -> service.url().resolve("ping/1?create=1"))
            .healthchecks(bad, () -> service.url().resolve("ping/2/")));

    String first = scheduler.enqueue(good).id().toString();
    scheduler.drain();
    assertThat(paths(2))
        .containsExactly("/ping/1/start?create=1&rid=" + first, "/ping/1?create=1&rid=" + first);
    String second = scheduler.enqueue(bad).id().toString();
    scheduler.drain();
    assertThat(paths(4).subList(2, 4))
        .containsExactly("/ping/2/start?rid=" + second, "/ping/2/fail?rid=" + second);
  }

  @Test
  void sentry_isToldOfStartAndEnd() throws Exception {
    start(CheckIns.create().sentry(bad, () -> service.url().resolve("api/1/cron/bad/key/")));

    String run = scheduler.enqueue(bad).id().toString();
    scheduler.drain();

    assertThat(paths(2))
        .containsExactly(
            "/api/1/cron/bad/key/?status=in_progress&check_in_id=" + run,
            "/api/1/cron/bad/key/?status=error&check_in_id=" + run);
  }

  @Test
  void pingThatFails_isTriedThreeTimes_andDoesTheRunNoHarm() throws Exception {
    service.answer(500, 500, 500);
    start(CheckIns.create().healthchecks(good, () -> service.url().resolve("ping/1")));

    scheduler.enqueue(good);
    scheduler.drain();

    assertThat(service.await(4, SOON))
        .extracting(ReceivedWebhook::answered)
        .containsExactly(500, 500, 500, 200);
    assertThat(scheduler.runsOf("good").get(0).status()).isEqualTo(Status.COMPLETED);
  }

  @Test
  void heartbeat_isCalledAtItsInterval() {
    start(CheckIns.create().heartbeat(Duration.ofMinutes(1), () -> service.url().resolve("beat")));

    scheduler.advance(Duration.ofMinutes(3));

    assertThat(service.received()).extracting(ReceivedWebhook::path).containsOnly("/beat");
    assertThat(service.received()).hasSizeBetween(3, 4);
  }

  @Test
  void jobThatChecksInTwice_isRefused() {
    CheckIns once = CheckIns.create().healthchecks(good, () -> URI.create("https://a.example/"));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> once.sentry(good, () -> URI.create("https://b.example/")))
        .withMessage("job \"good\" checks in somewhere already");
  }

  private void start(CheckIns checkIns) {
    scheduler.register(good, bad);
    scheduler.configure(builder -> builder.with(checkIns.guard(service.guard())));
  }

  private List<String> paths(int count) throws InterruptedException {
    return service.await(count, SOON).stream().map(ReceivedWebhook::path).toList();
  }
}
