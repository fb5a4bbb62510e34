// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The form of lists, sets and arrays: a JSON array in the order of iteration. */
final class JsonSequence extends JsonForm {
  private final JsonForm element;
  private final Function<Object, Iterable<?>> open;
  private final Function<List<@Nullable Object>, Object> close;

  private JsonSequence(
      Class<?> type,
      JsonForm element,
      Function<Object, Iterable<?>> open,
      Function<List<@Nullable Object>, Object> close) {
    super(type, "an array");
    this.element = element;
    this.open = open;
    this.close = close;
  }

  static JsonForm ofList(Class<?> type, JsonForm element) {
    return new JsonSequence(
        type, element, value -> (Collection<?>) value, Collections::unmodifiableList);
  }

  static JsonForm ofSet(JsonForm element) {
    return new JsonSequence(
        Set.class,
        element,
        value -> (Collection<?>) value,
        list -> Collections.unmodifiableSet(new LinkedHashSet<>(list)));
  }

  static JsonForm ofArray(Class<?> type, JsonForm element) {
    return new JsonSequence(
        type, element, JsonSequence::elements, list -> array(type.getComponentType(), list));
  }

  @Override
  void write(JsonWriter out, Object value) {
    out.begin('[');
    int index = 0;
    for (Object each : open.apply(value)) {
      out.next(index == 0);
      try {
        element.put(out, each);
      } catch (JsonFault fault) {
        throw fault.inElement(index);
      }
      index++;
    }
    out.end(']');
  }

  @Override
  Object read(JsonReader in) {
    require(JsonReader.Kind.ARRAY, in);
    List<@Nullable Object> elements = new ArrayList<>();
    in.begin();
    while (in.nextElement()) {
      try {
        elements.add(element.take(in));
      } catch (JsonFault fault) {
        throw fault.inElement(elements.size());
      }
    }
    return close.apply(elements);
  }

  private static List<?> elements(Object array) {
    var elements = new ArrayList<@Nullable Object>();
    for (int i = 0; i < Array.getLength(array); i++) {
      elements.add(Array.get(array, i));
    }
    return elements;
  }

  private static Object array(Class<?> component, List<@Nullable Object> elements) {
    Object array = Array.newInstance(component, elements.size());
    for (int i = 0; i < elements.size(); i++) {
      Array.set(array, i, elements.get(i));
    }
    return array;
  }
}
