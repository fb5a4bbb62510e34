// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin;

import dev.belfry.JobView;
import dev.belfry.PluginContext;
import dev.belfry.admin.AdminSettings.Place;
import dev.belfry.admin.api.Api;
import dev.belfry.admin.dashboard.Dashboard;
import dev.belfry.admin.operations.Audit;
import dev.belfry.admin.operations.Operations;
import dev.belfry.admin.operations.Redaction;
import dev.belfry.host.Host;
import dev.belfry.http.Handler;
import dev.belfry.http.Request;
import dev.belfry.http.Response;
import dev.belfry.http.routing.Route;
import dev.belfry.http.routing.Router;
import dev.belfry.http.security.Guard;
import dev.belfry.http.security.GuardRules;
import dev.belfry.http.security.HostNames;
import dev.belfry.http.security.Login;
import dev.belfry.http.security.Networks;
import dev.belfry.http.security.StoredTokens;
import dev.belfry.http.security.TokenRoutes;
import dev.belfry.http.security.Tokens;
import dev.belfry.http.server.Server;
import dev.belfry.http.server.ServerLimits;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An {@link Admin} at work, with one scheduler. Thread-safe. */
final class LiveAdmin {
  private static final Logger log = LoggerFactory.getLogger(Admin.class);
  private static final Duration DAY = Duration.ofDays(1);

  /** Where anybody may ask; each route there sees for itself who does. */
  private static final Pattern OPEN =
      Pattern.compile("/(login|logout)|/(login|assets|health|hooks)/.*");

  private final PluginContext context;
  private final Tokens tokens;
  private final Health health;
  private final Handler handler;
  private final Optional<Server> server;
  private volatile Host.@Nullable Cancellable reminder;

  private LiveAdmin(AdminSettings settings, PluginContext context) {
    this.context = context;
    Host host = context.host();
    var stored = new StoredTokens(context.store(), host::nanoTime, host::wallTime);
    this.tokens = new Tokens(settings.tokens, stored, host::nanoTime, host::wallTime);
    checkClosed(settings, stored);
    checkJobs(settings, context);
    var guard = new Guard(rules(settings), tokens, host::nanoTime);
    this.health = new Health(context, settings.critical);
    Login login =
        settings.place == Place.LOCAL
            ? Login.byLink(guard, path -> announceLink(settings, path))
            : Login.byToken(guard);
    var routes = new ArrayList<>(behind(settings, context));
    routes.addAll(login.routes());
    routes.addAll(health.routes());
    routes.addAll(new Hooks(settings.hooks, context, guard).routes());
    routes.addAll(new TokenRoutes(stored).routes());
    this.handler = guard.around(split(routes, guard));
    this.server =
        settings.place == Place.EMBEDDED ? Optional.empty() : Optional.of(listen(settings));
    login.offer();
  }

  static LiveAdmin start(AdminSettings settings, PluginContext context) {
    var live = new LiveAdmin(settings, context);
    live.remind();
    if (live.server.isPresent() && settings.place == Place.SERVER) { // else there was a link
      log.info("Belfry admin: {}", live.url(settings));
    }
    return live;
  }

  private static void checkClosed(AdminSettings settings, StoredTokens stored) {
    if (settings.place == Place.LOCAL) {
      if (!settings.listening().isLoopbackAddress()) {
        throw new IllegalStateException(
            "Admin.local() is for this machine and can't listen to "
                + settings.listening().getHostAddress()
                + "; use Admin.on(port) with a token");
      }
    } else if (settings.tokens.isEmpty()
        && settings.authenticator.isEmpty()
        && stored.list().isEmpty()) {
      throw new IllegalStateException(
          "Admin has neither a token nor an authenticator, so anybody could use it; add"
              + " .token(\"ops\", env(\"ADMIN_TOKEN\"), Scope.OPERATE), or use Admin.local() on"
              + " your own machine");
    }
  }

  private static void checkJobs(AdminSettings settings, PluginContext context) {
    var known = new TreeSet<String>();
    context.jobs().stream().map(JobView::name).forEach(known::add);
    for (Set<String> named : List.of(settings.hooks.keySet(), settings.critical)) {
      for (String job : named) {
        if (!known.contains(job)) {
          throw new IllegalStateException(
              "Admin names the job \"" + job + "\", which is not registered; registered: " + known);
        }
      }
    }
  }

  private static GuardRules rules(AdminSettings settings) {
    boolean any = settings.place == Place.EMBEDDED && settings.hosts.isEmpty();
    return new GuardRules(
        any ? HostNames.any() : HostNames.of(settings.hosts),
        Networks.of(settings.from),
        Networks.of(settings.proxies),
        settings.readOnly,
        settings.dashboard,
        settings.authenticator);
  }

  private static List<Route> behind(AdminSettings settings, PluginContext context) {
    if (settings.routes.isPresent()) {
      return settings.routes.get().apply(context);
    }
    var audit = Audit.of(context.store(), context.host().random(), Redaction.standard());
    var operations = Operations.of(context, audit);
    var routes = new ArrayList<>(Api.routes(operations, context.store()));
    if (settings.dashboard) {
      routes.addAll(Dashboard.of(operations).readOnly(settings.readOnly).signOut(true).routes());
    }
    return routes;
  }

  private static Handler split(List<Route> routes, Guard guard) {
    List<Route> open = routes.stream().filter(r -> OPEN.matcher(r.path()).matches()).toList();
    List<Route> closed = routes.stream().filter(r -> !OPEN.matcher(r.path()).matches()).toList();
    Router forAnybody = Router.of(open, guard::admitAnybody);
    Router forThoseKnown = Router.of(closed, guard::admit);
    return request ->
        OPEN.matcher(request.path()).matches()
            ? forAnybody.handle(request)
            : forThoseKnown.handle(request);
  }

  private Server listen(AdminSettings settings) {
    var address = new InetSocketAddress(settings.listening(), settings.port);
    try {
      return Server.start(handler, address, settings.base, ServerLimits.standard());
    } catch (IOException e) {
      throw new IllegalStateException(
          "Admin can't listen to "
              + settings.listening().getHostAddress()
              + ":"
              + settings.port
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private void announceLink(AdminSettings settings, String path) {
    log.info("Belfry dashboard: {}{} (serves once)", url(settings), path);
  }

  private String url(AdminSettings settings) {
    InetSocketAddress address = address().orElseThrow();
    String host = address.getAddress().getHostAddress();
    return "http://"
        + (host.indexOf(':') >= 0 ? "[" + host + "]" : host)
        + ":"
        + address.getPort()
        + settings.base;
  }

  /** Now and each day: a token that ends unnoticed locks everybody out at once. */
  private void remind() {
    context
        .host()
        .io(
            () -> {
              tokens.warnOfEnds();
              return true;
            },
            (done, failed) -> {
              if (failed != null) {
                log.warn("can't see which tokens end soon: {}", failed.toString());
              }
            });
    reminder = context.host().after(DAY, this::remind);
  }

  Optional<InetSocketAddress> address() {
    return server.map(Server::address);
  }

  Response handle(Request request) {
    return handler.handle(request);
  }

  void close() {
    health.closing();
    Host.Cancellable last = reminder;
    if (last != null) {
      last.cancel();
    }
    server.ifPresent(Server::close);
  }
}
