// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static dev.belfry.admin.dashboard.Html.all;
import static dev.belfry.admin.dashboard.Html.each;
import static dev.belfry.admin.dashboard.Html.tag;
import static dev.belfry.admin.dashboard.Html.text;
import static dev.belfry.admin.dashboard.Html.when;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.belfry.admin.operations.Shown;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Map;

/** Data of the application, set out to be read. */
final class Data {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int SHORT = 80;

  private Data() {}

  static Html shown(Shown shown, String label) {
    if (shown.json().filter("null"::equals).isPresent()) {
      return tag("p", "None.").is("muted");
    } else if (shown.json().isEmpty()) {
      return tag(
              "p",
              text(
                  shown.bytes() == 0
                      ? "None."
                      : shown.bytes() + " bytes, written by the codec \"" + shown.codec() + "\"."))
          .is("muted");
    }
    return all(
        pre(pretty(shown.json().get()), label),
        when(shown.cut(), tag("p", "The end is left out.").is("hint")));
  }

  /** Returns data in a line, as far as they fit. */
  static Html brief(Shown shown) {
    String line = shown.json().orElse(shown.bytes() + " bytes");
    return tag("code", line.length() <= SHORT ? line : line.substring(0, SHORT - 1) + "…");
  }

  static boolean isBrief(Shown shown) {
    return shown.json().map(String::length).orElse(0) <= SHORT;
  }

  /** A region that scrolls can be reached by the keyboard. */
  static Html pre(String words, String label) {
    return tag("pre", text(words))
        .is("wrap")
        .with("tabindex", 0)
        .with("role", "region")
        .with("aria-label", label);
  }

  static Html notes(Map<String, String> notes) {
    return tag(
            "dl",
            each(
                notes.entrySet(),
                note -> all(tag("dt", note.getKey()).is("mono"), tag("dd", note.getValue()))))
        .is("facts");
  }

  /** Sets JSON text out in lines; numbers stay as they were written, however long. */
  private static String pretty(String json) {
    var out = new StringWriter();
    try (JsonParser from = JSON.createParser(json);
        JsonGenerator to = JSON.createGenerator(out).useDefaultPrettyPrinter()) {
      for (JsonToken token = from.nextToken(); token != null; token = from.nextToken()) {
        if (token.isNumeric()) {
          to.writeNumber(from.getText());
        } else {
          to.copyCurrentEvent(from);
        }
      }
    } catch (IOException cut) {
      return json;
    }
    return out.toString();
  }
}
