// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.TypeRef;
import java.lang.invoke.MethodType;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Finds the forms of one declared type and all types in it, or refuses it. */
final class JsonForms {
  private static final String JACKSON = "com.fasterxml.jackson.";

  private final TypeRef<?> root;
  private final Map<JsonType, JsonRecord> records = new HashMap<>();

  private JsonForms(TypeRef<?> root) {
    this.root = root;
  }

  static JsonForm of(TypeRef<?> root) {
    var forms = new JsonForms(root);
    return forms.form(JsonType.of(root.type(), Map.of()), CodecException.shortName(root), 0);
  }

  /*
   * The depth is that of the types, not of a value: record R<T>(R<List<T>> next) is a new type at
   * each level and would never end.
   */
  private JsonForm form(JsonType type, String path, int depth) {
    Class<?> raw = type.raw();
    if (depth > JsonReader.MAX_DEPTH) {
      throw refused(type, path, "is nested deeper than " + JsonReader.MAX_DEPTH + " levels");
    } else if (type.isRaw()) {
      throw refused(type, path, "lacks its type arguments; write them out");
    } else if (raw.isPrimitive()) {
      return JsonScalars.of(MethodType.methodType(raw).wrap().returnType()).required();
    } else if (JsonScalars.knows(raw)) {
      return JsonScalars.of(raw);
    } else if (raw.isEnum()) {
      return enumeration(type, path);
    } else if (raw.isRecord()) {
      return record(type, path, depth);
    }
    return container(type, path, depth);
  }

  private JsonForm container(JsonType type, String path, int depth) {
    Class<?> raw = type.raw();
    if (raw.isArray()) {
      return JsonSequence.ofArray(raw, form(type.argument(0), path + "[]", depth + 1));
    } else if (raw == List.class || raw == Collection.class) {
      return JsonSequence.ofList(raw, form(type.argument(0), path + "[]", depth + 1));
    } else if (raw == Set.class) {
      return JsonSequence.ofSet(form(type.argument(0), path + "[]", depth + 1));
    } else if (raw == Map.class) {
      JsonScalar key = key(type.argument(0), path);
      return new JsonMap(key, form(type.argument(1), path + "[]", depth + 1));
    } else if (raw == Optional.class) {
      return optional(type.argument(0), path, depth);
    }
    throw refused(
        type,
        path,
        "is not supported by the standard codec (records, lists, maps with string keys, scalars,"
            + " java.time); add scheduler-jdbc for its Jackson codec or use a record");
  }

  private JsonScalar key(JsonType type, String path) {
    if (type.raw().isEnum()) {
      return enumeration(type, path + "[key]");
    } else if (type.raw() == String.class) {
      return JsonScalars.of(String.class);
    }
    throw refused(
        type,
        path + "[key]",
        "is not supported as a key of a map by the standard codec; use a string or an enum");
  }

  private JsonForm optional(JsonType content, String path, int depth) {
    if (content.raw() == Optional.class) {
      throw refused(
          content, path, "is inside another Optional, which JSON can't tell from an empty one");
    }
    return new JsonOptional(form(content, path, depth + 1));
  }

  private JsonScalar enumeration(JsonType type, String path) {
    Class<?> raw = type.raw();
    requirePlain(type, path, raw);
    requirePlain(type, path, raw.getDeclaredFields());
    requirePlain(type, path, raw.getDeclaredMethods());
    return JsonScalars.ofEnum(raw);
  }

  private JsonForm record(JsonType type, String path, int depth) {
    JsonRecord known = records.get(type);
    if (known != null) {
      return known;
    }
    JsonRecord form = open(type, path);
    records.put(type, form);
    RecordComponent[] components = form.components();
    for (int i = 0; i < components.length; i++) {
      JsonType component = JsonType.of(components[i].getGenericType(), type.variables());
      form.with(i, form(component, path + "." + components[i].getName(), depth + 1));
    }
    return form;
  }

  private JsonRecord open(JsonType type, String path) {
    Class<?> raw = type.raw();
    requirePlain(type, path, raw);
    requirePlain(type, path, raw.getDeclaredFields());
    requirePlain(type, path, raw.getDeclaredMethods());
    for (Constructor<?> constructor : raw.getDeclaredConstructors()) {
      requirePlain(type, path, constructor);
      requirePlain(type, path, constructor.getParameters());
    }
    JsonRecord form = JsonRecord.of(raw);
    if (form == null) {
      throw refused(
          type,
          path,
          "is in a package that its module does not open; add \"opens "
              + raw.getPackageName()
              + " to dev.belfry;\" to the module-info of "
              + raw.getModule().getName());
    }
    return form;
  }

  private void requirePlain(JsonType type, String path, AnnotatedElement... elements) {
    boolean annotated =
        Stream.of(elements)
            .flatMap(element -> Stream.of(element.getAnnotations()))
            .anyMatch(each -> each.annotationType().getName().startsWith(JACKSON));
    if (annotated) {
      throw refused(
          type,
          path,
          "has Jackson annotations, which the standard codec would ignore; add scheduler-jdbc for"
              + " its Jackson codec or remove them");
    }
  }

  private CodecException refused(JsonType type, String path, String reason) {
    String place = path.equals(CodecException.shortName(root)) ? "" : " at " + path;
    return CodecException.unsupported(root, path, "type " + type + place + " " + reason);
  }
}
