// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import static dev.belfry.store.JsonReader.Kind.STRING;

import java.util.function.Function;

/** The form of a value that is one string, number or boolean. */
final class JsonScalar extends JsonForm {
  private final JsonReader.Kind kind;
  private final Function<Object, String> print;
  private final Function<String, ?> parse;

  private JsonScalar(
      Class<?> type,
      String title,
      JsonReader.Kind kind,
      Function<Object, String> print,
      Function<String, ?> parse) {
    super(type, title);
    this.kind = kind;
    this.print = print;
    this.parse = parse;
  }

  /**
   * Returns the form with this text.
   *
   * @param parse throws any unchecked exception for a text that is not one of the type's
   */
  static <T> JsonScalar of(
      Class<T> type,
      String title,
      JsonReader.Kind kind,
      Function<? super T, String> print,
      Function<String, ? extends T> parse) {
    return new JsonScalar(type, title, kind, value -> print.apply(type.cast(value)), parse);
  }

  @Override
  void write(JsonWriter out, Object value) {
    String text = print.apply(value);
    if (kind == STRING) {
      out.string(text);
    } else {
      out.number(text);
    }
  }

  @Override
  Object read(JsonReader in) {
    require(kind, in);
    return parse(in.scalar());
  }

  /** Returns the text as a property name. */
  String name(Object value) {
    return print.apply(value);
  }

  /** Returns the value with this text. */
  Object parse(String text) {
    try {
      return parse.apply(text);
    } catch (RuntimeException e) {
      boolean quoted = kind == STRING;
      throw JsonReader.mismatch(title, quoted ? JsonFault.quoted(text) : JsonFault.shortened(text));
    }
  }
}
