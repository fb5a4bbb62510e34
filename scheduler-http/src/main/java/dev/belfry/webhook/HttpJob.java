// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static java.util.Objects.requireNonNull;

import dev.belfry.AlertRule;
import dev.belfry.Job;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.schedule.Schedule;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a job is that makes an HTTP call and looks at the answer. {@link #build} ends it
 * with an ordinary job. Used once, by one thread.
 *
 * <pre>{@code
 * Job<Void> expiry = HttpJob.named("notification-expiry")
 *     .post(URI.create("https://app.example.com/jobs/expiry"))
 *     .bearer(() -> keys.get("cron"))
 *     .expectText("expired")
 *     .schedule(Schedule.every(ofMinutes(5)))
 *     .build();
 * }</pre>
 *
 * <p>A call is made by HTTP/1.1 on a connection of its own to a destination that a {@link
 * DestinationGuard} allows. Redirects are not followed, no cookies are kept, and of the answer the
 * first 64 KiB are read, decoded. One attempt is made, unless {@link #retry} says otherwise. What
 * fails, fails by an {@link HttpFailedException}, or a {@link DestinationRefusedException}. The
 * notes of each pass have the status and the timings.
 *
 * <p>Sent along are {@code Idempotency-Key}, the same over all attempts of a run, {@code
 * Belfry-Attempt} and {@code Belfry-Due}.
 */
public final class HttpJob {
  /** How much of an answer is read. */
  static final int MOST_BODY = 64 * 1024;

  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  private final String name;
  private final Map<String, Supplier<String>> headers = new LinkedHashMap<>();
  private final List<Supplier<String>> secrets = new ArrayList<>();
  private final HttpExpectations expectations = new HttpExpectations();
  private UnaryOperator<Job.Builder<@Nullable Void>> options = builder -> builder;
  private String method = "GET";
  private @Nullable URI url;
  private BodyTemplate body = new BodyTemplate("");
  private Duration timeout = Duration.ofSeconds(30);
  private RetryPolicy retry = RetryPolicy.none();
  private DestinationGuard guard = DestinationGuard.standard();
  private SSLSocketFactory tls = (SSLSocketFactory) SSLSocketFactory.getDefault();

  private HttpJob(String name) {
    this.name = name;
  }

  /**
   * Begins a job.
   *
   * @param name as for {@link Job#named(String)}
   */
  public static HttpJob named(String name) {
    return new HttpJob(requireNonNull(name, "name"));
  }

  /** Sets that a URL is called by GET. */
  public HttpJob get(URI newUrl) {
    return request("GET", newUrl);
  }

  /** Sets that a URL is called by POST. */
  public HttpJob post(URI newUrl) {
    return request("POST", newUrl);
  }

  /**
   * Sets what is called.
   *
   * @param newMethod GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS
   */
  public HttpJob request(String newMethod, URI newUrl) {
    this.method = checkedMethod(newMethod);
    this.url = requireNonNull(newUrl, "url");
    return this;
  }

  /**
   * Sets a header, once for each name. Not those that say where a message ends or by which way it
   * goes, such as {@code Host} and {@code Content-Length}.
   *
   * @param value at most 4,096 visible ASCII characters, blanks and tabs
   */
  public HttpJob header(String header, String value) {
    HeaderRules.check(header, value);
    headers.put(header.toLowerCase(Locale.ROOT), () -> value);
    return this;
  }

  /**
   * Sets a header whose value nobody is to see: it is asked for at each attempt, kept nowhere, and
   * taken out of what is kept of an answer.
   */
  public HttpJob secretHeader(String header, Supplier<String> value) {
    HeaderRules.check(header, "");
    headers.put(header.toLowerCase(Locale.ROOT), requireNonNull(value, "value"));
    secrets.add(value);
    return this;
  }

  /** Sets the header {@code Authorization: Bearer …}, as {@link #secretHeader} does. */
  public HttpJob bearer(Supplier<String> token) {
    requireNonNull(token, "token");
    secretHeader("Authorization", () -> "Bearer " + token.get());
    secrets.add(token);
    return this;
  }

  /**
   * Sets the body. {@code {{run}}}, {@code {{job}}}, {@code {{attempt}}}, {@code {{due}}} and
   * {@code {{key}}} stand for what they name; none of them needs escaping in JSON. Default: none.
   */
  public HttpJob body(String contentType, String template) {
    this.body = new BodyTemplate(template);
    return header("Content-Type", contentType);
  }

  /** Sets which statuses are good. Default: 200 to 299. */
  public HttpJob expectStatus(int... statuses) {
    for (int status : statuses) {
      expectations.status(status);
    }
    return this;
  }

  /** Adds a text that the answer is to contain, within its first 64 KiB. */
  public HttpJob expectText(String text) {
    expectations.text(requireNonNull(text, "text"));
    return this;
  }

  /**
   * Adds a regular expression that is to be found in the first 64 KiB of the answer. It is matched
   * without backtracking, so no answer takes long; there are no back references, and no
   * look-around.
   *
   * @throws IllegalArgumentException if it is none, or needs more than 1,000 states
   */
  public HttpJob expectPattern(String expression) {
    expectations.pattern(expression);
    return this;
  }

  /**
   * Adds a value that is to be in the answer, which is JSON of at most 64 KiB.
   *
   * @param pointer a JSON pointer (RFC 6901), {@code /status/code}
   * @param value the text of a string, a number, true, false or null there
   */
  public HttpJob expectJson(String pointer, String value) {
    expectations.json(pointer, requireNonNull(value, "value"));
    return this;
  }

  /**
   * Limits the whole call, from the look-up of the name to the last byte of the answer. A cancel
   * waits for it, too. Default: 30 seconds.
   *
   * @param time 1 ms to 30 minutes
   */
  public HttpJob timeout(Duration time) {
    this.timeout = checked(time);
    return this;
  }

  static String checkedMethod(String newMethod) {
    if (!METHODS.contains(newMethod)) {
      throw new IllegalArgumentException(
          "method must be GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS, was \""
              + newMethod
              + "\"");
    }
    return newMethod;
  }

  static Duration checked(Duration time) {
    if (time.toMillis() < 1 || time.compareTo(Duration.ofMinutes(30)) > 0) {
      throw new IllegalArgumentException("timeout must be PT0.001S to PT30M, was " + time);
    }
    return time;
  }

  /** Starts runs at the times of a schedule. */
  public HttpJob schedule(Schedule schedule) {
    return with(builder -> builder.schedule(schedule));
  }

  /** Sets what happens after a failure. Default: one attempt. */
  public HttpJob retry(RetryPolicy policy) {
    this.retry = requireNonNull(policy, "policy");
    return this;
  }

  /** Adds alert rules; a kind of failure is {@code failure(HttpFailedException.Status.class)}. */
  public HttpJob alert(AlertRule... rules) {
    return with(builder -> builder.alert(rules));
  }

  /** Sets which destinations are allowed. Default: {@link DestinationGuard#standard()}. */
  public HttpJob guard(DestinationGuard newGuard) {
    this.guard = requireNonNull(newGuard, "guard");
    return this;
  }

  /** Sets whom TLS trusts, and client certificates. Default: those of the JVM. */
  public HttpJob ssl(SSLContext context) {
    this.tls = context.getSocketFactory();
    return this;
  }

  /** Sets anything else that a job has: its queue, limits, tags, hooks. */
  public HttpJob with(UnaryOperator<Job.Builder<@Nullable Void>> more) {
    UnaryOperator<Job.Builder<@Nullable Void>> before = options;
    this.options = builder -> more.apply(before.apply(builder));
    return this;
  }

  /**
   * Returns the job.
   *
   * @throws IllegalStateException if no URL was set
   * @throws DestinationRefusedException if the guard refuses the URL as it is written
   */
  public Job<@Nullable Void> build() {
    URI target = url;
    if (target == null) {
      throw new IllegalStateException("HTTP job " + name + " has no URL; set it by get or post");
    }
    guard.check(target);
    var handler =
        new HttpJobHandler(
            method,
            target,
            Map.copyOf(headers),
            List.copyOf(secrets),
            body,
            timeout,
            expectations,
            new HttpExchanges(guard, tls, MOST_BODY));
    return options.apply(Job.named(name).retry(retry)).handler(handler::run);
  }
}
