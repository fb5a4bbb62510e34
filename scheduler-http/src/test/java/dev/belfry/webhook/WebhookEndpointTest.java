// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.run.Pass;
import dev.belfry.run.Run;
import dev.belfry.run.Status;
import dev.belfry.run.Target;
import dev.belfry.testkit.TestScheduler;
import dev.belfry.webhook.testing.ReceivedWebhook;
import dev.belfry.webhook.testing.WebhookReceiver;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Endpoints of webhooks, on virtual time, against a real receiver. */
class WebhookEndpointTest {
  record Order(int number, String buyer) {}

  private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
  private static final EventType<Order> PAID = EventType.of("order.paid", Order.class);
  private static final String NAME = "webhooks/crm";

  private final TestScheduler scheduler = TestScheduler.start(NOON);
  private final WebhookSecret secret = WebhookSecret.generate();
  private final WebhookReceiver receiver =
      WebhookReceiver.start(
          WebhookVerifier.of(SignatureScheme.STANDARD, secret).withClock(scheduler.time().clock()));

  @AfterEach
  void close() {
    scheduler.close();
    receiver.close();
  }

  @Test
  void event_isSentSigned_inTheFormOfStandardWebhooks() {
    scheduler.register(
        endpoint().on(PAID).header("X-Tenant", "7").header("content-type", "text/x").build());

    scheduler.send(PAID, new Order(42, "Ada \"A\""));
    scheduler.drain();

    ReceivedWebhook message = receiver.received().get(0);
    assertThat(message).hasToString("POST /crm -> 200");
    assertThat(message.refusal()).isEmpty();
    assertThat(message.text())
        .isEqualTo(
            "{\"type\":\"order.paid\",\"timestamp\":\"2026-03-02T12:00:00Z\","
                + "\"data\":{\"number\":42,\"buyer\":\"Ada \\\"A\\\"\"}}");
    assertThat(message.header("content-type")).contains("application/json");
    assertThat(message.header("X-Tenant")).contains("7");
    assertThat(message.header("webhook-id").orElseThrow()).startsWith("msg_");
    assertThat(scheduler.runsOf(NAME)).extracting(Run::status).containsExactly(Status.COMPLETED);
  }

  @Test
  void event_goesToEachEndpointThatIsToldOfIt() {
    scheduler.register(
        endpoint().on(PAID, order -> "{\"n\":" + order.number() + "}").build(),
        endpoint("webhooks/mail").on(PAID).build(),
        endpoint("webhooks/other").on(EventType.of("order.lost", Order.class)).build());

    scheduler.send(PAID, new Order(42, "Ada"));
    scheduler.drain();

    assertThat(receiver.received()).hasSize(2);
    assertThat(receiver.received()).anyMatch(call -> call.text().endsWith("\"data\":{\"n\":42}}"));
    assertThat(scheduler.runsOf("webhooks/other")).isEmpty();
  }

  @Test
  void attempts_followTheScheduleOverThreeDays_eachAFifthMoreOrLess() {
    receiver.answer(IntStream.range(0, 10).map(i -> 500).toArray());
    scheduler.register(endpoint().build());

    deliver();
    scheduler.drain();

    List<Pass> passes = passes();
    assertThat(passes).hasSize(10);
    for (int i = 0; i < 9; i++) {
      double planned = WebhookEndpoint.SCHEDULE.get(i).toMillis();
      Duration wait = Duration.between(passes.get(i).endedAt(), passes.get(i + 1).startedAt());
      assertThat((double) wait.toMillis()).isBetween(0.8 * planned, 1.2 * planned);
    }
    assertThat(Duration.between(NOON, passes.get(9).endedAt())).isGreaterThan(Duration.ofDays(2));
    assertThat(scheduler.runsOf(NAME)).extracting(Run::status).containsExactly(Status.FAILED);
  }

  @Test
  void attempts_haveTheSameIdAndBody_andATimestampOfTheirOwn() {
    receiver.answer(500, 200);
    scheduler.register(endpoint().build());

    deliver();
    scheduler.drain();

    List<ReceivedWebhook> calls = receiver.received();
    assertThat(calls).hasSize(2).allMatch(call -> call.refusal().isEmpty());
    assertThat(calls).extracting(ReceivedWebhook::text).containsOnly(calls.get(0).text());
    assertThat(calls).extracting(call -> call.header("webhook-id")).containsOnly(id(calls.get(0)));
    assertThat(calls.get(1).header("webhook-timestamp"))
        .isNotEqualTo(calls.get(0).header("webhook-timestamp"));
  }

  @Test
  void deliveryThatIsSentAgain_hasTheSameId() {
    scheduler.register(endpoint().build());
    deliver();
    scheduler.drain();

    scheduler.scheduler().retry(scheduler.runsOf(NAME).get(0).id(), "ann");
    scheduler.drain();

    assertThat(receiver.received())
        .hasSize(2)
        .extracting(call -> call.header("webhook-id"))
        .containsOnly(id(receiver.received().get(0)));
  }

