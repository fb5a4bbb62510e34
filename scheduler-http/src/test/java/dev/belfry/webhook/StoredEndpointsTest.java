// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.EventType;
import dev.belfry.run.Run;
import dev.belfry.run.Status;
import dev.belfry.store.RecordQuery;
import dev.belfry.store.StoredRecord;
import dev.belfry.testkit.TestScheduler;
import dev.belfry.webhook.testing.ReceivedWebhook;
import dev.belfry.webhook.testing.WebhookReceiver;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Endpoints in the store: created, changed and told of messages; virtual time, a real receiver. */
class StoredEndpointsTest {
  record Order(int number) {}

  private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
  private static final EventType<Order> PAID = EventType.of("order.paid", Order.class);

  private final TestScheduler scheduler = TestScheduler.start(NOON);
  private final WebhookReceiver receiver = WebhookReceiver.start();
  private final List<EncryptionKey> keys =
      new ArrayList<>(List.of(EncryptionKey.of("k1", new byte[32])));
  private final List<WebhookEvent> heard = new ArrayList<>();
  private final Webhooks webhooks =
      Webhooks.create()
          .on(PAID)
          .keys(() -> List.copyOf(keys))
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
  void message_goesToEachEndpointThatTakesIt_signedWithItsOwnSecret() throws Exception {
    WebhookSecret crm = endpoints().create("crm", spec("/crm", "order.*")).secret().orElseThrow();
    endpoints().create("all", spec("/all", "*"));
    endpoints().create("lost", spec("/lost", "order.lost", "order"));

    webhooks.send("order.paid", new Order(42));
    scheduler.drain();

    assertThat(paths()).containsExactlyInAnyOrder("/crm", "/all");
    ReceivedWebhook message = at("/crm");
    assertThat(message.text())
        .isEqualTo(
            "{\"type\":\"order.paid\",\"timestamp\":\"2026-03-02T12:00:00Z\","
                + "\"data\":{\"number\":42}}");
    assertThat(message.header("webhook-id")).isEqualTo(at("/all").header("webhook-id"));
    verify(message, crm);
    assertThatThrownBy(() -> verify(at("/all"), crm))
        .isInstanceOf(WebhookVerificationException.class);
  }

  @Test
  void event_isAMessageOfItsName() {
    endpoints().create("crm", spec("/crm", "order.*"));

    scheduler.send(PAID, new Order(42));
    scheduler.drain();

    assertThat(at("/crm").text()).endsWith("\"data\":{\"number\":42}}");
    assertThat(scheduler.client().runs(endpoints().deliveries("crm")).items())
        .extracting(Run::status)
        .containsExactly(Status.COMPLETED);
  }

  @Test
  void messageThatIsSentAgainWithItsId_goesToNobody() {
    endpoints().create("crm", spec("/crm", "*"));
    WebhookMessage message = WebhookMessage.of("order.paid", "{}");

    webhooks.send(scheduler.client(), message);
    scheduler.drain();
    webhooks.send(scheduler.client(), message);
    scheduler.drain();

    assertThat(receiver.received()).hasSize(1);
  }

  @Test
  void change_countsFromThenOn_andNeedsTheVersionThatWasSeen() {
    EndpointView first = endpoints().create("crm", spec("/crm", "order.paid")).endpoint();

    EndpointView second =
        endpoints()
            .change("crm", first.version(), first.spec().withEvents("*").withHeader("X-T", "7"));
    webhooks.send("order.lost", new Order(1));
    scheduler.drain();

    assertThat(at("/crm").header("x-t")).contains("7");
    assertThat(second.version()).isGreaterThan(first.version());
    assertThatIllegalStateException()
        .isThrownBy(() -> endpoints().change("crm", first.version(), first.spec()))
        .withMessage("webhook endpoint \"crm\" is no longer of version 1; look at it again");
  }

