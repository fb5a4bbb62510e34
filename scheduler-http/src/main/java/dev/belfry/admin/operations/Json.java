// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Optional;

/** Writes small JSON objects of the audit log. Values but numbers and switches are their text. */
final class Json {
  private final ObjectNode node = JsonNodeFactory.instance.objectNode();

  private Json() {}

  static Json object() {
    return new Json();
  }

  Json put(String name, Object value) {
    node.put(name, value.toString());
    return this;
  }

  Json put(String name, long value) {
    node.put(name, value);
    return this;
  }

  Json put(String name, boolean value) {
    node.put(name, value);
    return this;
  }

  Json put(String name, Optional<?> value) {
    value.ifPresent(present -> put(name, present));
    return this;
  }

  Json put(String name, Collection<?> values) {
    ArrayNode array = node.putArray(name);
    values.forEach(value -> array.add(value.toString()));
    return this;
  }

  String text() {
    return node.toString();
  }
}
