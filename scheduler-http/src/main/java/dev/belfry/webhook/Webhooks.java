// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static java.util.Objects.requireNonNull;

import dev.belfry.EnqueueOptions;
import dev.belfry.Enqueuer;
import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.Plugin;
import dev.belfry.PluginContext;
import dev.belfry.RunHandle;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.Unique;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages to endpoints that are kept in the store, where they can be created, changed and
 * deleted while the scheduler runs. A plug-in; what it is is set before the start, by one thread,
 * and all else may be called by any.
 *
 * <pre>{@code
 * Webhooks webhooks = Webhooks.create()
 *     .keys(EncryptionKey.of("2026", env("WEBHOOK_KEY")))
 *     .on(ORDER_PAID);
 * try (Scheduler scheduler = Scheduler.builder().with(webhooks).queue("webhooks", 50).start()) {
 *   IssuedSecret crm = webhooks.endpoints()
 *       .create("crm", EndpointSpec.of(URI.create("https://crm.example.com/hooks"), "order.*"));
 *   webhooks.send("order.lost", order);
 * }
 * }</pre>
 *
 * <p>A message is a run of the job {@code webhooks/message}, which starts a run of the job {@code
 * webhooks/delivery} for each endpoint that takes it: in one commit, and each once. So a message is
 * sent if and only if the transaction commits that it was sent in, survives the node, and has its
 * attempts in the history of its deliveries. Attempts, waits and signatures are those that {@link
 * WebhookEndpoint} tells of.
 *
 * <p>An endpoint that answers 410 is disabled, and so is one all of whose attempts have failed for
 * five days. After five failures in a row its deliveries are put off, but for one at a time, for 30
 * s at first and 5 min at most. What a disabled endpoint misses is not sent later, unless by {@link
 * WebhookEndpoints#replay}.
 *
 * <p>Deliveries have the queue {@code webhooks}. Each endpoint that hangs may take as many of its
 * workers as its limit says, until its deliveries are put off; so give it some dozens.
 */
public final class Webhooks implements Plugin {
  /** The job that a message is a run of. */
  public static final String MESSAGE_JOB = "webhooks/message";

  /** The job whose runs are deliveries. */
  public static final String DELIVERY_JOB = "webhooks/delivery";

  /** The job that sends again what an endpoint has missed. */
  public static final String REPLAY_JOB = "webhooks/replay";

  private static final String QUEUE = "webhooks";
  private static final String MESSAGES_QUEUE = "webhooks/messages";
  private static final Duration ID_KEPT = Duration.ofDays(1);

  private final Map<String, EndpointSpec> declared = new LinkedHashMap<>();
  private final WebhookState state = new WebhookState();
  private UnaryOperator<Job.Builder<WebhookMessage>> subscriptions = builder -> builder;
  private UnaryOperator<Job.Builder<Delivery>> throttle = builder -> builder;
  private Supplier<? extends List<EncryptionKey>> keys = List::of;
  private Function<? super String, ? extends Collection<WebhookSecret>> secrets =
      Webhooks::noSecrets;
  private DestinationGuard guard = DestinationGuard.standard();
  private SSLSocketFactory tls = (SSLSocketFactory) SSLSocketFactory.getDefault();
  private InstantSource clock = InstantSource.system();
  private @Nullable Jobs jobs; // guarded by this; made once the settings are known

  /** The jobs of webhooks. */
  private record Jobs(Job<WebhookMessage> message, Job<Delivery> delivery, Job<Replay> replay) {}

  private Webhooks() {}

  /** Returns webhooks without endpoints but those that are stored. */
  public static Webhooks create() {
    return new Webhooks();
  }

  /**
   * Sends events of a type as messages of its name. Their data are as {@link
   * dev.belfry.store.Codec#standard()} writes them, by the class that they have.
   */
  public <E> Webhooks on(EventType<E> type) {
    return on(type, WebhookMessage::json);
  }

  /**
   * Sends events of a type as messages of its name.
   *
   * @param json makes the data to be sent, as JSON; called by the node that delivers the event
   */
  public <E> Webhooks on(EventType<E> type, Function<? super E, String> json) {
    requireNonNull(json, "json");
    UnaryOperator<Job.Builder<WebhookMessage>> before = subscriptions;
    this.subscriptions =
        builder ->
            before
                .apply(builder)
                .onEvent(type, data -> WebhookMessage.at(clock, type.name(), json.apply(data)));
    return this;
  }

  /**
   * Sets what secrets are encrypted with where they are stored. Default: none, so that secrets are
   * the application's; see {@link #secrets}.
   *
   * @param newKeys the first encrypts, all decrypt; asked for at each use, so that keys can change
   *     without a restart. {@link WebhookEndpoints#encryptAnew} moves all to the first
   */
  public Webhooks keys(Supplier<? extends List<EncryptionKey>> newKeys) {
    this.keys = requireNonNull(newKeys, "keys");
    return this;
  }

  /** Sets keys that do not change. */
  public Webhooks keys(EncryptionKey... newKeys) {
    List<EncryptionKey> all = List.of(newKeys);
    return keys(() -> all);
  }

  /**
   * Sets where the application keeps the secrets of endpoints that say so by {@link
   * EndpointSpec#withSecretsFrom}.
   *
   * @param byReference asked at each attempt, as {@link WebhookSigner} asks
   */
  public Webhooks secrets(
      Function<? super String, ? extends Collection<WebhookSecret>> byReference) {
    this.secrets = requireNonNull(byReference, "byReference");
    return this;
  }

  /**
   * Adds an endpoint that is created at the start, unless there is one of this id, which stays as
   * it is.
   *
   * @param spec with a reference to secrets, as nobody would see one that is made up
   */
  public Webhooks endpoint(String id, EndpointSpec spec) {
    WebhookEndpoints.checkId(id);
    if (spec.secretsFrom().isEmpty()) {
      throw new IllegalArgumentException(
          "endpoint \""
              + id
              + "\" is created at the start, so its secrets must be the application's;"
              + " say where they are by withSecretsFrom(…)");
    }
    declared.put(id, spec);
    return this;
  }

  /** Sets which destinations are allowed. Default: {@link DestinationGuard#standard()}. */
  public Webhooks guard(DestinationGuard newGuard) {
    this.guard = requireNonNull(newGuard, "guard");
    return this;
  }

  /** Sets whom TLS trusts, and client certificates. Default: those of the JVM. */
  public Webhooks ssl(SSLContext context) {
    this.tls = context.getSocketFactory();
    return this;
  }

  /** Sets the clock that signatures are dated by, for tests. Default: the system's. */
  public Webhooks clock(InstantSource newClock) {
    this.clock = requireNonNull(newClock, "clock");
    return this;
  }

  /**
   * Spreads the first attempts of each endpoint, over all nodes, as {@link
   * Job.Builder#throttle(int, Duration)} does. The same for all endpoints. Default: as they come.
   */
  public Webhooks throttle(int starts, Duration per) {
    this.throttle = builder -> builder.throttle(starts, per, Delivery::endpoint);
    return this;
  }

  /**
   * Adds somebody who is told what becomes of endpoints. Called on the worker's or the caller's
   * thread; what it throws is logged.
   */
  public Webhooks listener(Consumer<? super WebhookEvent> listener) {
    state.add(listener);
    return this;
  }

  // Sending

  /**
   * Sends a message to all endpoints that take its type.
   *
   * @param type 1 to 100 characters, {@code order.paid}
   * @param data sent as {@link dev.belfry.store.Codec#standard()} writes it, by the class it has
   * @return the message; to await its end is to await that it is on its way to all
   */
  public RunHandle send(String type, Object data) {
    return send(started().context().client(), type, data);
  }

  /**
   * Sends a message in a transaction of the caller, say, which {@code jdbcStore.within(connection)}
   * is for: if and only if it commits.
   */
  public RunHandle send(Enqueuer in, String type, Object data) {
    return in.enqueue(made().message(), WebhookMessage.at(clock, type, WebhookMessage.json(data)));
  }

  /**
   * Sends a message whose id the caller has made: one that is sent again within a day is the same
   * message, and goes to nobody.
   */
  public RunHandle send(Enqueuer in, WebhookMessage message) {
    return in.enqueue(
        made().message(),
        message,
        EnqueueOptions.now().withUnique(Unique.within(ID_KEPT, message.id())));
  }

  /**
   * Returns the endpoints, to look at and to change.
   *
   * @throws IllegalStateException before the scheduler has started
   */
  public WebhookEndpoints endpoints() {
    started();
    return new WebhookEndpoints(
        state, new SecretSeal(keys), guard, clock, made().delivery(), made().replay());
  }

  // Plug-in

  @Override
  public List<Job<?>> jobs() {
    Jobs all = made();
    return List.of(all.message(), all.delivery(), all.replay());
  }

  private synchronized Jobs made() {
    Jobs made = jobs;
    if (made == null) {
      made = make();
      jobs = made;
    }
    return made;
  }

  private Jobs make() {
    var exchanges = new HttpExchanges(guard, tls, WebhookEndpoint.KEPT);
    var sender = new EndpointSender(new SecretSeal(keys), secrets, exchanges, clock);
    var attempts = new EndpointDelivery(sender, state);
    Job<Delivery> delivery =
        throttle
            .apply(
                Job.named(DELIVERY_JOB, Delivery.class)
                    .title("Webhook delivery")
                    .queue(QUEUE)
                    .retry(EndpointDelivery.POLICY)
                    .limitRuns(1, Delivery::slotKey))
            .handler(attempts::run);
    var fanOut = new MessageFanOut(state, delivery);
    Job<WebhookMessage> message =
        subscriptions
            .apply(
                Job.named(MESSAGE_JOB, WebhookMessage.class)
                    .title("Webhook message")
                    .queue(MESSAGES_QUEUE)
                    .retry(RetryPolicy.defaults().withUnlimitedAttempts()))
            .handler(fanOut::run);
    var missed = new EndpointReplay(state, message, delivery);
    Job<Replay> replay =
        Job.named(REPLAY_JOB, Replay.class)
            .title("Webhook replay")
            .queue(MESSAGES_QUEUE)
            .inOrder(Replay::endpoint)
            .handler(missed::run);
    return new Jobs(message, delivery, replay);
  }

  @Override
  public void started(PluginContext context) {
    state.start(context);
    declared.forEach(endpoints()::createIfAbsent);
  }

  private WebhookState.Live started() {
    return state
        .found()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "webhooks have not started; give them to a scheduler by with(…), and start it"));
  }

  private static Collection<WebhookSecret> noSecrets(String reference) {
    throw new IllegalStateException(
        "nobody knows the secrets \"" + reference + "\"; say where they are by secrets(…)");
  }
}
