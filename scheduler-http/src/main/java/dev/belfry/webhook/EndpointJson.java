// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.belfry.store.StoredRecord;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * How endpoints and their health are written in the store. What a reader does not know, it skips.
 */
final class EndpointJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private EndpointJson() {}

  static String write(StoredEndpoint endpoint) {
    EndpointSpec spec = endpoint.spec();
    ObjectNode json = JSON.createObjectNode();
    json.put("url", spec.url().toString());
    ArrayNode events = json.putArray("events");
    spec.events().forEach(events::add);
    ObjectNode headers = json.putObject("headers");
    spec.headers().forEach(headers::put);
    ArrayNode retry = json.putArray("retry");
    spec.retry().forEach(wait -> retry.add(wait.toString()));
    json.put("limit", spec.limit());
    json.put("timeout", spec.timeout().toString());
    json.put("description", spec.description());
    spec.secretsFrom().ifPresent(from -> json.put("secretsFrom", from));
    endpoint.off().ifPresent(reason -> json.put("off", reason));
    json.put("createdAt", endpoint.createdAt().toString());
    ArrayNode secrets = json.putArray("secrets");
    endpoint.sealed().forEach(secret -> write(secret, secrets.addObject()));
    return json.toString();
  }

  private static void write(StoredSecret secret, ObjectNode json) {
    json.put("shown", secret.shown());
    secret.until().ifPresent(until -> json.put("until", until.toString()));
    json.put("key", secret.key());
    json.put("sealed", secret.sealed());
  }

  static String write(StoredSecret secret) {
    ObjectNode json = JSON.createObjectNode();
    write(secret, json);
    return json.toString();
  }

  static StoredSecret readSecret(StoredRecord record) {
    return secret(parse(record));
  }

  static StoredEndpoint readEndpoint(StoredRecord record) {
    JsonNode json = parse(record);
    EndpointSpec spec =
        EndpointSpec.of(
                URI.create(json.path("url").asText()),
                list(json.path("events"), JsonNode::asText).toArray(String[]::new))
            .withRetry(list(json.path("retry"), EndpointJson::duration).toArray(Duration[]::new))
            .withLimit(json.path("limit").asInt())
            .withTimeout(duration(json.path("timeout")))
            .withDescription(json.path("description").asText());
    for (Map.Entry<String, JsonNode> header : json.path("headers").properties()) {
      spec = spec.withHeader(header.getKey(), header.getValue().asText());
    }
    Optional<String> from = text(json, "secretsFrom");
    return new StoredEndpoint(
        record.id(),
        record.version(),
        from.isPresent() ? spec.withSecretsFrom(from.get()) : spec,
        text(json, "off"),
        Instant.parse(json.path("createdAt").asText()),
        list(json.path("secrets"), EndpointJson::secret));
  }

  private static StoredSecret secret(JsonNode json) {
    return new StoredSecret(
        json.path("shown").asText(),
        text(json, "until").map(Instant::parse),
        json.path("key").asText(),
        json.path("sealed").asText());
  }

  static String write(EndpointHealth health) {
    ObjectNode json = JSON.createObjectNode();
    json.put("failures", health.failures());
    health.failingSince().ifPresent(since -> json.put("failingSince", since.toString()));
    health.openUntil().ifPresent(until -> json.put("openUntil", until.toString()));
    ArrayNode apart = json.putArray("apart");
    health.apart().forEach(failure -> apart.add(failure.toString()));
    return json.toString();
  }

  static EndpointHealth readHealth(StoredRecord record) {
    JsonNode json = parse(record);
    return new EndpointHealth(
        json.path("failures").asInt(),
        text(json, "failingSince").map(Instant::parse),
        text(json, "openUntil").map(Instant::parse),
        list(json.path("apart"), failure -> Instant.parse(failure.asText())));
  }

  private static JsonNode parse(StoredRecord record) {
    try {
      return JSON.readTree(record.content().json());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(
          "record \"" + record.id() + "\" of kind " + record.kind() + " is no JSON", e);
    }
  }

  private static Optional<String> text(JsonNode json, String name) {
    return Optional.ofNullable(json.get(name)).map(JsonNode::asText);
  }

  private static Duration duration(JsonNode json) {
    return Duration.parse(json.asText());
  }

  private static <T> List<T> list(JsonNode json, Function<JsonNode, T> read) {
    var all = new ArrayList<T>();
    json.forEach(one -> all.add(read.apply(one)));
    return all;
  }
}
