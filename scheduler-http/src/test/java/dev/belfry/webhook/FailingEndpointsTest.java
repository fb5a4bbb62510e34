// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.belfry.run.Pass;
import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import dev.belfry.run.Status;
import dev.belfry.testkit.TestScheduler;
import dev.belfry.webhook.testing.ReceivedWebhook;
import dev.belfry.webhook.testing.WebhookReceiver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of stored endpoints that fail, and of their messages. */
class FailingEndpointsTest {
  record Order(int number) {}

  private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
  private static final Duration[] NO_RETRY = {};

  private final TestScheduler scheduler = TestScheduler.start(NOON);
  private final WebhookReceiver receiver = WebhookReceiver.start();
  private final List<WebhookEvent> heard = new ArrayList<>();
  private final Webhooks webhooks =
      Webhooks.create()
          .keys(EncryptionKey.of("k1", new byte[32]))
          .guard(receiver.guard())
          .clock(scheduler.time().clock())
          .listener(heard::add);

  @BeforeEach
  void start() {
    scheduler.configure(builder -> builder.with(webhooks));
    scheduler.runDue();
  }

  @AfterEach
  void close() {
    scheduler.close();
    receiver.close();
  }

  @Test
  void attempts_followTheScheduleOverThreeDays_eachAFifthMoreOrLess() {
    receiver.always("/crm", 500, "");
    endpoints().create("crm", spec("/crm"));

    send();
    scheduler.drain();

    List<Pass> attempts = attempts(delivery(0));
    assertThat(attempts).hasSize(10);
    for (int i = 0; i < 9; i++) {
      double planned = WebhookEndpoint.SCHEDULE.get(i).toMillis();
      Duration wait = Duration.between(attempts.get(i).endedAt(), attempts.get(i + 1).startedAt());
      assertThat((double) wait.toMillis())
          .isBetween(
              0.8 * planned, Math.min(1.2 * planned, (double) Duration.ofHours(24).toMillis()));
    }
    assertThat(Duration.between(NOON, attempts.get(9).endedAt())).isGreaterThan(Duration.ofDays(2));
    assertThat(delivery(0).status()).isEqualTo(Status.FAILED);
    assertThat(heard)
        .hasSize(2)
        .last()
        .isEqualTo(new WebhookEvent.Exhausted("crm", idOf(0), delivery(0).id()));
  }

  @Test
  void attempts_followTheScheduleOfTheEndpoint_withRetryAfterHonoured() {
    receiver.answer(500).answer(429, Map.of("Retry-After", "60"), "full").answer(200);
    endpoints()
        .create("crm", spec("/crm").withRetry(Duration.ofSeconds(10), Duration.ofSeconds(10)));

    send();
    scheduler.drain();

    List<Pass> attempts = attempts(delivery(0));
    assertThat(Duration.between(attempts.get(0).endedAt(), attempts.get(1).startedAt()))
        .isBetween(Duration.ofSeconds(8), Duration.ofSeconds(12));
    assertThat(Duration.between(attempts.get(1).endedAt(), attempts.get(2).startedAt()))
        .isEqualTo(Duration.ofSeconds(60));
    assertThat(attempts.get(1).log()).contains("answer: full");
    assertThat(attempts.get(1).notes()).containsEntry("http.status", "429");
    assertThat(delivery(0).status()).isEqualTo(Status.COMPLETED);
    assertThat(receiver.received())
        .extracting(call -> call.header("webhook-id").orElseThrow())
        .containsOnly(idOf(0));
  }

  @Test
  void gone_disablesTheEndpoint_andDropsWhatIsOnItsWay() {
    receiver.answer(500, 410);
    endpoints().create("crm", spec("/crm"));
    send();
    scheduler.runDue();
    send();
    scheduler.drain();

    assertThat(endpoints().find("crm").orElseThrow().disabledBecause())
        .contains("it answered 410, gone");
    assertThat(heard).containsExactly(new WebhookEvent.Disabled("crm", "it answered 410, gone"));
    assertThat(deliveries())
        .extracting(Run::status)
        .containsExactlyInAnyOrder(Status.CANCELLED, Status.FAILED);
    assertThat(receiver.received()).hasSize(2);
  }

  @Test
  void fiveDaysOfNothingButFailures_disableTheEndpoint() {
    receiver.always("/crm", 500, "");
    endpoints().create("crm", spec("/crm").withRetry(NO_RETRY));
    for (int day = 0; day < 5; day++) {
      send();
      scheduler.drain();
      assertThat(endpoints().find("crm").orElseThrow().enabled()).isTrue();
      scheduler.advance(Duration.ofDays(1));
    }
    send();
    scheduler.drain();

    EndpointView crm = endpoints().find("crm").orElseThrow();
    assertThat(crm.disabledBecause())
        .contains("all attempts have failed since 2026-03-02T12:00:00Z");
    assertThat(crm.failures()).isEqualTo(6);
    assertThat(endpoints().enable("crm").failures()).isZero();
  }

  @Test
  void oneGoodAttempt_beginsTheFiveDaysAnew() {
    endpoints().create("crm", spec("/crm").withRetry(NO_RETRY));
    for (int day = 0; day < 8; day++) {
      receiver.answer(day == 4 ? 200 : 500);
      send();
      scheduler.drain();
      scheduler.advance(Duration.ofDays(1));
    }

    EndpointView crm = endpoints().find("crm").orElseThrow();
    assertThat(crm.enabled()).isTrue();
    assertThat(crm.failingSince()).contains(NOON.plus(Duration.ofDays(5)));
  }

