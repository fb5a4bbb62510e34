// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin;

import static java.util.Objects.requireNonNull;

import dev.belfry.Job;
import dev.belfry.Plugin;
import dev.belfry.PluginContext;
import dev.belfry.http.AccessToken;
import dev.belfry.http.Authenticator;
import dev.belfry.http.Handler;
import dev.belfry.http.Request;
import dev.belfry.http.Response;
import dev.belfry.http.Scope;
import dev.belfry.http.routing.Problem;
import dev.belfry.http.routing.Route;
import dev.belfry.webhook.WebhookVerifier;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The management API, health checks, hooks and the dashboard, for a scheduler: {@code
 * Scheduler.builder().with(Admin.on(8080).token("ops", env("ADMIN_TOKEN"), Scope.OPERATE))}.
 *
 * <p>Closed unless it is opened: it listens to this machine only, and without a token or an {@link
 * Authenticator} the scheduler does not start. What the scope of whoever asks does not include is
 * refused by the server, whatever a page shows.
 *
 * <p>Immutable: each method returns another one. One instance serves one scheduler. Requests are
 * answered on threads of its own, or, embedded, on those of the application's server.
 */
public final class Admin implements Plugin {
  private static final Pattern BASE = Pattern.compile("(/[A-Za-z0-9._~-]+)*");

  private final AdminSettings settings;
  private final AtomicReference<@Nullable LiveAdmin> live = new AtomicReference<>();

  private Admin(AdminSettings settings) {
    this.settings = settings;
  }

  /**
   * Returns one for a developer's machine, with the dashboard: on 127.0.0.1, on a free port. The
   * log has a link that logs in once, as admin; when it was used, the log has the next one.
   */
  public static Admin local() {
    return new Admin(new AdminSettings(AdminSettings.Place.LOCAL, 0)).dashboard();
  }

