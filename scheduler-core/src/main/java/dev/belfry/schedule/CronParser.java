// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads the text of a cron expression once, from left to right. */
@SuppressWarnings("EnumOrdinal") // the units are declared in the order of the fields
final class CronParser {
  private static final int LONGEST_QUOTE = 60;

  private static final Map<String, String> MACROS =
      Map.of(
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *",
          "@monthly", "0 0 1 * *",
          "@weekly", "0 0 * * 0",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@hourly", "0 * * * *");

  private final String text;
  private CronUnit unit = CronUnit.MINUTE;

  private CronParser(String text) {
    this.text = text;
  }

  static CronFields parse(String text) {
    return new CronParser(text).parse();
  }

  /** Where a field or a part of one stands in the text. */
  private record Span(int start, int end) {
    int length() {
      return end - start;
    }
  }

  private CronFields parse() {
    List<Span> fields = split();
    if (!fields.isEmpty() && text.charAt(fields.get(0).start()) == '@') {
      return macro(fields);
    }
    if (fields.size() != 5) {
      throw wrongCount(fields);
    }
    long[] values = new long[5];
    for (CronUnit each : CronUnit.values()) {
      unit = each;
      values[each.ordinal()] = field(fields.get(each.ordinal()));
    }
    return new CronFields(
        values[0],
        (int) values[1],
        (int) values[2],
        (int) values[3],
        (int) ((values[4] & 0x7f) | (values[4] >> 7)),
        text.charAt(fields.get(2).start()) == '*',
        text.charAt(fields.get(4).start()) == '*',
        CronText.followsClock(string(fields.get(0)))
            || CronText.followsClock(string(fields.get(1))));
  }

  private List<Span> split() {
    List<Span> fields = new ArrayList<>();
    int start = -1;
    for (int i = 0; i <= text.length(); i++) {
      boolean gap = i == text.length() || text.charAt(i) == ' ' || text.charAt(i) == '\t';
      if (gap && start >= 0) {
        fields.add(new Span(start, i));
        start = -1;
      } else if (!gap && start < 0) {
        start = i;
      }
    }
    return fields;
  }

  private CronFields macro(List<Span> fields) {
    Span span = fields.get(0);
    String expression =
        span.length() > 9 ? null : MACROS.get(string(span).toLowerCase(Locale.ROOT));
    if (fields.size() > 1) {
      Span next = fields.get(1);
      throw new CronParseException(
          bad() + "nothing may follow a macro, was " + quote(next),
          null,
          next.start(),
          string(next));
    }
    if (expression == null) {
      throw new CronParseException(
          bad()
              + "unknown macro "
              + quote(span)
              + ", allowed are @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly",
          null,
          span.start(),
          string(span));
    }
    return parse(expression);
  }

  private CronParseException wrongCount(List<Span> fields) {
    boolean more = fields.size() > 5;
    Span span = more ? fields.get(5) : new Span(text.length(), text.length());
    return new CronParseException(
        bad()
            + "5 fields expected (minute, hour, day of month, month, day of week), was "
            + fields.size()
            + (fields.size() == 6 ? "; there is no field for seconds" : ""),
        null,
        span.start(),
        string(span));
  }

  private long field(Span field) {
    long values = 0;
    int start = field.start();
    for (int i = start; i <= field.end(); i++) {
      if (i == field.end() || text.charAt(i) == ',') {
        values |= item(new Span(start, i));
        start = i + 1;
      }
    }
    return values;
  }

  private long item(Span item) {
    if (item.length() == 0) {
      throw error(item, "has an empty item in its list");
    }
    int slash = indexOf('/', item);
    Span range = new Span(item.start(), slash < 0 ? item.end() : slash);
    int dash = indexOf('-', range);
    int first;
    int last;
    if (range.length() == 1 && text.charAt(range.start()) == '*') {
      first = unit.min();
      last = unit.starMax();
    } else if (dash >= 0) {
      first = value(new Span(range.start(), dash), item);
      last = value(new Span(dash + 1, range.end()), item);
      requireAscending(first, last, range);
    } else {
      first = value(range, item);
      last = first;
      if (slash >= 0) {
        String meant = first + "-" + unit.starMax() + text.substring(slash, cut(slash, item.end()));
        throw error(item, "has a step after a single value, " + quote(item) + "; write " + meant);
      }
    }
    int step = slash < 0 ? 1 : step(new Span(slash + 1, item.end()), item);
    long values = 0;
    for (int value = first; value <= last; value += step) {
      values |= 1L << value;
    }
    return values;
  }

  private void requireAscending(int first, int last, Span range) {
    if (first <= last) {
      return;
    }
    String meant =
        unit == CronUnit.WEEKDAY && last == 0
            ? first + "-7"
            : first + "-" + unit.starMax() + "," + unit.min() + "-" + last;
    throw error(range, "has the reversed range " + quote(range) + "; write " + meant);
  }

  private int value(Span span, Span item) {
    int number = number(span);
    if (number < 0) {
      number = span.length() == 3 ? unit.named(string(span)) : -1;
    }
    if (number < 0) {
      throw notUnderstood(item);
    }
    if (number < unit.min() || number > unit.max()) {
      throw error(span, "is " + quote(span) + ", allowed are " + unit.range());
    }
    return number;
  }

  private int step(Span span, Span item) {
    int step = number(span);
    if (step < 0) {
      throw notUnderstood(item);
    }
    if (step < 1 || step > unit.max()) {
      throw error(
          span,
          "has step "
              + quote(span)
              + ", allowed are 1-"
              + unit.max()
              + "; steps start again each "
              + unit.cycle());
    }
    return step;
  }

  /** Returns the number, -1 if it is none; anything above 9999 counts as 9999. */
  private int number(Span span) {
    int number = span.length() == 0 ? -1 : 0;
    for (int i = span.start(); i < span.end(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = Math.min(number * 10 + digit, 9_999);
    }
    return number;
  }

  private CronParseException notUnderstood(Span item) {
    return error(
        item,
        "is "
            + quote(item)
            + ", allowed are "
            + unit.range()
            + ", *, ranges a-b, steps */n and a-b/n, and lists of these");
  }

  private CronParseException error(Span token, String problem) {
    return new CronParseException(
        bad() + "field " + (unit.ordinal() + 1) + " (" + unit.label() + ") " + problem,
        unit.label(),
        token.start(),
        string(token));
  }

  private String bad() {
    return "bad cron \"" + quote(new Span(0, text.length())) + "\": ";
  }

  /** The part of the text for a message: cut if long, control characters replaced. */
  private String quote(Span span) {
    StringBuilder quote = new StringBuilder(text.substring(span.start(), cut(span)));
    for (int i = 0; i < quote.length(); i++) {
      if (Character.isISOControl(quote.charAt(i))) {
        quote.setCharAt(i, ' ');
      }
    }
    return span.length() > LONGEST_QUOTE ? quote.append("...").toString() : quote.toString();
  }

  private static int cut(Span span) {
    return cut(span.start(), span.end());
  }

  private static int cut(int start, int end) {
    return Math.min(end, start + LONGEST_QUOTE);
  }

  private String string(Span span) {
    return text.substring(span.start(), span.end());
  }

  private int indexOf(char c, Span span) {
    for (int i = span.start(); i < span.end(); i++) {
      if (text.charAt(i) == c) {
        return i;
      }
    }
    return -1;
  }
}
