// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The form of a map: an object with a property for each entry, in the order of iteration. */
final class JsonMap extends JsonForm {
  private final JsonScalar key;
  private final JsonForm value;

  JsonMap(JsonScalar key, JsonForm value) {
    super(Map.class, "an object");
    this.key = key;
    this.value = value;
  }

  @Override
  void write(JsonWriter out, Object map) {
    out.begin('{');
    boolean first = true;
    for (Map.Entry<?, ?> entry : ((Map<?, ?>) map).entrySet()) {
      String name = name(entry.getKey());
      try {
        out.name(first, name);
        value.put(out, entry.getValue());
      } catch (JsonFault fault) {
        throw fault.inProperty(name);
      }
      first = false;
    }
    out.end('}');
  }

  @Override
  Object read(JsonReader in) {
    require(JsonReader.Kind.OBJECT, in);
    Map<Object, @Nullable Object> entries = new LinkedHashMap<>();
    in.begin();
    for (String name = in.nextName(); name != null; name = in.nextName()) {
      try {
        readEntry(in, name, entries);
      } catch (JsonFault fault) {
        throw fault.inProperty(name);
      }
    }
    return Collections.unmodifiableMap(entries);
  }

  private void readEntry(JsonReader in, String name, Map<Object, @Nullable Object> entries) {
    Object parsed = key.parse(name);
    if (entries.containsKey(parsed)) {
      throw new JsonFault("this key occurs twice");
    }
    entries.put(parsed, value.take(in));
  }

  private String name(@Nullable Object mapKey) {
    if (!key.type.isInstance(mapKey)) {
      String was = mapKey == null ? "null" : mapKey.getClass().getTypeName();
      throw JsonReader.mismatch("a key of type " + key.type.getTypeName(), was);
    }
    return key.name(mapKey);
  }
}