  /**
   * Returns one that listens to a port of this machine.
   *
   * @param port 0 to 65535; 0 is any free one
   */
  public static Admin on(int port) {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port must be 0 to 65535, was " + port);
    }
    return new Admin(new AdminSettings(AdminSettings.Place.SERVER, port));
  }

  /** Returns one without a server: the application's own server gives requests to its handler. */
  public static Admin embedded() {
    return new Admin(new AdminSettings(AdminSettings.Place.EMBEDDED, 0));
  }

  /**
   * Returns this with another address to listen to. Default: the loopback address, which other
   * machines can't reach.
   *
   * @param address a local address, or {@code 0.0.0.0} for all
   */
  public Admin bind(String address) {
    try {
      InetAddress found = InetAddress.getByName(requireNonNull(address, "address"));
      return with(s -> s.address = Optional.of(found));
    } catch (UnknownHostException unknown) {
      throw new IllegalArgumentException(
          "address to bind to is unknown, was \"" + address + "\"", unknown);
    }
  }

  /**
   * Returns this under a path. Default: none. Embedded, the application's server says it.
   *
   * @param path as {@code /ops/jobs}
   */
  public Admin basePath(String path) {
    if (!BASE.matcher(path).matches()) {
      throw new IllegalArgumentException(
          "base path must be like /ops/jobs, without a slash at its end, was \"" + path + "\"");
    }
    return with(s -> s.base = path);
  }

  /** Returns this with one more token; see {@link AccessToken#of(String, String, Scope)}. */
  public Admin token(String name, String text, Scope scope) {
    return token(AccessToken.of(name, text, scope));
  }

  /** Returns this with one more token; see {@link AccessToken#of(String, Supplier, Scope)}. */
  public Admin token(String name, Supplier<String> text, Scope scope) {
    return token(AccessToken.of(name, text, scope));
  }

  /** Returns this with one more token. */
  public Admin token(AccessToken token) {
    requireNonNull(token, "token");
    return with(s -> s.tokens.add(token));
  }

  /** Returns this with somebody who says who asks when no token of ours does. Default: nobody. */
  public Admin authenticator(Authenticator authenticator) {
    return with(s -> s.authenticator = Optional.of(authenticator));
  }

  /** Returns this as one by which nothing can be changed, by anybody. */
  public Admin readOnly() {
    return with(s -> s.readOnly = true);
  }

  /**
   * Returns this with host names by which it may be asked. Default: {@code localhost} and any
   * address; embedded, all names.
   *
   * @param names without ports
   */
  public Admin allowHosts(String... names) {
    return with(s -> s.hosts.addAll(List.of(names)));
  }

  /** Returns this for requests from some networks only, as {@code 10.0.0.0/8}. Default: all. */
  public Admin allowFrom(String... networks) {
    return with(s -> s.from.addAll(List.of(networks)));
  }

  /**
   * Returns this behind proxies that are trusted: from these networks, {@code X-Forwarded-For} and
   * {@code X-Forwarded-Proto} are believed. Default: none.
   */
  public Admin trustProxies(String... networks) {
    return with(s -> s.proxies.addAll(List.of(networks)));
  }

  /** Returns this with the dashboard. Default: the API alone. */
  public Admin dashboard() {
    return with(s -> s.dashboard = true);
  }

  /** Returns this with a hook; see {@link #hook(Job, Supplier)}. */
  public Admin hook(Job<?> job, String secret) {
    return hook(job, () -> secret);
  }

  /**
   * Returns this with a hook: {@code POST /hooks/<job>} enqueues a run for whoever sends the secret
   * as a bearer token. The body is the input, as JSON; none is read for a job without input. With
   * an {@code Idempotency-Key} one run a day is made of one key. The answer is {@code 202 {"run":
   * "…"}}.
   *
   * @param secret at least 32 characters; asked for at the start and every 30 seconds at most
   */
  public Admin hook(Job<?> job, Supplier<String> secret) {
    requireNonNull(secret, "secret");
    return with(s -> s.hooks.put(job.name(), new HookSecret.Bearer(secret)));
  }

  /** Returns this with a hook for whoever sends a signed webhook; its id is its key. */
  public Admin hook(Job<?> job, WebhookVerifier verifier) {
    requireNonNull(verifier, "verifier");
    return with(s -> s.hooks.put(job.name(), new HookSecret.Signature(verifier)));
  }

  /** Returns this with jobs of which {@code /health/jobs} answers 503 when one is overdue. */
  public Admin critical(Job<?>... jobs) {
    return with(s -> List.of(jobs).forEach(job -> s.critical.add(job.name())));
  }

  /** For tests: with what stands behind the guard instead of the API and the dashboard. */
  Admin routes(Function<PluginContext, List<Route>> routes) {
    return with(s -> s.routes = Optional.of(routes));
  }

  private Admin with(Consumer<AdminSettings> change) {
    AdminSettings changed = settings.copy();
    change.accept(changed);
    return new Admin(changed);
  }

  /**
   * Returns what answers requests, for the application's own server. It answers 503 while the
   * scheduler is not started or closed.
   */
  public Handler handler() {
    return this::handle;
  }

  /**
   * Returns the address that is listened to; empty while the scheduler is not started or closed,
   * and if it is embedded.
   */
  public Optional<InetSocketAddress> address() {
    return Optional.ofNullable(live.get()).flatMap(LiveAdmin::address);
  }

  private Response handle(Request request) {
    LiveAdmin now = live.get();
    return now == null
        ? Problem.of(503, "not-started", "the scheduler is not started")
            .with("retry-after", "5")
            .answer()
        : now.handle(request);
  }

  @Override
  public void started(PluginContext context) {
    if (live.get() != null) {
      throw new IllegalStateException("this Admin serves another scheduler already");
    }
    live.set(LiveAdmin.start(settings, context));
  }

  @Override
  public void close() {
    LiveAdmin last = live.getAndSet(null);
    if (last != null) {
      last.close();
    }
  }

  @Override
  public String toString() {
    return "admin";
  }
}
