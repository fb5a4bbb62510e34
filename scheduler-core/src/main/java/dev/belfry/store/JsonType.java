// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import static java.util.stream.Collectors.joining;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A declared type without variables and wildcards: a class and its type arguments; for an array,
 * its element is the only argument.
 */
record JsonType(Class<?> raw, List<JsonType> arguments) {
  static JsonType of(Type type, Map<TypeVariable<?>, JsonType> variables) {
    if (type instanceof Class<?> plain) {
      return plain.isArray()
          ? arrayOf(of(plain.getComponentType(), variables))
          : new JsonType(plain, List.of());
    } else if (type instanceof ParameterizedType generic) {
      return new JsonType(
          (Class<?>) generic.getRawType(),
          Stream.of(generic.getActualTypeArguments()).map(each -> of(each, variables)).toList());
    } else if (type instanceof GenericArrayType array) {
      return arrayOf(of(array.getGenericComponentType(), variables));
    } else if (type instanceof WildcardType wildcard) {
      return of(wildcard.getUpperBounds()[0], variables);
    }
    return variables.getOrDefault(type, new JsonType(Object.class, List.of()));
  }

  private static JsonType arrayOf(JsonType element) {
    return new JsonType(element.raw.arrayType(), List.of(element));
  }

  /** Returns the type arguments by the class's type parameters; none if it is raw. */
  Map<TypeVariable<?>, JsonType> variables() {
    Map<TypeVariable<?>, JsonType> variables = new HashMap<>();
    for (int i = 0; i < arguments.size() && !raw.isArray(); i++) {
      variables.put(raw.getTypeParameters()[i], arguments.get(i));
    }
    return variables;
  }

  boolean isRaw() {
    return !raw.isArray() && raw.getTypeParameters().length != arguments.size();
  }

  JsonType argument(int index) {
    return arguments.get(index);
  }

  @Override
  public String toString() {
    return arguments.isEmpty() || raw.isArray()
        ? raw.getTypeName()
        : raw.getTypeName()
            + arguments.stream().map(JsonType::toString).collect(joining(", ", "<", ">"));
  }
}
