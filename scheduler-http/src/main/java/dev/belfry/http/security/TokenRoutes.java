// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http.security;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belfry.http.Response;
import dev.belfry.http.Scope;
import dev.belfry.http.routing.Call;
import dev.belfry.http.routing.Problem;
import dev.belfry.http.routing.Route;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The tokens of the store, by the management API: list, make, revoke. For admins who see
 * everything: one who is confined could make a token that is not.
 */
public final class TokenRoutes {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> PROPERTIES = Set.of("name", "scope", "tags", "end");

  private final StoredTokens tokens;

  /** Returns the routes of these tokens. */
  public TokenRoutes(StoredTokens tokens) {
    this.tokens = tokens;
  }

  /** Returns the routes. */
  public List<Route> routes() {
    return List.of(
        new Route("GET", "/api/v1/tokens", Scope.ADMIN, this::list),
        Route.post("/api/v1/tokens", Scope.ADMIN, this::create),
        new Route("DELETE", "/api/v1/tokens/{id}", Scope.ADMIN, this::revoke));
  }

  private Response list(Call call) {
    checkUnconfined(call);
    ObjectNode answer = JSON.createObjectNode();
    var items = answer.putArray("items");
    for (StoredToken token : tokens.list()) {
      ObjectNode item = items.addObject();
      item.put("id", token.id());
      item.put("name", token.name());
      item.put("scope", token.scope().name());
      token.tags().stream().sorted().forEach(item.putArray("tags")::add);
      item.put("createdAt", token.createdAt().toString());
      item.put("createdBy", token.createdBy());
      token.end().ifPresent(end -> item.put("end", end.toString()));
      token.lastUsed().ifPresent(day -> item.put("lastUsed", day.toString()));
    }
    return Response.of(200, "application/json", answer.toString());
  }

  private Response create(Call call) {
    checkUnconfined(call);
    JsonNode body = read(call);
    String name = body.path("name").asText();
    var tags = new HashSet<String>();
    body.path("tags").forEach(tag -> tags.add(tag.asText()));
    try {
      String text = tokens.create(name, scope(body), tags, end(body), call.principal());
      return Response.of(
          201,
          "application/json",
          JSON.createObjectNode().put("name", name).put("token", text).toString());
    } catch (IllegalArgumentException wrong) {
      throw Problem.of(422, "invalid", String.valueOf(wrong.getMessage()));
    } catch (IllegalStateException taken) {
      throw Problem.of(409, "two-live-tokens", String.valueOf(taken.getMessage()));
    }
  }

  private Response revoke(Call call) {
    checkUnconfined(call);
    if (!tokens.revoke(call.part("id"))) {
      throw Problem.notFound("token");
    }
    return Response.of(204);
  }

  private static JsonNode read(Call call) {
    if (!call.request().headers().one("content-type").orElse("").startsWith("application/json")) {
      throw Problem.of(415, "media-type", "this takes application/json");
    }
    JsonNode body = parse(call.body());
    if (!body.isObject()) {
      throw Problem.of(400, "malformed", "the body must be a JSON object");
    }
    body.fieldNames()
        .forEachRemaining(
            name -> {
              if (!PROPERTIES.contains(name)) {
                throw Problem.invalid("/" + name, "the properties are name, scope, tags and end");
              }
            });
    return body;
  }

  private static JsonNode parse(byte[] body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException broken) {
      throw Problem.of(400, "malformed", "the body is no JSON");
    } catch (IOException never) {
      throw new IllegalStateException("bytes can be read", never);
    }
  }

  private static Scope scope(JsonNode body) {
    String text = body.path("scope").asText().toUpperCase(Locale.ROOT);
    try {
      return Scope.valueOf(text);
    } catch (IllegalArgumentException unknown) {
      throw Problem.invalid("/scope", "must be READ, OPERATE or ADMIN");
    }
  }

  private static Optional<Instant> end(JsonNode body) {
    try {
      return Optional.ofNullable(body.get("end")).map(end -> Instant.parse(end.asText()));
    } catch (DateTimeException wrong) {
      throw Problem.invalid("/end", "must be an instant, as in 2030-01-01T00:00:00Z");
    }
  }

  private static void checkUnconfined(Call call) {
    if (call.principal().isConfined()) {
      throw Problem.of(403, "confined", "tokens are for those who see everything");
    }
  }
}
