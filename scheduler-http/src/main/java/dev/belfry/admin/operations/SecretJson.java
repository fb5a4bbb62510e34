// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Hides secrets in JSON text, token by token, so that a text whose end is missing is shown too. */
final class SecretJson {
  private static final JsonFactory JSON = new JsonFactory();

  /** How core marks what it has cut. */
  private static final String CUT = "… (cut)";

  private final Predicate<String> secretKey;
  private final UnaryOperator<String> texts;

  SecretJson(Predicate<String> secretKey, UnaryOperator<String> texts) {
    this.secretKey = secretKey;
    this.texts = texts;
  }

  Shown shown(String text, String codec, long bytes) {
    boolean cut = text.endsWith(CUT);
    String whole = cut ? text.substring(0, text.length() - CUT.length()) : text;
    var out = new StringWriter(whole.length());
    boolean read;
    try (JsonParser from = JSON.createParser(whole);
        JsonGenerator to = JSON.createGenerator(out)) {
      read = new Copy(from, to).all(cut);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // there is no stream that could fail
    }
    Optional<String> json = Optional.of(out.toString()).filter(shown -> read && !shown.isEmpty());
    return new Shown(json, codec, bytes, cut && json.isPresent());
  }

  /** One text. A name is written with its value, so that what is written can always be closed. */
  private final class Copy {
    private final JsonParser from;
    private final JsonGenerator to;
    private @Nullable String name;

    Copy(JsonParser from, JsonGenerator to) {
      this.from = from;
      this.to = to;
    }

    /** Returns whether it was JSON, or the beginning of it. */
    boolean all(boolean cut) throws IOException {
      try {
        JsonToken token = from.nextToken();
        while (token != null) {
          one(token);
          boolean over = from.getParsingContext().inRoot();
          token = from.nextToken();
          if (over && token != null) {
            return false;
          }
        }
        return true;
      } catch (JsonProcessingException broken) {
        return cut;
      }
    }

    private void one(JsonToken token) throws IOException {
      if (token == JsonToken.FIELD_NAME) {
        name = from.currentName();
      } else if (name != null && token != JsonToken.VALUE_NULL && secretKey.test(name)) {
        from.skipChildren();
        writeName();
        to.writeString(Redaction.HIDDEN);
      } else {
        value(token);
      }
    }

    private void writeName() throws IOException {
      if (name != null) {
        to.writeFieldName(texts.apply(name));
        name = null;
      }
    }

    private void value(JsonToken token) throws IOException {
      String text = token == JsonToken.VALUE_STRING ? texts.apply(from.getText()) : "";
      writeName();
      switch (token) {
        case START_OBJECT -> to.writeStartObject();
        case END_OBJECT -> to.writeEndObject();
        case START_ARRAY -> to.writeStartArray();
        case END_ARRAY -> to.writeEndArray();
        case VALUE_STRING -> to.writeString(text);
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> to.writeNumber(from.getText()); // exact
        case VALUE_TRUE, VALUE_FALSE -> to.writeBoolean(token == JsonToken.VALUE_TRUE);
        default -> to.writeNull();
      }
    }
  }
}
