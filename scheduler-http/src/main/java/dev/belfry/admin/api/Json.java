// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import dev.belfry.http.Response;
import dev.belfry.http.routing.Problem;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * How the API writes and reads JSON. What a program may not read exactly is a string: numbers of 64
 * bits, instants (RFC 3339, UTC), durations (ISO-8601). What has no value is left out.
 */
final class Json {
  private static final String TYPE = "application/json";

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .addModule(
              new SimpleModule()
                  .addSerializer(Long.class, ToStringSerializer.instance)
                  .addSerializer(long.class, ToStringSerializer.instance)
                  .addSerializer(Instant.class, ToStringSerializer.instance)
                  .addSerializer(Duration.class, ToStringSerializer.instance)
                  .addSerializer(UUID.class, ToStringSerializer.instance))
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .configure(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES, false)
          .build();

  private Json() {}

  /** Returns the text of a view, in UTF-8. */
  static byte[] bytes(Object view) {
    try {
      return MAPPER.writeValueAsString(view).getBytes(UTF_8); // mends what is no Unicode
    } catch (JsonProcessingException impossible) { // views are records of strings and numbers
      throw new IllegalStateException("cannot write " + view.getClass(), impossible);
    }
  }

  /** Answers with a view. */
  static Response response(int status, Object view) {
    return Response.of(status, TYPE, bytes(view));
  }

  /** Answers 200 with a view. */
  static Response ok(Object view) {
    return response(200, view);
  }

  /** Answers with text that is JSON already. */
  static Response written(int status, byte[] json) {
    return Response.of(status, TYPE, json);
  }

  /**
   * Reads what somebody sent.
   *
   * @throws Problem 400 if it is not JSON
   */
  static JsonNode read(byte[] text) {
    JsonNode node;
    try {
      node = MAPPER.readTree(text);
    } catch (JsonProcessingException broken) {
      throw malformed(broken);
    } catch (IOException broken) { // of the encoding
      throw Problem.of(400, "malformed", "the body must be JSON in UTF-8");
    }
    if (node.isMissingNode()) {
      throw Problem.of(400, "malformed", "the body is empty; it must be a JSON object");
    }
    return node;
  }

  private static Problem malformed(JsonProcessingException broken) {
    var at = broken.getLocation();
    String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
    return Problem.of(400, "malformed", "the body is not JSON" + where);
  }

  /** Returns the empty object. */
  static JsonNode nothing() {
    return MAPPER.createObjectNode();
  }

  /** Returns JSON text as what it says; as a string if it is no JSON. */
  static JsonNode tree(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException noJson) {
      return MAPPER.getNodeFactory().textNode(text);
    }
  }

  /** Returns the text of a tree, as a codec reads it. */
  static String text(JsonNode node) {
    return new String(bytes(node), UTF_8);
  }
}
