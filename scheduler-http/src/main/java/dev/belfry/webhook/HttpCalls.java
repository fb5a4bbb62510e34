// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static java.util.Objects.requireNonNull;

import dev.belfry.Job;
import dev.belfry.JobContext;
import dev.belfry.Plugin;
import dev.belfry.PluginContext;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.store.RecordContent;
import dev.belfry.store.RecordWrite;
import dev.belfry.store.Records;
import dev.belfry.store.StoredRecord;
import dev.belfry.store.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * HTTP calls that are data: one job, whose input says what is called, so that calls can be
 * scheduled and changed while the scheduler runs. A plug-in; what it is is set before the start, by
 * one thread. {@link HttpJob} is for calls that are code.
 *
 * <pre>{@code
 * HttpCalls calls = HttpCalls.create().secrets(name -> Optional.ofNullable(System.getenv(name)));
 * try (Scheduler scheduler = Scheduler.builder().with(calls).start()) {
 *   HttpCallSpec expiry = HttpCallSpec.post(URI.create("https://app.example.com/jobs/expiry"))
 *       .withSecretHeader("Authorization", "CRON_TOKEN").expectingText("expired");
 *   scheduler.schedules().create(
 *       ScheduleSpec.of("expiry", calls.job(), Schedule.every(ofMinutes(5)), expiry));
 * }
 * }</pre>
 *
 * <p>A call is made as an {@link HttpJob} makes it, fails as one does, once unless {@link #retry}
 * says otherwise, and sends the same along.
 */
public final class HttpCalls implements Plugin {
  /** The job whose runs are calls. */
  public static final String JOB = "http-call";

  private static final String KIND = "http/secret";
  private static final int MOST_NAME = 100;

  private Supplier<? extends List<EncryptionKey>> keys = List::of;
  private Function<? super String, Optional<String>> secrets = name -> Optional.empty();
  private DestinationGuard guard = DestinationGuard.standard();
  private SSLSocketFactory tls = (SSLSocketFactory) SSLSocketFactory.getDefault();
  private UnaryOperator<Job.Builder<HttpCallSpec>> options =
      builder -> builder.retry(RetryPolicy.none());
  private @Nullable Job<HttpCallSpec> job; // guarded by this; made once the settings are known
  private volatile @Nullable PluginContext live;

  private HttpCalls() {}

  /** Returns HTTP calls with the usual settings. */
  public static HttpCalls create() {
    return new HttpCalls();
  }

  /**
   * Sets where the application keeps the secrets that calls name. Those that are stored go first.
   * Default: there are none.
   *
   * @param byName asked at each attempt; the value is at most 4,096 visible ASCII characters and
   *     blanks
   */
  public HttpCalls secrets(Function<? super String, Optional<String>> byName) {
    this.secrets = requireNonNull(byName, "byName");
    return this;
  }

  /** Sets what stored secrets are encrypted with, as {@link Webhooks#keys} does. */
  public HttpCalls keys(Supplier<? extends List<EncryptionKey>> newKeys) {
    this.keys = requireNonNull(newKeys, "keys");
    return this;
  }

  /** Sets which destinations are allowed. Default: {@link DestinationGuard#standard()}. */
  public HttpCalls guard(DestinationGuard newGuard) {
    this.guard = requireNonNull(newGuard, "guard");
    return this;
  }

  /** Sets whom TLS trusts, and client certificates. Default: those of the JVM. */
  public HttpCalls ssl(SSLContext context) {
    this.tls = context.getSocketFactory();
    return this;
  }

  /** Sets what happens after a failure. Default: one attempt. */
  public HttpCalls retry(RetryPolicy policy) {
    return with(builder -> builder.retry(policy));
  }

  /** Sets anything else that the job has: its queue, limits, alert rules. */
  public HttpCalls with(UnaryOperator<Job.Builder<HttpCallSpec>> more) {
    UnaryOperator<Job.Builder<HttpCallSpec>> before = options;
    this.options = builder -> more.apply(before.apply(builder));
    return this;
  }

  /** Returns the job, to enqueue or to schedule a call. */
  public synchronized Job<HttpCallSpec> job() {
    Job<HttpCallSpec> made = job;
    if (made == null) {
      var exchanges = new HttpExchanges(guard, tls, HttpJob.MOST_BODY);
      made =
          options
              .apply(Job.named(JOB, HttpCallSpec.class).title("HTTP call"))
              .handler((ctx, spec) -> call(ctx, spec, exchanges));
      job = made;
    }
    return made;
  }

  /**
   * Checks a call before it is saved: whether its destination is allowed as it is written, and its
   * secrets are known.
   *
   * @throws DestinationRefusedException if the guard refuses the URL
   * @throws IllegalArgumentException if a secret is not known
   */
  public void check(HttpCallSpec spec) {
    guard.check(spec.url());
    spec.secretHeaders().values().forEach(this::secret);
  }

  // Secrets

  /**
   * Stores a secret, encrypted; it is not shown again.
   *
   * @param name by which calls name it, 1 to 100 characters
   * @param value at most 1,000 visible ASCII characters and blanks
   */
  public void putSecret(String name, String value) {
    if (name.isBlank() || name.length() > MOST_NAME) {
      throw new IllegalArgumentException(
          "name of a secret must have 1 to " + MOST_NAME + " characters, had " + name.length());
    }
    HeaderRules.check("secret", value);
    StoredSecret sealed = seal().seal(WebhookSecret.of(value), place(name));
    long version = records().get(KIND, name).map(StoredRecord::version).orElse(0L);
    RecordContent content = RecordContent.of(EndpointJson.write(sealed));
    var write = new RecordWrite.Put(KIND, name, version, content);
    if (records().write(List.of(write)).get(0) == Verdict.REFUSED) {
      throw new IllegalStateException(
          "secret \"" + name + "\" was changed by somebody else; look, and try again");
    }
  }

  /** Deletes a stored secret, if there is one. */
  public void deleteSecret(String name) {
    records()
        .get(KIND, name)
        .ifPresent(
            found -> records().write(List.of(new RecordWrite.Delete(KIND, name, found.version()))));
  }

  private String secret(String name) {
    Optional<StoredRecord> stored = records().get(KIND, name);
    if (stored.isPresent()) {
      return seal().open(EndpointJson.readSecret(stored.get()), place(name)).text();
    }
    return secrets
        .apply(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no secret \""
                        + name
                        + "\"; store it by putSecret(…), or give it by secrets(…)"));
  }

  private static String place(String name) {
    return "secret " + name + " of HTTP calls";
  }

  private SecretSeal seal() {
    return new SecretSeal(keys);
  }

  private Records records() {
    PluginContext context = live;
    if (context == null) {
      throw new IllegalStateException(
          "HTTP calls have not started; give them to a scheduler by with(…), and start it");
    }
    return context.store().records();
  }

  private void call(JobContext ctx, HttpCallSpec spec, HttpExchanges exchanges)
      throws InterruptedException {
    Map<String, Supplier<String>> headers = new HashMap<>();
    spec.headers().forEach((name, value) -> headers.put(name, () -> value));
    List<Supplier<String>> hidden = new ArrayList<>();
    spec.secretHeaders()
        .forEach(
            (name, secretName) -> {
              String value = secret(secretName);
              headers.put(name, () -> value);
              hidden.add(() -> value);
              int blank = value.indexOf(' '); // Bearer …, of which an answer may have the rest
              hidden.add(() -> value.substring(blank + 1));
            });
    new HttpJobHandler(
            spec.method(),
            spec.url(),
            headers,
            hidden,
            new BodyTemplate(spec.body()),
            spec.timeout(),
            spec.expectations(),
            exchanges)
        .run(ctx);
  }

  // Plug-in

  @Override
  public List<Job<?>> jobs() {
    return List.of(job());
  }

  @Override
  public void started(PluginContext context) {
    this.live = context;
  }
}
