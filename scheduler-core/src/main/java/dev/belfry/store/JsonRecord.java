// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import static java.util.Objects.requireNonNull;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The form of a record: an object with its components in their order. */
final class JsonRecord extends JsonForm {
  private final String name;
  private final Constructor<?> constructor;
  private final RecordComponent[] components;
  private final Method[] accessors;
  private final Map<String, Integer> indexes = new HashMap<>();

  /** Filled by {@link #with}, before the codec publishes the form; a record may hold itself. */
  private final JsonForm[] forms;

  private JsonRecord(Class<?> type, Constructor<?> constructor) {
    super(type, "an object");
    this.name = type.getSimpleName();
    this.constructor = constructor;
    this.components = type.getRecordComponents();
    this.accessors = Stream.of(components).map(RecordComponent::getAccessor).toArray(Method[]::new);
    this.forms = new JsonForm[components.length];
    for (int i = 0; i < components.length; i++) {
      indexes.put(components[i].getName(), i);
    }
  }

  /**
   * Returns the form, its components still to be given by {@link #with}, or null if the module of
   * the record does not open its package.
   */
  static @Nullable JsonRecord of(Class<?> type) {
    Constructor<?> constructor = canonical(type);
    boolean open = constructor.trySetAccessible();
    var form = new JsonRecord(type, constructor);
    for (Method accessor : form.accessors) {
      open &= accessor.trySetAccessible();
    }
    return open ? form : null;
  }

  void with(int index, JsonForm form) {
    forms[index] = form;
  }

  RecordComponent[] components() {
    return components;
  }

  @Override
  void write(JsonWriter out, Object value) {
    out.begin('{');
    for (int i = 0; i < forms.length; i++) {
      try {
        out.name(i == 0, components[i].getName());
        forms[i].put(out, component(accessors[i], value));
      } catch (JsonFault fault) {
        throw fault.inProperty(components[i].getName());
      }
    }
    out.end('}');
  }

  @Override
  Object read(JsonReader in) {
    require(JsonReader.Kind.OBJECT, in);
    var values = new @Nullable Object[forms.length];
    var seen = new boolean[forms.length];
    Set<String> unknown = new HashSet<>();
    in.begin();
    for (String property = in.nextName(); property != null; property = in.nextName()) {
      Integer index = indexes.get(property);
      boolean first = index == null ? unknown.add(property) : !seen[index];
      if (!first) {
        throw JsonReader.duplicate(property);
      }
      if (index != null) {
        seen[index] = true;
      }
      readProperty(in, property, values);
    }
    fillIn(values, seen);
    return construct(values);
  }

  private void readProperty(JsonReader in, String property, @Nullable Object[] values) {
    Integer index = indexes.get(property);
    try {
      if (index == null) {
        in.skip();
      } else {
        values[index] = forms[index].take(in);
      }
    } catch (JsonFault fault) {
      throw fault.inProperty(property);
    }
  }

  private static Constructor<?> canonical(Class<?> type) {
    Stream<RecordComponent> components = Stream.of(type.getRecordComponents());
    try {
      return type.getDeclaredConstructor(
          components.map(RecordComponent::getType).toArray(Class<?>[]::new));
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("a record without its canonical constructor", e);
    }
  }

  private void fillIn(@Nullable Object[] values, boolean[] seen) {
    for (int i = 0; i < values.length; i++) {
      if (!seen[i]) {
        try {
          values[i] = forms[i].absent("missing");
        } catch (JsonFault fault) {
          throw fault.inProperty(components[i].getName());
        }
      }
    }
  }

  private Object construct(@Nullable Object[] values) {
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw thrown("constructor", e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private @Nullable Object component(Method accessor, Object value) {
    try {
      return accessor.invoke(value);
    } catch (InvocationTargetException e) {
      throw thrown("accessor", e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private JsonFault thrown(String member, InvocationTargetException thrown) {
    Throwable cause = requireNonNull(thrown.getCause());
    if (cause instanceof Error error) {
      throw error;
    }
    String failure = cause.getClass().getSimpleName() + ": " + message(cause);
    return new JsonFault(member + " of " + name + " threw " + failure, cause);
  }

  private static String message(Throwable thrown) {
    try {
      return JsonFault.shortened(String.valueOf(thrown.getMessage()));
    } catch (RuntimeException e) {
      return "no message, as getMessage() threw too";
    }
  }
}
