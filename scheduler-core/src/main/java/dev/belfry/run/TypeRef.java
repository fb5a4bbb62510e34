// SPDX-License-Identifier: Apache-2.0
package dev.belfry.run;

import static java.util.Objects.requireNonNull;

import java.lang.invoke.MethodType;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import org.jspecify.annotations.Nullable;

/**
 * A type written out in full, type arguments included, so that stored bytes can be read back as
 * what they were: {@code new TypeRef<List<Order>>() {}}, or {@code TypeRef.of(Order.class)} where
 * there are no type arguments.
 *
 * <p>Raw types and type variables are refused: what they stand for is not known at run time. Two
 * references are equal if their types are. Immutable and thread-safe.
 *
 * @param <T> the type
 */
public abstract class TypeRef<T extends @Nullable Object> {
  private static final String EXAMPLE = "as in new TypeRef<List<String>>() {}";

  private final Type type;

  /**
   * Captures the type argument of the anonymous subclass that is being created.
   *
   * @throws IllegalArgumentException if the type argument is missing, holds a raw type or a type
   *     variable, or if the class does not extend {@code TypeRef} directly
   */
  protected TypeRef() {
    this.type = complete(captured(getClass()));
  }

  private TypeRef(Type type) {
    this.type = type;
  }

  /**
   * Returns the reference to a class without type parameters. A primitive type gives that of its
   * wrapper.
   *
   * @throws IllegalArgumentException if the class has type parameters
   */
  public static <T> TypeRef<T> of(Class<T> type) {
    requireNonNull(type, "type");
    return new Plain<>(complete(MethodType.methodType(type).wrap().returnType()));
  }

  /** Returns the type: a class, or a parameterised or array type without type variables. */
  public final Type type() {
    return type;
  }

  @Override
  public final boolean equals(@Nullable Object other) {
    return other instanceof TypeRef<?> that && type.equals(that.type);
  }

  @Override
  public final int hashCode() {
    return type.hashCode();
  }

  /** Returns the name of the type with packages, such as {@code java.util.List<x.Order>}. */
  @Override
  public final String toString() {
    return type.getTypeName();
  }

  private static Type captured(Class<?> subclass) {
    if (subclass.getSuperclass() != TypeRef.class) {
      throw new IllegalArgumentException(
          subclass.getName() + " must extend TypeRef directly, " + EXAMPLE);
    }
    if (subclass.getGenericSuperclass() instanceof ParameterizedType parent) {
      return parent.getActualTypeArguments()[0];
    }
    throw new IllegalArgumentException("TypeRef needs its type argument, " + EXAMPLE);
  }

  private static Type complete(Type type) {
    if (type instanceof Class<?> plain) {
      requireNotRaw(plain);
    } else if (type instanceof ParameterizedType generic) {
      completeAll(generic.getActualTypeArguments());
    } else if (type instanceof GenericArrayType array) {
      complete(array.getGenericComponentType());
    } else if (type instanceof WildcardType wildcard) {
      completeAll(wildcard.getUpperBounds());
      completeAll(wildcard.getLowerBounds());
    } else if (type instanceof TypeVariable<?> variable) {
      throw new IllegalArgumentException(
          "type variable "
              + variable
              + " is not known at run time; write the type out, "
              + EXAMPLE);
    }
    return type;
  }

  private static void completeAll(Type[] types) {
    for (Type type : types) {
      complete(type);
    }
  }

  private static void requireNotRaw(Class<?> type) {
    if (type.isArray()) {
      requireNotRaw(type.getComponentType());
    } else if (type.getTypeParameters().length > 0) {
      throw new IllegalArgumentException(
          type.getTypeName() + " lacks its type arguments; write them out, " + EXAMPLE);
    }
  }

  private static final class Plain<T> extends TypeRef<T> {
    Plain(Type type) {
      super(type);
    }
  }
}
