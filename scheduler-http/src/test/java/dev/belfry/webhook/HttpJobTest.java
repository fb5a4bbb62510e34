// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.Job;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.Failure;
import dev.belfry.run.Pass;
import dev.belfry.run.Run;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import dev.belfry.schedule.Schedule;
import dev.belfry.testkit.TestScheduler;
import dev.belfry.webhook.testing.ReceivedWebhook;
import dev.belfry.webhook.testing.WebhookReceiver;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs that make an HTTP call, on virtual time, against a real server. */
class HttpJobTest {
  private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
  private final WebhookReceiver server = WebhookReceiver.start();
  private TestScheduler scheduler = TestScheduler.start(NOON);

  @AfterEach
  void close() {
    scheduler.close();
    server.close();
  }

  @Test
  void call_sendsWhatWasSaid_andKeepsStatusAndTimings() {
    Job<Void> job =
        job()
            .request("PUT", server.url().resolve("jobs/expiry?x=1"))
            .header("X-Tenant", "7")
            .bearer(() -> "token-1")
            .body("application/json", "{\"run\":\"{{run}}\",\"n\":{{attempt}},\"due\":\"{{due}}\"}")
            .build();

    Run run = run(job);

    ReceivedWebhook call = server.received().get(0);
    assertThat(call).hasToString("PUT /jobs/expiry?x=1 -> 200");
    assertThat(call.text())
        .isEqualTo("{\"run\":\"" + run.id() + "\",\"n\":1,\"due\":\"2026-03-02T12:00:00Z\"}");
    assertThat(call.header("X-Tenant")).contains("7");
    assertThat(call.header("Authorization")).contains("Bearer token-1");
    assertThat(call.header("Content-Type")).contains("application/json");
    assertThat(call.header("Belfry-Attempt")).contains("1");
    assertThat(call.header("Belfry-Due")).contains("2026-03-02T12:00:00Z");
    assertThat(call.header("Idempotency-Key")).contains("\"" + run.id() + "\"");
    assertThat(run.status()).isEqualTo(Status.COMPLETED);
    Map<String, String> notes = passes(run).get(0).notes();
    assertThat(notes).containsEntry("http.status", "200");
    assertThat(notes.get("http.timings"))
        .matches("name \\d+ ms, connect \\d+ ms, first byte \\d+ ms, total \\d+ ms");
  }

  @ParameterizedTest
  @CsvSource({"200, COMPLETED", "204, COMPLETED", "299, COMPLETED", "302, FAILED", "404, FAILED"})
  void status_from200To299_isGood(int status, Status expected) {
    server.answer(status);

    assertThat(run(job().get(server.url()).build()).status()).isEqualTo(expected);
  }

  @Test
  void failure_byStatus() {
    server.answer(500);

    assertFailed(
        run(job().get(server.url()).expectStatus(202, 200).build()),
        HttpFailedException.Status.class,
        "the answer must have a status of [200, 202], had 500");
  }

  @Test
  void failure_byTimeout() throws Exception {
    try (var hanging = new HostileServer((socket, out, self) -> self.hang())) {
      assertFailed(
          run(job().get(hanging.uri()).timeout(Duration.ofMillis(200)).build()),
          HttpFailedException.Timeout.class,
          "no whole answer within PT0.2S, while waiting for the answer");
    }
  }

  @Test
  void failure_byConnect() {
    Job<Void> job = job().get(server.url()).build();
    server.close();

    assertFailed(
        run(job), HttpFailedException.Connect.class, "could not connect: Connection refused");
  }

