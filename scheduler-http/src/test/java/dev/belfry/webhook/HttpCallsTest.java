// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.ScheduleSpec;
import dev.belfry.run.Pass;
import dev.belfry.run.Run;
import dev.belfry.run.Status;
import dev.belfry.run.TypeRef;
import dev.belfry.schedule.Schedule;
import dev.belfry.store.Codec;
import dev.belfry.testkit.TestScheduler;
import dev.belfry.webhook.testing.ReceivedWebhook;
import dev.belfry.webhook.testing.WebhookReceiver;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** HTTP calls that are data. */
class HttpCallsTest {
  private final TestScheduler scheduler =
      TestScheduler.start(Instant.parse("2026-03-02T12:00:30Z"));
  private final WebhookReceiver app = WebhookReceiver.start();
  private final HttpCalls calls =
      HttpCalls.create()
          .secrets(name -> Optional.ofNullable(Map.of("cron", "Bearer abcdef").get(name)))
          .keys(() -> List.of(EncryptionKey.of("k1", new byte[32])))
          .guard(app.guard());

  @BeforeEach
  void start() {
    scheduler.configure(builder -> builder.with(calls));
    scheduler.runDue();
  }

  @AfterEach
  void close() {
    scheduler.close();
    app.close();
  }

  @Test
  void call_isScheduledWhileTheSchedulerRuns() {
    app.always("/expiry", 200, "3 expired");
    HttpCallSpec spec =
        HttpCallSpec.post(app.url().resolve("expiry"))
            .withHeader("X-A", "1")
            .withSecretHeader("Authorization", "cron")
            .withBody("application/json", "{\"due\":\"{{due}}\"}")
            .expectingStatus(200)
            .expectingText("expired")
            .expectingPattern("^\\d+");
    calls.check(spec);

    scheduler
        .client()
        .schedules()
        .create(
            ScheduleSpec.of("expiry", calls.job(), Schedule.every(Duration.ofMinutes(1)), spec));
    scheduler.advance(Duration.ofMinutes(1));

    ReceivedWebhook call = app.received().get(0);
    assertThat(call).hasToString("POST /expiry -> 200");
    assertThat(call.text()).isEqualTo("{\"due\":\"2026-03-02T12:01:00Z\"}");
    assertThat(call.header("Authorization")).contains("Bearer abcdef");
    assertThat(call.header("X-A")).contains("1");
    assertThat(only().status()).isEqualTo(Status.COMPLETED);
  }

  @Test
  void failure_isOfItsKind_once_andShowsNoSecret() {
    app.answer(500, Map.of(), "you sent Bearer abcdef, abcdef");
    scheduler.enqueue(
        calls.job(), HttpCallSpec.get(app.url()).withSecretHeader("Authorization", "cron"));
    scheduler.drain();

    Pass pass = scheduler.client().passes(only().id()).get(0);
    assertThat(pass.failure().orElseThrow().type())
        .isEqualTo(HttpFailedException.Status.class.getName());
    assertThat(pass.log()).contains("answer: you sent …, …").doesNotContain("abcdef");
    assertThat(app.received()).hasSize(1);
  }

  @Test
  void contentThatIsNotExpected_fails() {
    app.answer(200, Map.of(), "{\"ok\":false}");
    scheduler.enqueue(calls.job(), HttpCallSpec.get(app.url()).expectingJson("/ok", "true"));
    scheduler.drain();

    assertThat(scheduler.client().passes(only().id()).get(0).failure().orElseThrow().message())
        .isEqualTo("the answer must have \"true\" at the JSON pointer /ok");
  }

  @Test
  void secretThatIsStored_isEncrypted_andUsed() {
    calls.putSecret("stored", "tok tok 123456");
    HttpCallSpec spec = HttpCallSpec.get(app.url()).withSecretHeader("X-Key", "stored");
    scheduler.enqueue(calls.job(), spec);
    scheduler.drain();

    assertThat(app.received().get(0).header("X-Key")).contains("tok tok 123456");
    assertThat(scheduler.store().records().get("http/secret", "stored").orElseThrow().content())
        .asString()
        .doesNotContain("tok tok");
    calls.deleteSecret("stored");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> calls.check(spec))
        .withMessage(
            "there is no secret \"stored\"; store it by putSecret(…), or give it by secrets(…)");
  }

  @Test
  void callInJson_hasDefaultsForWhatIsMissing() {
    byte[] json = "{\"url\":\"https://a.example/\"}".getBytes(StandardCharsets.UTF_8);

    HttpCallSpec read = Codec.standard().decode(TypeRef.of(HttpCallSpec.class), json);

    assertThat(read).isEqualTo(HttpCallSpec.get(URI.create("https://a.example/")));
  }

  @Test
  void destination_isGuarded_whenItIsChecked_andWhenItIsCalled() {
    HttpCallSpec local = HttpCallSpec.get(URI.create("https://10.0.0.1/"));

    assertThatThrownBy(() -> calls.check(local)).isInstanceOf(DestinationRefusedException.class);
    scheduler.enqueue(calls.job(), local);
    scheduler.drain();
    assertThat(scheduler.client().passes(only().id()).get(0).failure().orElseThrow().type())
        .isEqualTo(DestinationRefusedException.class.getName());
  }

  @Test
  void whatIsWrong_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HttpCallSpec.of("TRACE", app.url()))
        .withMessage(
            "method must be GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS, was \"TRACE\"");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HttpCallSpec.get(app.url()).withHeader("Host", "x"))
        .withMessage("header Host can't be set: it is written here");
  }

  private Run only() {
    assertThat(scheduler.runsOf(HttpCalls.JOB)).hasSize(1);
    return scheduler.runsOf(HttpCalls.JOB).get(0);
  }
}