  @Test
  void everythingThatIsSaid_isStored() {
    EndpointSpec said =
        spec("/crm", "order.*", "refund.made")
            .withHeader("X-A", "1")
            .withHeader("X-B", "2")
            .withRetry(Duration.ofSeconds(1), Duration.ofHours(24))
            .withLimit(7)
            .withTimeout(Duration.ofMillis(1500))
            .withDescription("the \"CRM\"");

    endpoints().create("crm", said);
    EndpointSpec stored = endpoints().find("crm").orElseThrow().spec();

    assertThat(stored).usingRecursiveComparison().isEqualTo(said);
    assertThat(endpoints().find("crm").orElseThrow().createdAt()).isEqualTo(NOON);
    assertThat(endpoints().list(Optional.empty(), 10).items()).hasSize(1);
    assertThat(endpoints().find("nobody")).isEmpty();
  }

  @Test
  void endpointThatIsDisabledOrDeleted_getsNothing_notEvenWhatWasOnItsWay() {
    receiver.always("/a", 500, "").always("/b", 500, "");
    endpoints().create("a", spec("/a", "*"));
    endpoints().create("b", spec("/b", "*"));
    webhooks.send("order.paid", new Order(1));
    scheduler.runDue();

    endpoints().disable("a", "ann asked");
    endpoints().delete("b");
    scheduler.drain();
    webhooks.send("order.paid", new Order(2));
    scheduler.drain();

    assertThat(receiver.received()).hasSize(2);
    assertThat(scheduler.runsOf(Webhooks.DELIVERY_JOB))
        .extracting(Run::status)
        .containsOnly(Status.CANCELLED);
    assertThat(endpoints().find("a").orElseThrow().disabledBecause()).contains("ann asked");
    assertThat(heard).containsExactly(new WebhookEvent.Disabled("a", "ann asked"));
  }

  @Test
  void fanOutThatDies_startsEachDeliveryOnce() {
    endpoints().create("a", spec("/a", "*"));
    endpoints().create("b", spec("/b", "*"));
    scheduler.replayAfterEachStep();

    webhooks.send("order.paid", new Order(1));
    scheduler.drain();

    assertThat(paths()).containsExactlyInAnyOrder("/a", "/b");
  }

  @Test
  void rotation_signsWithBothForADay() throws Exception {
    WebhookSecret old = endpoints().create("crm", spec("/crm", "*")).secret().orElseThrow();
    IssuedSecret issued = endpoints().rotate("crm");
    WebhookSecret fresh = issued.secret().orElseThrow();

    webhooks.send("a", new Order(1));
    scheduler.drain();
    verify(at("/crm"), old);
    verify(at("/crm"), fresh);
    scheduler.advance(Duration.ofHours(24));
    webhooks.send("a", new Order(2));
    scheduler.drain();

    ReceivedWebhook later = receiver.received().get(1);
    verify(later, fresh);
    assertThatThrownBy(() -> verify(later, old)).isInstanceOf(WebhookVerificationException.class);
    assertThat(issued.endpoint().secrets()).containsExactly(fresh.toString(), old.toString());
  }

  @Test
  void secret_isStoredEncrypted_andShownInFullNowhere() {
    WebhookSecret secret = endpoints().create("crm", spec("/crm", "*")).secret().orElseThrow();

    String stored = stored().get(0).content().json();
    String last = secret.text().substring(secret.text().length() - 4);

    assertThat(stored).doesNotContain(secret.text().substring(6)).contains("\"key\":\"k1\"");
    assertThat(endpoints().find("crm").orElseThrow().secrets()).containsExactly("whsec_…" + last);
  }

  @Test
  void encryptionKey_isRotated_andTheOldOneTakenAway() throws Exception {
    WebhookSecret secret = endpoints().create("crm", spec("/crm", "*")).secret().orElseThrow();
    byte[] other = new byte[32];
    other[0] = 1;
    keys.add(0, EncryptionKey.of("k2", other));

    assertThat(endpoints().encryptAnew()).isEqualTo(1);
    assertThat(endpoints().encryptAnew()).isZero();
    keys.remove(1);
    webhooks.send("a", new Order(1));
    scheduler.drain();

    verify(at("/crm"), secret);
  }