  @Test
  void gone_pausesTheEndpoint_untilSomebodyResumesIt() {
    receiver.answer(410);
    scheduler.register(endpoint().build());
    deliver();
    deliver();
    scheduler.advance(Duration.ofDays(3));
    int whilePaused = receiver.received().size();

    scheduler.scheduler().resume(Target.job(NAME), "ann");
    scheduler.drain();

    assertThat(whilePaused).isLessThanOrEqualTo(2); // both may have been under way
    assertThat(scheduler.runsOf(NAME))
        .extracting(Run::status)
        .containsExactly(Status.COMPLETED, Status.COMPLETED);
  }

  @ParameterizedTest
  @CsvSource({
    "429, 60, 60", // longer than the 5 s that were planned
    "503, 60, 60",
    "429, 2, 4", // shorter: at least the planned wait, which is 4 to 6 s
    "429, 999999999, 3600", // an hour, as twice the planned wait is less
    "429, soon, 4",
    "429, -5, 4",
    "500, 60, 4", // says nothing of when it will be well
  })
  void retryAfter_postponesTheNextAttempt(int status, String asked, long seconds) {
    receiver.answer(status, Map.of("Retry-After", asked), "").answer(200);
    scheduler.register(endpoint().build());

    deliver();
    scheduler.drain();

    Duration wait = Duration.between(passes().get(0).endedAt(), passes().get(1).startedAt());
    assertThat(wait).isBetween(Duration.ofSeconds(seconds), Duration.ofSeconds(seconds + 2));
  }

  @Test
  void answer_isKeptWithTheAttempt() {
    receiver.answer(500, Map.of(), "no room");
    scheduler.register(endpoint().build());

    deliver();
    scheduler.runDue();

    Pass pass = passes().get(0);
    assertThat(pass.notes()).containsEntry("http.status", "500").containsKey("http.timings");
    assertThat(pass.log()).contains("answer: no room");
    assertThat(pass.failure().orElseThrow().message())
        .isEqualTo("the answer must have a status of 200 to 299, had 500");
  }

  @Test
  void secret_isRotatedWithoutARestart() {
    var current = new ArrayList<>(List.of(WebhookSecret.generate()));
    scheduler.register(endpoint().secrets(() -> List.copyOf(current)).build());
    deliver();
    scheduler.runDue();
    current.add(0, secret);

    scheduler.drain();

    assertThat(receiver.received()).extracting(ReceivedWebhook::answered).containsExactly(401, 200);
  }

  @Test
  void destinationThatIsRefusedAtTheCall_failsAtOnce() {
    List<InetAddress> loopback = List.of(Destination.address("127.0.0.1"));
    var dialler = new RecordingDialler(name -> loopback);
    DestinationGuard guard = DestinationGuard.standard().withDialler(dialler);
    scheduler.register(
        endpoint().url(URI.create("https://rebound.example.com/")).guard(guard).build());

    deliver();
    scheduler.drain();

    assertThat(passes())
        .singleElement()
        .extracting(pass -> pass.failure().orElseThrow().type())
        .isEqualTo(DestinationRefusedException.class.getName());
    assertThat(dialler.dialled).isEmpty();
  }

  @Test
  void endpointWithoutUrlOrSecrets_orToAPrivateAddress_isRefused() {
    assertThatIllegalStateException()
        .isThrownBy(() -> WebhookEndpoint.named("x").build())
        .withMessage("webhook endpoint x has no url");
    assertThatIllegalStateException()
        .isThrownBy(() -> WebhookEndpoint.named("x").url(URI.create("https://a.example/")).build())
        .withMessage("webhook endpoint x has no secrets");
    assertThatThrownBy(() -> endpoint().guard(DestinationGuard.standard()).build())
        .isInstanceOf(DestinationRefusedException.class);
  }

  private void deliver() {
    WebhookMessage message =
        WebhookMessage.at(scheduler.time().clock(), "order.paid", "{\"number\":42}");
    scheduler.enqueue(job, message);
  }

  private final Job<WebhookMessage> job = endpoint().build(); // names the job that is registered

  private WebhookEndpoint endpoint() {
    return endpoint(NAME);
  }

  private WebhookEndpoint endpoint(String name) {
    return WebhookEndpoint.named(name)
        .url(receiver.url().resolve("crm"))
        .secrets(() -> Collections.singletonList(secret))
        .guard(receiver.guard())
        .clock(scheduler.time().clock());
  }

  private List<Pass> passes() {
    return scheduler.scheduler().passes(scheduler.runsOf(NAME).get(0).id());
  }

  private static Optional<String> id(ReceivedWebhook call) {
    return call.header("webhook-id");
  }
}
