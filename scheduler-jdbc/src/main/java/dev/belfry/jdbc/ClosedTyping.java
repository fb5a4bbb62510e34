// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.Version;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.annotation.JsonTypeIdResolver;
import com.fasterxml.jackson.databind.annotation.JsonTypeResolver;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.NopAnnotationIntrospector;
import com.fasterxml.jackson.databind.jsontype.TypeResolverBuilder;
import org.jspecify.annotations.Nullable;

/** Refuses annotations that would take a class from the data; says nothing on all else. */
final class ClosedTyping extends NopAnnotationIntrospector {
  private static final long serialVersionUID = 1L;

  @Override
  public Version version() {
    return Version.unknownVersion();
  }

  @Override
  public @Nullable TypeResolverBuilder<?> findTypeResolver(
      MapperConfig<?> config, AnnotatedClass type, JavaType baseType) {
    return requireClosed(type);
  }

  @Override
  public @Nullable TypeResolverBuilder<?> findPropertyTypeResolver(
      MapperConfig<?> config, AnnotatedMember member, JavaType baseType) {
    return requireClosed(member);
  }

  @Override
  public @Nullable TypeResolverBuilder<?> findPropertyContentTypeResolver(
      MapperConfig<?> config, AnnotatedMember member, JavaType containerType) {
    return requireClosed(member);
  }

  private static @Nullable TypeResolverBuilder<?> requireClosed(Annotated annotated) {
    JsonTypeInfo info = annotated.getAnnotation(JsonTypeInfo.class);
    boolean open =
        annotated.hasAnnotation(JsonTypeResolver.class)
            || annotated.hasAnnotation(JsonTypeIdResolver.class)
            || (info != null && isOpen(info.use()));
    if (open) {
      String name =
          annotated instanceof AnnotatedMember member ? member.getFullName() : annotated.getName();
      throw new IllegalArgumentException(
          name
              + " takes class names from stored data; name the subtypes with"
              + " @JsonTypeInfo(use = NAME) and @JsonSubTypes instead");
    }
    return null;
  }

  private static boolean isOpen(JsonTypeInfo.Id use) {
    return switch (use) {
      case CLASS, MINIMAL_CLASS, CUSTOM -> true;
      default -> false;
    };
  }
}
