// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static java.util.Objects.requireNonNull;

import dev.belfry.Job;
import dev.belfry.Plugin;
import dev.belfry.PluginContext;
import dev.belfry.admin.operations.Audit;
import dev.belfry.admin.operations.Operations;
import dev.belfry.admin.operations.Redaction;
import dev.belfry.http.Headers;
import dev.belfry.http.Principal;
import dev.belfry.http.Request;
import dev.belfry.http.Response;
import dev.belfry.http.Scope;
import dev.belfry.http.routing.Router;
import dev.belfry.testkit.TestScheduler;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A scheduler on virtual time with its dashboard. */
class World implements AutoCloseable {
  static final Principal ADA = Principal.of("ada", Scope.ADMIN);

  final TestScheduler time;
  private final List<PluginContext> contexts = new ArrayList<>();

  World(Instant start, Job<?>... jobs) {
    time = TestScheduler.start(start);
    var plugin =
        new Plugin() {
          @Override
          public void started(PluginContext context) {
            contexts.add(context);
          }
        };
    time.configure(builder -> builder.workers(30).with(plugin));
    time.register(jobs);
    time.scheduler();
  }

  PluginContext context() {
    return requireNonNull(contexts.get(contexts.size() - 1));
  }

  Operations operations() {
    Audit audit = Audit.of(time.store(), context().host().random(), Redaction.standard());
    return Operations.of(context(), audit);
  }

  Dashboard dashboard() {
    return Dashboard.of(operations());
  }

  Router router() {
    return router(ADA);
  }

  Router router(Principal who) {
    return Router.of(dashboard().routes(), request -> Optional.of(who));
  }

  static Response get(Router router, String base, String address) {
    return send(router, "GET", base, address, "");
  }

  static Response post(Router router, String address, String form) {
    return send(router, "POST", "", address, form);
  }

  static Response send(Router router, String method, String base, String address, String body) {
    int mark = address.indexOf('?');
    return router.handle(
        new Request(
            method,
            base,
            mark < 0 ? address : address.substring(0, mark),
            mark < 0 ? "" : address.substring(mark + 1),
            Headers.none(),
            new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)),
            InetAddress.getLoopbackAddress(),
            false));
  }

  static String text(Response response) {
    return new String(((Response.Bytes) response.body()).bytes(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    time.close();
  }
}
