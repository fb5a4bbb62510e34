// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import org.jspecify.annotations.Nullable;

/** The form in which the values of one type are written. Thread-safe once its codec has it. */
abstract class JsonForm {
  final Class<?> type;
  final String title;

  /**
   * @param type the class of the values, never primitive
   * @param title what a message says was expected, such as {@code a number}
   */
  JsonForm(Class<?> type, String title) {
    this.type = type;
    this.title = title;
  }

  abstract void write(JsonWriter out, Object value);

  abstract Object read(JsonReader in);

  /** Returns the value that stands for null and for a missing property, or refuses. */
  @Nullable Object absent(String was) {
    return null;
  }

  final void put(JsonWriter out, @Nullable Object value) {
    if (value == null) {
      out.literal("null");
    } else if (type.isInstance(value)) {
      write(out, value);
    } else {
      throw JsonReader.mismatch(type.getTypeName(), value.getClass().getTypeName());
    }
  }

  final @Nullable Object take(JsonReader in) {
    if (in.peek() == JsonReader.Kind.NULL) {
      return absent(in.scalar());
    }
    return read(in);
  }

  final void require(JsonReader.Kind kind, JsonReader in) {
    if (in.peek() != kind) {
      throw in.expected(title);
    }
  }

  /** Returns this form for a primitive, which is never absent. */
  final JsonForm required() {
    JsonForm form = this;
    return new JsonForm(type, title) {
      @Override
      void write(JsonWriter out, Object value) {
        form.write(out, value);
      }

      @Override
      Object read(JsonReader in) {
        return form.read(in);
      }

      @Override
      Object absent(String was) {
        throw JsonReader.mismatch(title, was);
      }
    };
  }
}
