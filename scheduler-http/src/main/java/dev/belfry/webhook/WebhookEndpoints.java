// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static java.util.Objects.requireNonNull;

import dev.belfry.EnqueueOptions;
import dev.belfry.Job;
import dev.belfry.RunHandle;
import dev.belfry.SchedulerClient;
import dev.belfry.run.Page;
import dev.belfry.run.RunId;
import dev.belfry.run.RunQuery;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * The stored endpoints of webhooks: created, changed and deleted while the scheduler runs. This
 * node notices a change at once, others within a second. Thread-safe.
 *
 * <p>Methods that take an id throw an {@link IllegalArgumentException} if there is no such
 * endpoint.
 */
public final class WebhookEndpoints {
  /** How long a secret is used beside the one that replaces it, where nobody says otherwise. */
  static final Duration OVERLAP = Duration.ofHours(24);

  private static final Pattern ID = Pattern.compile("[\\p{Alnum}][\\p{Alnum}._:-]{0,59}");
  private static final Duration LONGEST_OVERLAP = Duration.ofDays(30);

  private final WebhookState state;
  private final SecretSeal seal;
  private final DestinationGuard guard;
  private final InstantSource clock;
  private final Job<Delivery> deliveries;
  private final Job<Replay> replays;

  WebhookEndpoints(
      WebhookState state,
      SecretSeal seal,
      DestinationGuard guard,
      InstantSource clock,
      Job<Delivery> deliveries,
      Job<Replay> replays) {
    this.state = state;
    this.seal = seal;
    this.guard = guard;
    this.clock = clock;
    this.deliveries = deliveries;
    this.replays = replays;
  }

