// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.Failure;
import dev.belfry.run.LedgerRow;
import dev.belfry.run.Pass;
import dev.belfry.run.Trigger;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes rows of the ledger as lines. */
final class LedgerWriter {
  private static final DateTimeFormatter INSTANT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final String HEX = "0123456789ABCDEF";

  /** A field: its name, and its value as a text, a number, or nothing. */
  private record Field(String name, Function<LedgerRow, @Nullable Object> value) {
    static Field of(String name, Function<LedgerRow, @Nullable Object> value) {
      return new Field(name, value);
    }

    static Field ofPass(String name, Function<Pass, @Nullable Object> value) {
      return new Field(name, row -> value.apply(row.pass()));
    }

    static Field ofTrigger(String name, Function<Trigger, Optional<?>> value) {
      return new Field(name, row -> value.apply(row.trigger()).orElse(null));
    }
  }

  private static final List<Field> FIELDS =
      List.of(
          Field.ofPass("run", Pass::run),
          Field.ofPass("fence", Pass::fence),
          Field.ofPass("job", Pass::job),
          Field.of("key", row -> row.key().orElse(null)),
          Field.ofTrigger("schedule", Trigger::schedule),
          Field.ofTrigger("nominal", Trigger::nominal),
          Field.of("trigger", row -> row.trigger().kind()),
          Field.ofTrigger("actor", Trigger::actor),
          Field.ofTrigger("origin", Trigger::origin),
          Field.ofPass("attempt", Pass::attempt),
          Field.ofPass("event", Pass::event),
          Field.ofPass("node", pass -> pass.node().map(node -> node.value()).orElse(null)),
          Field.ofPass("started_at", Pass::startedAt),
          Field.ofPass("ended_at", Pass::endedAt),
          Field.ofPass("ran", Pass::ran),
          Field.ofPass("detail", Pass::detail),
          Field.ofPass("failure_type", pass -> pass.failure().map(Failure::type).orElse(null)),
          Field.ofPass(
              "failure_message", pass -> pass.failure().map(Failure::message).orElse(null)),
          Field.ofPass("succeeded", pass -> pass.counters().succeeded()),
          Field.ofPass("failed", pass -> pass.counters().failed()));

  private final LedgerFormat format;
  private final Appendable out;

  LedgerWriter(LedgerFormat format, Appendable out) {
    this.format = format;
    this.out = out;
  }

  /** Writes what comes before the first row, if anything. */
  void begin() throws IOException {
    if (format == LedgerFormat.TSV) {
      String before = "";
      for (Field field : FIELDS) {
        out.append(before).append(field.name);
        before = "\t";
      }
      out.append('\n');
    }
  }

  /** Writes one line. */
  void write(LedgerRow row) throws IOException {
    var line = new StringBuilder(512);
    for (Field field : FIELDS) {
      if (format == LedgerFormat.TSV) {
        line.append(line.isEmpty() ? "" : "\t");
        tsv(line, field.value.apply(row));
      } else {
        line.append(line.isEmpty() ? '{' : ',').append('"').append(field.name).append("\":");
        json(line, field.value.apply(row));
      }
    }
    out.append(line.append(format == LedgerFormat.TSV ? "\n" : "}\n"));
  }

  private static void tsv(StringBuilder line, @Nullable Object value) {
    if (value == null) {
      line.append("\\N");
    } else {
      escaped(line, text(value), "\\\b\t\n\u000b\f\r", "\\btnvfr", "\\x", (char) 0x7f);
    }
  }

  private static void json(StringBuilder line, @Nullable Object value) {
    if (value == null || value instanceof Number) {
      line.append(value);
    } else {
      line.append('"');
      escaped(line, text(value), "\"\\\b\t\n\f\r", "\"\\btnfr", "\\u00", '"');
      line.append('"');
    }
  }

  private static String text(Object value) {
    return value instanceof Instant instant ? INSTANT.format(instant) : value.toString();
  }

  /**
   * Appends a text.
   *
   * @param special characters that have an escape of one letter
   * @param letters these letters
   * @param code what comes before the two digits of any other control character
   * @param control one more character that is taken for a control character
   */
  private static void escaped(
      StringBuilder line, String text, String special, String letters, String code, char control) {
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int known = special.indexOf(c);
      if (known >= 0) {
        line.append('\\').append(letters.charAt(known));
      } else if (c < ' ' || c == control) {
        line.append(code).append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
      } else {
        boolean unpaired = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
        line.appendCodePoint(unpaired ? 0xfffd : c);
      }
      i += Character.charCount(c);
    }
  }
}
