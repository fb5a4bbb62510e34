// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import static java.util.Objects.requireNonNull;

import dev.belfry.run.TypeRef;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The standard codec. Thread-safe. */
final class JsonCodec implements Codec {
  private final Map<Type, JsonForm> forms = new ConcurrentHashMap<>();

  @Override
  public String id() {
    return "json";
  }

  @Override
  public void check(TypeRef<?> type) {
    form(type);
  }

  @Override
  public <T extends @Nullable Object> byte[] encode(TypeRef<T> type, T value) {
    JsonForm form = form(type);
    try {
      var out = new JsonWriter();
      form.put(out, value);
      return out.toBytes();
    } catch (JsonFault fault) {
      throw caused(CodecException.encode(type, fault.path(), fault.problem()), fault);
    }
  }

  @Override
  @SuppressWarnings("NullAway") // whoever wrote a null asked for a T that may be null
  public <T extends @Nullable Object> T decode(TypeRef<T> type, byte[] bytes) {
    JsonForm form = form(type);
    try {
      var in = JsonReader.of(requireNonNull(bytes, "bytes"));
      @Nullable Object value = form.take(in);
      in.end();
      @SuppressWarnings("unchecked") // the form is that of T
      T result = (T) value;
      return result;
    } catch (JsonFault fault) {
      throw caused(CodecException.decode(type, fault.path(), fault.problem()), fault);
    }
  }

  private JsonForm form(TypeRef<?> type) {
    return forms.computeIfAbsent(type.type(), key -> JsonForms.of(type));
  }

  private static CodecException caused(CodecException failure, JsonFault fault) {
    Throwable cause = fault.getCause();
    return cause == null ? failure : failure.causedBy(cause);
  }
}