  /**
   * Creates an endpoint, enabled, with a secret of its own unless the application keeps it.
   *
   * @param id 1 to 60 letters, digits and {@code . _ - :}, beginning with a letter or digit
   * @throws IllegalArgumentException if there is one of this id
   * @throws DestinationRefusedException if the guard refuses the URL as it is written
   */
  public IssuedSecret create(String id, EndpointSpec spec) {
    Optional<WebhookSecret> secret =
        spec.secretsFrom().isPresent() ? Optional.empty() : Optional.of(WebhookSecret.generate());
    return create(id, spec, secret)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is a webhook endpoint \"" + id + "\" already; change or delete it"));
  }

  /** Creates an endpoint as {@link #create(String, EndpointSpec)} does, with a secret given. */
  public IssuedSecret create(String id, EndpointSpec spec, WebhookSecret secret) {
    StandardKey.of(secret); // refuses what is none
    return create(id, spec, Optional.of(secret))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is a webhook endpoint \"" + id + "\" already; change or delete it"));
  }

  void createIfAbsent(String id, EndpointSpec spec) {
    create(id, spec, Optional.empty());
  }

  private Optional<IssuedSecret> create(
      String id, EndpointSpec spec, Optional<WebhookSecret> secret) {
    checkId(id);
    guard.check(spec.url());
    List<StoredSecret> sealed =
        secret.stream().map(one -> seal.seal(one, StoredEndpoint.place(id))).toList();
    var fresh = new StoredEndpoint(id, 0, spec, Optional.empty(), book().now(), sealed);
    if (book().find(id).isPresent()) {
      return Optional.empty();
    }
    book().updateHealth(id, health -> EndpointHealth.WELL); // of one that was deleted
    return book().write(fresh).map(written -> new IssuedSecret(view(written), secret));
  }

  /** Returns an endpoint, unless there is none. */
  public Optional<EndpointView> find(String id) {
    return book().find(id).map(this::view);
  }

  /**
   * Returns endpoints in order of id.
   *
   * @param after the id after which the list goes on; empty for the first
   * @param limit 1 to 1,000
   */
  public Page<EndpointView> list(Optional<String> after, int limit) {
    if (limit < 1 || limit > 1_000) {
      throw new IllegalArgumentException("limit must be 1 to 1000, was " + limit);
    }
    return book().list(after, limit).map(this::view);
  }

  /**
   * Changes what is said of an endpoint, for messages that are sent from then on, and for attempts
   * that are made from then on.
   *
   * @param version that of the endpoint when the change was thought of
   * @throws IllegalStateException if it has been changed since
   * @throws DestinationRefusedException if the guard refuses the URL as it is written
   */
  public EndpointView change(String id, long version, EndpointSpec spec) {
    guard.check(spec.url());
    StoredEndpoint found = found(id);
    Optional<StoredEndpoint> written =
        found.version() == version ? book().write(secured(found.withSpec(spec))) : Optional.empty();
    return written
        .map(this::view)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "webhook endpoint \""
                        + id
                        + "\" is no longer of version "
                        + version
                        + "; look at it again"));
  }

  /** An endpoint whose secrets were the application's needs one of its own, which rotate shows. */
  private StoredEndpoint secured(StoredEndpoint endpoint) {
    if (endpoint.spec().secretsFrom().isPresent()) {
      return endpoint.withSealed(List.of());
    }
    return endpoint.sealed().isEmpty()
        ? endpoint.withSealed(List.of(seal.seal(WebhookSecret.generate(), endpoint.place())))
        : endpoint;
  }

  /** Has messages sent to an endpoint again, as if it had never failed. */
  public EndpointView enable(String id) {
    StoredEndpoint endpoint = update(id, found -> found.withOff(Optional.empty()));
    book().updateHealth(id, health -> EndpointHealth.WELL);
    return view(endpoint);
  }

  /**
   * Has no more messages sent to an endpoint; those on their way are dropped at their next attempt.
   *
   * @param reason why, or who asks, for people; 1 to 500 characters
   */
  public EndpointView disable(String id, String reason) {
    if (reason.isBlank() || reason.length() > 500) {
      throw new IllegalArgumentException(
          "reason must have 1 to 500 characters, had " + reason.length());
    }
    found(id);
    state.disable(id, reason);
    return view(found(id));
  }

  /** Deletes an endpoint with its secrets; messages on their way to it are dropped. */
  public void delete(String id) {
    if (!book().delete(id)) {
      throw unknown(id);
    }
  }

  // Secrets

  /**
   * Gives an endpoint a new secret. For 24 hours messages are signed with the old one too.
   *
   * @throws IllegalStateException if the application keeps its secrets
   */
  public IssuedSecret rotate(String id) {
    return rotate(id, OVERLAP);
  }

  /**
   * Gives an endpoint a new secret.
   *
   * @param overlap how long messages are signed with the old one too; zero, if somebody knows it,
   *     to 30 days
   */
  public IssuedSecret rotate(String id, Duration overlap) {
    if (overlap.isNegative() || overlap.compareTo(LONGEST_OVERLAP) > 0) {
      throw new IllegalArgumentException("overlap must be PT0S to P30D, was " + overlap);
    }
    WebhookSecret fresh = WebhookSecret.generate();
    Instant now = clock.instant(); // by which secrets end
    StoredEndpoint endpoint =
        update(
            id,
            found -> {
              if (found.spec().secretsFrom().isPresent()) {
                throw new IllegalStateException(
                    "the secrets of webhook endpoint \""
                        + id
                        + "\" are the application's; rotate them there");
              }
              return found.withFresh(seal.seal(fresh, found.place()), now, now.plus(overlap));
            });
    return new IssuedSecret(view(endpoint), Optional.of(fresh));
  }

  /**
   * Encrypts all secrets by the first key that are encrypted by another, so that the others can be
   * taken away. To be called again if it fails.
   *
   * @return how many endpoints have changed
   */
  public int encryptAnew() {
    int changed = 0;
    for (StoredEndpoint endpoint : book().readAll()) {
      if (!endpoint.sealed().stream().allMatch(seal::isCurrent)) {
        book().update(endpoint.id(), this::sealedAnew);
        changed++;
      }
    }
    return changed;
  }

  private StoredEndpoint sealedAnew(StoredEndpoint endpoint) {
    Instant now = clock.instant();
    return endpoint.withSealed(
        endpoint.sealed().stream()
            .filter(secret -> secret.isUsedAt(now))
            .map(
                secret -> seal.isCurrent(secret) ? secret : seal.sealAnew(secret, endpoint.place()))
            .toList());
  }

  // Deliveries

  /**
   * Returns the query for the deliveries to an endpoint, newest first; their passes are attempts.
   */
  public RunQuery deliveries(String id) {
    return RunQuery.ofJob(Webhooks.DELIVERY_JOB).tagged(Delivery.TAG + id);
  }

  /**
   * Sends a message of the type {@code test} to an endpoint, once, also if it is disabled; how that
   * goes changes nothing.
   */
  public RunHandle test(String id) {
    found(id);
    WebhookMessage message = WebhookMessage.at(clock, "test", "{}");
    return client().enqueue(deliveries, Delivery.ofTest(id, message), taggedOnly(id));
  }

  private static EnqueueOptions taggedOnly(String id) {
    return EnqueueOptions.now().withTags(Delivery.TAG + id);
  }

  /**
   * Sends a delivery again, with the same id; one that waits for its next attempt has it now.
   *
   * @param actor who asks, for the history
   */
  public RunHandle resend(RunId delivery, String actor) {
    return client().retry(delivery, actor);
  }

  /**
   * Sends an endpoint the messages since an instant that it takes and has not had: those that were
   * given up, and those that came while it was disabled or did not exist. With their ids; as far as
   * they are in the history, 30 days by default.
   *
   * @return a run that ends when they are on their way; its counters tell how many there are
   * @throws IllegalStateException if the endpoint is disabled
   */
  public RunHandle replay(String id, Instant since) {
    StoredEndpoint endpoint = found(id);
    if (endpoint.off().isPresent()) {
      throw new IllegalStateException(
          "webhook endpoint \"" + id + "\" is disabled; enable it, and then replay");
    }
    return client()
        .enqueue(
            replays,
            new Replay(id, requireNonNull(since, "since"), book().now().plusNanos(1_000)),
            taggedOnly(id));
  }

  // Parts

  private EndpointBook book() {
    return state.live().book();
  }

  private SchedulerClient client() {
    return state.live().context().client();
  }

  private EndpointView view(StoredEndpoint endpoint) {
    return endpoint.view(book().health(endpoint.id()));
  }

  private StoredEndpoint found(String id) {
    return book().find(id).orElseThrow(() -> unknown(id));
  }

  private StoredEndpoint update(String id, UnaryOperator<StoredEndpoint> change) {
    return book().update(id, change).orElseThrow(() -> unknown(id));
  }

  private static IllegalArgumentException unknown(String id) {
    return new IllegalArgumentException("there is no webhook endpoint \"" + id + "\"");
  }

  static void checkId(String id) {
    if (!ID.matcher(requireNonNull(id, "id")).matches()) {
      throw new IllegalArgumentException(
          "id of a webhook endpoint must be 1 to 60 letters, digits and . _ - :, beginning with a"
              + " letter or digit, was \""
              + id
              + "\"");
    }
  }
}
