// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.belfry.http.Request;
import dev.belfry.http.Response;
import dev.belfry.http.routing.Requests;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The document that the API ships, held against requests and answers. Stricter than the document:
 * an answer must have no property that its schema does not name, so that none is forgotten there.
 */
final class OpenApi {
  private static final String IRI = "https://belfry.dev/openapi.json";
  private static final String COMPONENTS = "#/components/schemas/";
  private static final String DEFS = "#/$defs/"; // where JSON Schema itself has its schemas
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final OpenApi SHIPPED = new OpenApi(load());

  private final JsonNode document;
  private final SchemaRegistry schemas;

  private OpenApi(JsonNode document) {
    this.document = document;
    ObjectNode strict = JSON.createObjectNode();
    strict.set("$defs", document.at("/components/schemas").deepCopy());
    close(strict);
    String text = strict.toString().replace(COMPONENTS, DEFS);
    this.schemas =
        SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(Map.of(IRI, text)));
  }

  static OpenApi shipped() {
    return SHIPPED;
  }

  private static JsonNode load() {
    try (InputStream in = Api.class.getResourceAsStream("openapi.json")) {
      return JSON.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Has objects whose properties are named take no others. */
  private static void close(JsonNode node) {
    node.forEach(OpenApi::close);
    if (node instanceof ObjectNode object
        && object.path("properties").isObject()
        && object.path("type").asText().equals("object")
        && !object.has("additionalProperties")) {
      object.put("additionalProperties", false);
    }
  }

  JsonNode document() {
    return document;
  }

  /** Returns the operations, as {@code GET /api/v1/runs}, with the scope that each takes. */
  Map<String, String> operations() {
    var operations = new TreeMap<String, String>();
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        operation ->
                            operations.put(
                                operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                                operation.getValue().path("x-scope").asText())));
    return operations;
  }

  /** Checks an answer, and the request if it was a good one. */
  void check(Request request, String body, Response response) {
    JsonNode operation = operationOf(request);
    String what = request.method() + " " + request.path() + " -> " + response.status();
    JsonNode described = operation.path("responses").path(String.valueOf(response.status()));
    assertThat(described.isMissingNode()).as(what + " is not in the document").isFalse();
    JsonNode said = resolve(described);
    said.path("headers")
        .fieldNames()
        .forEachRemaining(
            name -> assertThat(response.headers().one(name)).as(what + ": " + name).isPresent());
    String text = Requests.text(response);
    if (said.path("content").isEmpty()) {
      assertThat(text).as(what + ": the document has no content").isEmpty();
    } else {
      String type = response.headers().one("content-type").orElseThrow().split(";", 2)[0];
      JsonNode content = said.path("content").path(type);
      assertThat(content.isMissingNode()).as(what + ": content of type " + type).isFalse();
      if (type.endsWith("json")) {
        checkJson(what, content.path("schema"), text);
      }
    }
    if (response.status() < 300) {
      checkRequest(what, operation, request, body);
    }
  }

  private void checkRequest(String what, JsonNode operation, Request request, String body) {
    var known = new TreeSet<String>();
    operation.path("parameters").forEach(each -> known.add(resolve(each).path("name").asText()));
    for (String pair : request.query().split("&", -1)) {
      if (!pair.isEmpty()) {
        assertThat(known).as(what + ": parameters").contains(pair.split("=", 2)[0]);
      }
    }
    if (!body.isEmpty()) {
      JsonNode content = resolve(operation.path("requestBody")).at("/content/application~1json");
      assertThat(content.isMissingNode()).as(what + ": takes no body").isFalse();
      checkJson(what + ": body", content.path("schema"), body);
    }
  }

  private void checkJson(String what, JsonNode schema, String text) {
    String reference = schema.path("$ref").asText();
    assertThat(reference).as(what + ": schema").startsWith(COMPONENTS);
    assertThat(
            schemas
                .getSchema(SchemaLocation.of(IRI + reference.replace(COMPONENTS, DEFS)))
                .validate(
                    text,
                    InputFormat.JSON,
                    context -> context.executionConfig(c -> c.formatAssertionsEnabled(true))))
        .as(what + " by " + reference + ": " + text)
        .isEmpty();
  }

  /** Returns whether the document has a path that a request goes to, with its method. */
  boolean has(Request request) {
    return find(request).isPresent();
  }

  private JsonNode operationOf(Request request) {
    return find(request)
        .orElseThrow(() -> new AssertionError("not in the document: " + request.path()));
  }

  private Optional<JsonNode> find(Request request) {
    return document.path("paths").properties().stream()
        .filter(path -> request.path().matches(pattern(path.getKey())))
        .min(Comparator.comparing(path -> path.getKey().replace("{", "~")))
        .map(path -> path.getValue().path(request.method().toLowerCase(Locale.ROOT)))
        .filter(operation -> !operation.isMissingNode());
  }

  private static String pattern(String template) {
    return Pattern.quote(template).replaceAll("\\{[^}]*}", "\\\\E[^/]+\\\\Q");
  }

  private JsonNode resolve(JsonNode node) {
    String reference = node.path("$ref").asText();
    return reference.isEmpty() ? node : document.at(reference.substring(1));
  }
}