  @Test
  void deliveryWhoseKeyIsMissing_waitsAndSaysSo_andIsNotTheEndpointsFault() {
    endpoints().create("crm", spec("/crm", "*"));
    EncryptionKey key = keys.remove(0);
    webhooks.send("a", new Order(1));
    scheduler.runDue();
    Run delivery = scheduler.runsOf(Webhooks.DELIVERY_JOB).get(0);

    assertThat(scheduler.client().passes(delivery.id()).get(0).failure().orElseThrow().message())
        .contains("is encrypted with key \"k1\", which is not among the keys given: []");
    assertThat(endpoints().find("crm").orElseThrow().failures()).isZero();
    keys.add(key);
    scheduler.drain();
    assertThat(receiver.received()).hasSize(1);
  }

  @Test
  void secretsOfTheApplication_areAskedForByTheirReference() throws Exception {
    WebhookSecret own = WebhookSecret.generate();
    scheduler.close();
    Webhooks byReference =
        Webhooks.create()
            .secrets(Map.of("vault/crm", List.of(own))::get)
            .guard(receiver.guard())
            .clock(scheduler.time().clock())
            .endpoint("crm", spec("/crm", "*").withSecretsFrom("vault/crm"));
    scheduler.configure(builder -> builder.with(byReference));
    scheduler.runDue();

    byReference.send("a", new Order(1));
    scheduler.drain();

    verify(at("/crm"), own);
    assertThat(byReference.endpoints().find("crm").orElseThrow().secrets()).isEmpty();
    assertThatIllegalStateException()
        .isThrownBy(() -> byReference.endpoints().rotate("crm"))
        .withMessage(
            "the secrets of webhook endpoint \"crm\" are the application's; rotate them there");
  }

  @Test
  void whatIsWrong_isRefused() {
    endpoints().create("crm", spec("/crm", "*"));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> endpoints().create("crm", spec("/crm", "*")))
        .withMessage("there is a webhook endpoint \"crm\" already; change or delete it");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> endpoints().rotate("nobody"))
        .withMessage("there is no webhook endpoint \"nobody\"");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EndpointSpec.of(receiver.url(), "order*"))
        .withMessage(
            "type of messages must be like \"order.paid\", \"order.*\" or \"*\", was \"order*\"");
    assertThatThrownBy(
            () -> endpoints().create("x", EndpointSpec.of(URI.create("https://10.0.0.1/"), "*")))
        .isInstanceOf(DestinationRefusedException.class);
    assertThatIllegalStateException()
        .isThrownBy(() -> Webhooks.create().send("a", new Order(1)))
        .withMessage(
            "webhooks have not started; give them to a scheduler by with(…), and start it");
    keys.clear();
    assertThatIllegalStateException()
        .isThrownBy(() -> endpoints().create("y", spec("/y", "*")))
        .withMessage(
            "there is no key to encrypt secrets with; give one by keys(…), or keep the secrets"
                + " elsewhere and name them by secretsFrom");
  }

  private WebhookEndpoints endpoints() {
    return webhooks.endpoints();
  }

  private EndpointSpec spec(String path, String... events) {
    return EndpointSpec.of(receiver.url().resolve(path), events);
  }

  private List<StoredRecord> stored() {
    return scheduler.store().records().list(RecordQuery.of(EndpointBook.KIND, 10)).items();
  }

  private List<String> paths() {
    return receiver.received().stream().map(ReceivedWebhook::path).toList();
  }

  private ReceivedWebhook at(String path) {
    return receiver.received().stream()
        .filter(message -> message.path().equals(path))
        .findFirst()
        .orElseThrow();
  }

  private void verify(ReceivedWebhook message, WebhookSecret secret)
      throws WebhookVerificationException {
    WebhookVerifier.of(SignatureScheme.STANDARD, secret)
        .withClock(scheduler.time().clock())
        .withTolerance(Duration.ofHours(24))
        .verify(name -> message.header(name).orElse(null), message.body());
  }
}
