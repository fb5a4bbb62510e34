// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import dev.belfry.http.routing.Requests;
import dev.belfry.http.routing.Route;
import dev.belfry.http.routing.Router;
import dev.belfry.testkit.TestScheduler;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A scheduler on virtual time, and the API on it. Each request and answer is held against the
 * OpenAPI document.
 */
final class ApiStage implements AutoCloseable {
  static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
  static final Principal ADA = Principal.of("ada", Scope.ADMIN);

  private static final ObjectMapper JSON = new ObjectMapper();

  final TestScheduler time = TestScheduler.start(NOON);
  final PluginContext context;
  final List<Route> routes;

  private final Router router;
  private final List<PluginContext> contexts = new ArrayList<>();
  private Principal who = ADA;

  ApiStage(Job<?>... jobs) {
    var plugin =
        new Plugin() {
          @Override
          public void started(PluginContext context) {
            contexts.add(context);
          }
        };
    time.configure(builder -> builder.with(plugin));
    time.register(jobs);
    time.scheduler();
    this.context = requireNonNull(contexts.get(contexts.size() - 1));
    var audit = Audit.of(context.store(), context.host().random(), Redaction.standard());
    this.routes = Api.routes(Operations.of(context, audit), context.store());
    this.router = Router.of(routes, request -> Optional.of(who));
  }

  /** From now on somebody else asks. */
  ApiStage as(Principal other) {
    who = other;
    return this;
  }

  Answer get(String path) {
    return send("GET", path, Headers.none(), "");
  }

  Answer post(String path) {
    return send("POST", path, Headers.none(), "");
  }

  Answer post(String path, String body) {
    return send("POST", path, json(), body);
  }

  static Headers json() {
    return Headers.none().with("Content-Type", "application/json");
  }

  /** Sends a request to a path below the base of the API. */
  Answer send(String method, String path, Headers headers, String body) {
    Request request = Requests.of(method, Api.BASE + path, headers, body);
    Response response = router.handle(request);
    if (OpenApi.shipped().has(request)) {
      OpenApi.shipped().check(request, body, response);
    }
    return new Answer(response);
  }

  @Override
  public void close() {
    time.close();
  }

  /** An answer. */
  record Answer(Response response) {
    int status() {
      return response.status();
    }

    String text() {
      return Requests.text(response);
    }

    String header(String name) {
      return response.headers().one(name).orElseThrow();
    }

    /** Returns the body as JSON. */
    JsonNode json() {
      try {
        return JSON.readTree(text());
      } catch (JsonProcessingException broken) {
        throw new AssertionError(text(), broken);
      }
    }

    /** Returns what a JSON pointer leads to, as text. */
    String at(String pointer) {
      JsonNode node = json().at(pointer);
      if (node.isMissingNode()) {
        throw new AssertionError("nothing at " + pointer + " in " + text());
      }
      return node.isValueNode() ? node.asText() : node.toString();
    }

    /** Returns a problem in a line: status, code, detail, places. */
    String problem() {
      JsonNode json = json();
      var line = new StringBuilder();
      line.append(status()).append(' ').append(json.path("code").asText()).append(": ");
      line.append(json.path("detail").asText());
      json.path("errors")
          .forEach(error -> line.append(" @").append(error.path("pointer").asText()));
      return line.toString();
    }
  }
}
