// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.TypeRef;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Types in words that may be stored: those of the JDK by their names, those of the application
 * without, so that they may be renamed.
 */
final class TypeWords {
  private static final int MAX = 200;

  private TypeWords() {}

  static String of(TypeRef<?> type) {
    if (type.equals(JobBuilder.VOID)) {
      return "nothing";
    }
    String words = words(type.type());
    return words.length() > MAX ? words.substring(0, MAX) : words;
  }

  private static String words(Type type) {
    if (type instanceof ParameterizedType generic) {
      return Arrays.stream(generic.getActualTypeArguments())
          .map(TypeWords::words)
          .collect(Collectors.joining(", ", words(generic.getRawType()) + "<", ">"));
    } else if (type instanceof GenericArrayType array) {
      return words(array.getGenericComponentType()) + "[]";
    } else if (type instanceof Class<?> plain) {
      return plain.isArray() ? words(plain.getComponentType()) + "[]" : name(plain);
    }
    return "?";
  }

  private static String name(Class<?> type) {
    boolean known = type.isPrimitive() || type.getName().startsWith("java.");
    return known ? type.getSimpleName() : type.isEnum() ? "enum" : "object";
  }
}
