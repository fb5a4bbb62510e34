// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.belfry.run.TypeRef;
import dev.belfry.store.Codec;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;

/**
 * What an endpoint is told. Sent as Standard Webhooks has it: {@code {"type": …, "timestamp": …,
 * "data": …}}.
 *
 * @param id tells it from others, the same however often it is sent; 1 to 200 visible ASCII
 *     characters without a dot
 * @param type what has happened, say {@code order.paid}
 * @param timestamp when it was made
 * @param data JSON, sent as it is
 */
public record WebhookMessage(String id, String type, Instant timestamp, String data) {
  private static final Codec JSON = Codec.standard();

  /** Refuses null and an id of another form. */
  public WebhookMessage {
    WebhookSigner.checkId(id);
    requireNonNull(type, "type");
    requireNonNull(timestamp, "timestamp");
    requireNonNull(data, "data");
  }

  /**
   * Returns a message with an id of its own, of now.
   *
   * @param data JSON, sent as it is
   */
  public static WebhookMessage of(String type, String data) {
    return at(InstantSource.system(), type, data);
  }

  static WebhookMessage at(InstantSource clock, String type, String data) {
    return new WebhookMessage("msg_" + UUID.randomUUID(), type, clock.instant(), data);
  }

  /** Returns the data of an event as JSON. */
  static String json(Object data) {
    return json(data.getClass(), data);
  }

  private static <T> String json(Class<T> type, Object value) {
    return new String(JSON.encode(TypeRef.of(type), type.cast(value)), UTF_8);
  }

  /** Returns the bytes that are sent. */
  byte[] body() {
    String head = json(String.class, type) + ",\"timestamp\":\"" + timestamp + "\",\"data\":";
    return ("{\"type\":" + head + data + "}").getBytes(UTF_8);
  }
}
