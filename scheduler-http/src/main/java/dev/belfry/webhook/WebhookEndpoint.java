// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static java.util.Objects.requireNonNull;

import dev.belfry.AlertRule;
import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.retry.Jitter;
import dev.belfry.retry.RetryPolicy;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a webhook endpoint is: a URL that is told of events, by signed messages. {@link
 * #build} ends it with an ordinary job. Used once, by one thread.
 *
 * <pre>{@code
 * Job<WebhookMessage> crm = WebhookEndpoint.named("webhooks/crm")
 *     .url(URI.create("https://crm.example.com/hooks"))
 *     .on(ORDER_PAID)
 *     .secrets(() -> keys.webhookSecrets("crm"))
 *     .build();
 * }</pre>
 *
 * <p>A delivery is a run of that job, so it is stored with the event's transaction, survives the
 * node, and has its attempts in its history. {@code retry} of the client sends it again; to pause
 * and to resume the endpoint, pause and resume the job. However often it is sent, a message has the
 * same {@code webhook-id}, and a timestamp and signatures of that attempt; receivers keep the ids
 * that they have handled, as a message may come twice.
 *
 * <p>Good is any status from 200 to 299. After another, or none, the next attempt follows the
 * schedule of Standard Webhooks: after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h,
 * each up to a fifth more or less. {@code Retry-After} with 429, 502, 503 or 504 may postpone it:
 * to twice that, or an hour if that is more. Status 410 pauses the job, until somebody resumes it;
 * the delivery waits with those that follow.
 */
public final class WebhookEndpoint {
  static final List<Duration> SCHEDULE =
      List.of(
          Duration.ofSeconds(5),
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          Duration.ofHours(2),
          Duration.ofHours(5),
          Duration.ofHours(10),
          Duration.ofHours(14),
          Duration.ofHours(20),
          Duration.ofHours(24));

  private static final double SPREAD = 0.2;
  static final int KEPT = 16 * 1024; // of an answer
  static final int AT_ONCE = 4;
  static final Duration TIMEOUT = Duration.ofSeconds(15);

  private final String name;
  private final Map<String, String> headers = new LinkedHashMap<>();
  private UnaryOperator<Job.Builder<WebhookMessage>> options = builder -> builder;
  private @Nullable URI url;
  private @Nullable Supplier<? extends Collection<WebhookSecret>> secrets;
  private SignatureScheme scheme = SignatureScheme.STANDARD;
  private int atOnce = AT_ONCE;
  private Duration timeout = TIMEOUT;
  private DestinationGuard guard = DestinationGuard.standard();
  private SSLSocketFactory tls = (SSLSocketFactory) SSLSocketFactory.getDefault();
  private InstantSource clock = InstantSource.system();

  private WebhookEndpoint(String name) {
    this.name = name;
  }

  /**
   * Begins an endpoint.
   *
   * @param name of the job, as for {@link Job#named(String)}
   */
  public static WebhookEndpoint named(String name) {
    return new WebhookEndpoint(requireNonNull(name, "name"));
  }

  /** Sets where messages go. */
  public WebhookEndpoint url(URI newUrl) {
    this.url = requireNonNull(newUrl, "url");
    return this;
  }

  /**
   * Adds events that the endpoint is told of. Their data are sent as {@link
   * dev.belfry.store.Codec#standard()} writes them, by the class that they have.
   */
  public <E> WebhookEndpoint on(EventType<E> type) {
    return on(type, WebhookMessage::json);
  }

  /**
   * Adds events that the endpoint is told of.
   *
   * @param json makes the data to be sent, as JSON; called by the node that delivers the event
   */
  public <E> WebhookEndpoint on(EventType<E> type, Function<? super E, String> json) {
    requireNonNull(json, "json");
    return with(
        builder ->
            builder.onEvent(type, data -> WebhookMessage.at(clock, type.name(), json.apply(data))));
  }

  /** Sets what messages are signed with, asked for at each attempt; see {@link WebhookSigner}. */
  public WebhookEndpoint secrets(Supplier<? extends Collection<WebhookSecret>> newSecrets) {
    this.secrets = requireNonNull(newSecrets, "secrets");
    return this;
  }

  /** Sets how messages are signed. Default: {@link SignatureScheme#STANDARD}. */
  public WebhookEndpoint scheme(SignatureScheme newScheme) {
    this.scheme = requireNonNull(newScheme, "scheme");
    return this;
  }

  /** Adds a header, as {@link HttpJob#header} does. */
  public WebhookEndpoint header(String header, String value) {
    HeaderRules.check(header, value);
    headers.put(header, value);
    return this;
  }

  /**
   * Sets how many deliveries are under way at once, over all nodes, so that an endpoint that hangs
   * takes no more workers than that. Default: 4.
   *
   * @param count at least 1
   */
  public WebhookEndpoint limit(int count) {
    this.atOnce = count;
    return this;
  }

  /** Limits an attempt, as {@link HttpJob#timeout} does. Default: 15 seconds. */
  public WebhookEndpoint timeout(Duration time) {
    this.timeout = HttpJob.checked(time);
    return this;
  }

  /** Adds alert rules: {@code consecutiveFailures}, say, for an endpoint that is gone. */
  public WebhookEndpoint alert(AlertRule... rules) {
    return with(builder -> builder.alert(rules));
  }

  /** Sets which destinations are allowed. Default: {@link DestinationGuard#standard()}. */
  public WebhookEndpoint guard(DestinationGuard newGuard) {
    this.guard = requireNonNull(newGuard, "guard");
    return this;
  }

  /** Sets whom TLS trusts, and client certificates. Default: those of the JVM. */
  public WebhookEndpoint ssl(SSLContext context) {
    this.tls = context.getSocketFactory();
    return this;
  }

  /** Sets the clock that signatures are dated by, for tests. Default: the system's. */
  public WebhookEndpoint clock(InstantSource newClock) {
    this.clock = requireNonNull(newClock, "clock");
    return this;
  }

  /** Sets anything else that a job has: another schedule of retries, its queue, a throttle. */
  public WebhookEndpoint with(UnaryOperator<Job.Builder<WebhookMessage>> more) {
    UnaryOperator<Job.Builder<WebhookMessage>> before = options;
    this.options = builder -> more.apply(before.apply(builder));
    return this;
  }

  /** Returns the schedule of retries that endpoints have by default. */
  public static RetryPolicy standardRetry() {
    return RetryPolicy.delays(SCHEDULE.toArray(Duration[]::new))
        .withJitter(Jitter.proportional(SPREAD))
        .withMaxDelay(Duration.ofDays(2))
        .failOn(DestinationRefusedException.class)
        .pauseJobOn(WebhookGoneException.class);
  }

  /**
   * Returns the job. Enqueue a {@link WebhookMessage} to send one without an event, a test message
   * for instance.
   *
   * @throws IllegalStateException if URL or secrets were not set
   * @throws DestinationRefusedException if the guard refuses the URL as it is written
   */
  public Job<WebhookMessage> build() {
    URI target = url;
    if (target == null || secrets == null) {
      throw new IllegalStateException(
          "webhook endpoint " + name + " has no " + (target == null ? "url" : "secrets"));
    }
    guard.check(target);
    var handler =
        new WebhookDelivery(
            target,
            Map.copyOf(headers),
            WebhookSigner.of(scheme, secrets),
            timeout,
            new HttpExchanges(guard, tls, KEPT),
            clock);
    Job.Builder<WebhookMessage> job =
        Job.named(name, WebhookMessage.class).retry(standardRetry()).limitRuns(atOnce);
    return options.apply(job).handler(handler::run);
  }
}
