// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a record says.
 *
 * @param json JSON text, at most 64 KiB of UTF-8
 * @param attributes what it can be found by, at most three, each of at most 200 characters; an
 *     attribute is known by its place
 * @param expiresAt when it is no longer there, by the store's clock; cut to microseconds
 */
public record RecordContent(String json, List<String> attributes, Optional<Instant> expiresAt) {
  /** The most bytes of the JSON text: 64 KiB. */
  public static final int MAX_BYTES = 64 * 1024;

  /** The most attributes. */
  public static final int MAX_ATTRIBUTES = 3;

  /** Checks the sizes, copies the attributes. */
  public RecordContent {
    attributes = List.copyOf(attributes);
    expiresAt = Commit.micros(expiresAt);
    Bound.text("JSON text of a record", json, MAX_BYTES);
    int bytes = json.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_BYTES) {
      throw new IllegalArgumentException(
          "JSON text of a record must have at most " + MAX_BYTES + " bytes, had " + bytes);
    }
    if (attributes.size() > MAX_ATTRIBUTES) {
      throw new IllegalArgumentException(
          "a record must have at most " + MAX_ATTRIBUTES + " attributes, had " + attributes.size());
    }
    attributes.forEach(attribute -> Bound.text("attribute of a record", attribute, Bound.NAME));
  }

  /** Returns content that is found by its id alone and stays. */
  public static RecordContent of(String json) {
    return new RecordContent(json, List.of(), Optional.empty());
  }

  /** Returns this content with other attributes. */
  public RecordContent withAttributes(String... newAttributes) {
    return new RecordContent(json, List.of(newAttributes), expiresAt);
  }

  /** Returns this content with a time at which the record is no longer there. */
  public RecordContent until(Instant newExpiresAt) {
    return new RecordContent(json, attributes, Optional.of(newExpiresAt));
  }
}