  @Test
  void failure_byContent() {
    server.answer(200, Map.of(), "{\"state\":\"stale\"}");
    assertFailed(
        run(job().get(server.url()).expectText("retried").build()),
        HttpFailedException.Content.class,
        "the answer must contain \"retried\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":{\"b\":[1,\"x\"]}}|/a/b/1|x|COMPLETED",
        "{\"a\":{\"b\":[1,\"x\"]}}|/a/b/0|1|COMPLETED",
        "{\"a\":true}|/a|true|COMPLETED",
        "{\"a\":null}|/a|null|COMPLETED",
        "{\"a\":1}|/b|1|FAILED",
        "{\"a\":{}}|/a|``|FAILED",
        "no json|/a|1|FAILED",
        "``|/a|1|FAILED",
      })
  void json_hasTheValueAtThePointer(String body, String pointer, String value, Status expected) {
    server.answer(200, Map.of(), body);

    assertThat(run(job().get(server.url()).expectJson(pointer, value).build()).status())
        .isEqualTo(expected);
  }

  @Test
  void pattern_isFoundInTheAnswer() {
    server.answer(200, Map.of(), "12 items retried").answer(200, Map.of(), "no items retried");
    Job<Void> job = job().get(server.url()).expectPattern("\\d+ items retried").build();

    assertThat(run(job).status()).isEqualTo(Status.COMPLETED);
    assertFailed(
        run(job),
        HttpFailedException.Content.class,
        "the answer must match the pattern \"\\d+ items retried\"");
  }

  @Test
  void contentBehindTheLimit_isNotLookedFor_andTheMessageSaysSo() {
    server.answer(200, Map.of(), " ".repeat(HttpJob.MOST_BODY) + "retried");

    assertFailed(
        run(job().get(server.url()).expectText("retried").build()),
        HttpFailedException.Content.class,
        "the answer must contain \"retried\"; only its first 65536 bytes were read");
  }

  @Test
  void secrets_areKeptNowhere_alsoIfTheServerSendsThemBack() {
    server.answer(500, Map.of(), "you said Bearer token-1, and token-1, and k-2");

    Run run =
        run(
            job()
                .get(server.url())
                .bearer(() -> "token-1")
                .secretHeader("X-Key", () -> "k-2")
                .build());

    String kept = run + passes(run).toString();
    assertThat(kept).doesNotContain("token-1").doesNotContain("k-2");
    assertThat(passes(run).get(0).log()).contains("answer: you said …, and …, and …");
  }

  @Test
  void secrets_areAskedForAtEachAttempt() {
    server.answer(500, 200);
    var tokens = new ArrayList<>(List.of("old", "new"));
    Job<Void> job =
        job()
            .get(server.url())
            .secretHeader("X-Key", () -> tokens.size() > 1 ? tokens.remove(0) : tokens.get(0))
            .retry(RetryPolicy.fixed(Duration.ofSeconds(5)))
            .with(builder -> builder.tags("nightly"))
            .build();

    Run run = run(job);

    assertThat(run.status()).isEqualTo(Status.COMPLETED);
    assertThat(server.received())
        .extracting(call -> call.header("X-Key").orElseThrow())
        .endsWith("new");
    assertThat(server.received())
        .extracting(call -> call.header("Idempotency-Key").orElseThrow())
        .containsOnly("\"" + run.id() + "\"");
    assertThat(server.received())
        .extracting(call -> call.header("Belfry-Attempt").orElseThrow())
        .containsExactly("1", "2");
    assertThat(run.tags()).containsExactly("nightly");
  }

  @Test
  void oneAttempt_byDefault_andRunsAtTheTimesOfASchedule() {
    server.answer(500, 200);
    scheduler.register(
        job().get(server.url()).schedule(Schedule.every(Duration.ofMinutes(5))).build());

    scheduler.advance(Duration.ofMinutes(10));

    assertThat(scheduler.runsOf("call"))
        .extracting(Run::status)
        .containsExactly(Status.FAILED, Status.COMPLETED);
  }

  @Test
  void destination_isCheckedWhenTheJobIsBuilt() {
    URI local = URI.create("http://127.0.0.1/");

    assertThatThrownBy(() -> HttpJob.named("call").get(local).build())
        .isInstanceOf(DestinationRefusedException.class)
        .hasMessage(
            "destination not allowed: its scheme must be https, or http where that is allowed"
                + " (rule SCHEME)");
  }

  @Test
  void whatIsWrong_isRefusedWhenItIsSaid() {
    assertThatIllegalStateException()
        .isThrownBy(() -> HttpJob.named("call").build())
        .withMessage("HTTP job call has no URL; set it by get or post");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> job().request("TRACE", server.url()))
        .withMessage(
            "method must be GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS, was \"TRACE\"");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> job().body("text/plain", "{{who}}"))
        .withMessage("bad body: {{who}} is not known; known: [attempt, due, job, key, run]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> job().expectStatus(99))
        .withMessage("a status must be 100 to 599, was 99");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> job().timeout(Duration.ZERO))
        .withMessage("timeout must be PT0.001S to PT30M, was PT0S");
  }

  private HttpJob job() {
    return HttpJob.named("call").guard(server.guard());
  }

  /** Runs a job once, in a scheduler of its own. */
  private Run run(Job<Void> job) {
    scheduler.close();
    scheduler = TestScheduler.start(NOON).register(job);
    scheduler.enqueue(job);
    scheduler.drain();
    return scheduler.runsOf("call").get(0);
  }

  private List<Pass> passes(Run run) {
    return scheduler.scheduler().passes(run.id());
  }

  private static void assertFailed(
      Run run, Class<? extends HttpFailedException> kind, String message) {
    assertThat(run.state())
        .isInstanceOfSatisfying(
            RunState.Failed.class,
            failed -> {
              Failure failure = failed.failure();
              assertThat(failure.type()).isEqualTo(kind.getName());
              assertThat(failure.message()).isEqualTo(message);
            });
  }
}