  @Test
  void circuit_opensAfterFiveFailures_letsAProbeThrough_andClosesWhenItIsGood() {
    receiver.always("/crm", 500, "");
    endpoints().create("crm", spec("/crm").withLimit(1));
    for (int i = 0; i < 20; i++) {
      send();
    }
    scheduler.runDue();
    assertThat(receiver.received()).hasSize(5);
    scheduler.advance(Duration.ofSeconds(29));
    assertThat(receiver.received()).hasSize(5);
    scheduler.advance(Duration.ofSeconds(60));
    int probes = receiver.received().size();
    receiver.always("/crm", 200, "");
    scheduler.drain();

    assertThat(probes).isBetween(6, 7);
    assertThat(deliveries()).extracting(Run::status).containsOnly(Status.COMPLETED);
    assertThat(heard)
        .containsExactly(
            new WebhookEvent.Failing("crm", NOON), new WebhookEvent.Recovered("crm", NOON));
    assertThat(deliveries()).allMatch(run -> attempts(run).size() <= 3);
  }

  @Test
  void failedConnect_isTriedOnceMoreAtOnce() {
    var connects = new AtomicInteger();
    DestinationGuard flaky =
        receiver
            .guard()
            .withDialler(
                new Dialler() {
                  @Override
                  public List<java.net.InetAddress> resolve(String name)
                      throws java.net.UnknownHostException {
                    return Dialler.SYSTEM.resolve(name);
                  }

                  @Override
                  public void connect(Socket socket, InetSocketAddress address, int millis)
                      throws IOException {
                    if (connects.incrementAndGet() == 1) {
                      throw new IOException("refused");
                    }
                    Dialler.SYSTEM.connect(socket, address, millis);
                  }
                });
    scheduler.close();
    Webhooks over =
        Webhooks.create()
            .keys(EncryptionKey.of("k1", new byte[32]))
            .guard(flaky)
            .clock(scheduler.time().clock());
    scheduler.configure(builder -> builder.with(over));
    scheduler.runDue();
    over.endpoints().create("crm", spec("/crm"));

    over.send("a", new Order(1));
    scheduler.runDue();

    assertThat(connects).hasValue(2);
    assertThat(attempts(delivery(0))).hasSize(1);
    assertThat(receiver.received()).hasSize(1);
  }

  @Test
  void resend_hasTheSameId() {
    endpoints().create("crm", spec("/crm"));
    send();
    scheduler.drain();

    endpoints().resend(delivery(0).id(), "ann");
    scheduler.drain();

    assertThat(receiver.received())
        .hasSize(2)
        .extracting(call -> call.header("webhook-id").orElseThrow())
        .containsOnly(idOf(0));
    assertThat(scheduler.client().runs(endpoints().deliveries("crm")).items()).hasSize(2);
  }

  @Test
  void replay_sendsWhatWasMissed_onceEach() {
    endpoints().create("crm", spec("/crm").withRetry(NO_RETRY));
    send(); // before
    scheduler.drain();
    scheduler.advance(Duration.ofHours(1));
    Instant since = scheduler.now();
    send(); // had
    scheduler.drain();
    receiver.answer(500);
    send(); // given up
    scheduler.drain();
    endpoints().disable("crm", "moving house");
    send(); // not begun
    scheduler.drain();
    assertThatIllegalStateException()
        .isThrownBy(() -> endpoints().replay("crm", since))
        .withMessage("webhook endpoint \"crm\" is disabled; enable it, and then replay");
    endpoints().enable("crm");
    endpoints().test("crm");
    scheduler.drain();

    RunId first = endpoints().replay("crm", since).id();
    scheduler.drain();
    RunId second = endpoints().replay("crm", since).id();
    scheduler.drain();

    assertThat(scheduler.client().run(first).orElseThrow().counters().succeeded()).isEqualTo(2);
    assertThat(scheduler.client().run(second).orElseThrow().counters().succeeded()).isZero();
    List<String> good =
        receiver.received().stream()
            .filter(call -> call.answered() == 200 && !call.text().contains("\"type\":\"test\""))
            .map(call -> call.header("webhook-id").orElseThrow())
            .toList();
    assertThat(good).hasSize(4).doesNotHaveDuplicates();
  }

  @Test
  void test_isSentOnceToADisabledEndpointToo_andChangesNothing() {
    receiver.answer(503);
    endpoints().create("crm", spec("/crm"));
    endpoints().disable("crm", "not yet");

    endpoints().test("crm");
    scheduler.drain();

    assertThat(receiver.received()).extracting(ReceivedWebhook::text).hasSize(1);
    assertThat(receiver.received().get(0).text()).startsWith("{\"type\":\"test\",");
    assertThat(delivery(0).status()).isEqualTo(Status.FAILED);
    assertThat(endpoints().find("crm").orElseThrow().failures()).isZero();
  }

  private void send() {
    webhooks.send("order.paid", new Order(1));
  }

  private WebhookEndpoints endpoints() {
    return webhooks.endpoints();
  }

  private EndpointSpec spec(String path) {
    return EndpointSpec.of(receiver.url().resolve(path), "*");
  }

  private List<Run> deliveries() {
    return scheduler.runsOf(Webhooks.DELIVERY_JOB);
  }

  private Run delivery(int place) {
    return deliveries().get(place);
  }

  private String idOf(int place) {
    return receiver.received().get(place).header("webhook-id").orElseThrow();
  }

  /** Returns the passes in which something was sent. */
  private List<Pass> attempts(Run run) {
    return scheduler.client().passes(run.id()).stream()
        .filter(pass -> pass.event() != Pass.Event.SNOOZED)
        .toList();
  }
}
