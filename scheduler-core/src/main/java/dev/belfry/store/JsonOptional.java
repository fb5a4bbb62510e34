// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import java.util.Optional;

/** The form of an optional value: that of the value, or null. */
final class JsonOptional extends JsonForm {
  private final JsonForm content;

  JsonOptional(JsonForm content) {
    super(Optional.class, content.title);
    this.content = content;
  }

  @Override
  void write(JsonWriter out, Object value) {
    content.put(out, ((Optional<?>) value).orElse(null));
  }

  @Override
  Object read(JsonReader in) {
    return Optional.of(content.read(in));
  }

  @Override
  Object absent(String was) {
    return Optional.empty();
  }
}
