// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says what is wrong with a text, what is allowed and what was probably meant. */
@SuppressWarnings("EnumOrdinal") // the units are declared in the order of the fields
final class CronFaults {
  private static final int LONGEST_QUOTE = 60;

  private final String text;
  private final CronDialect dialect;
  private final boolean keyed; // whether H is known

  CronFaults(String text, CronDialect dialect, boolean keyed) {
    this.text = text;
    this.dialect = dialect;
    this.keyed = keyed;
  }

  // The text as a whole

  CronParseException fieldCount(int count) {
    boolean more = count > dialect.mostFields();
    int start = more ? startOfField(dialect.mostFields()) : text.length();
    String problem = fieldNames() + ", was " + count;
    return whole(problem, start, more ? endOfField(start) : start, countHint(count));
  }

  private String fieldNames() {
    return switch (dialect) {
      case UNIX -> "5 fields expected (minute, hour, day of month, month, day of week)";
      case SPRING -> "6 fields expected (second, minute, hour, day of month, month, day of week)";
      case QUARTZ ->
          "6 or 7 fields expected (second, minute, hour, day of month, month, day of week, year)";
    };
  }

  private @Nullable String countHint(int count) {
    String upper = cut(0, text.length()).strip().toUpperCase(Locale.ROOT);
    if (upper.startsWith("TZ=") || upper.startsWith("CRON_TZ=")) {
      return "give the zone to Schedule.cron(expression, zone)";
    }
    String blank = strangeBlank();
    if (blank != null) {
      return blank;
    }
    List<String> meant = new ArrayList<>();
    for (CronDialect other : CronDialect.values()) {
      boolean fits = count >= other.fewestFields() && count <= other.mostFields();
      if (fits && other != dialect && isValidIn(other)) {
        meant.add(other.name());
      }
    }
    if (!meant.isEmpty()) {
      return "did you mean the " + String.join(" or ", meant) + " dialect?";
    }
    if (count == CronDialect.QUARTZ.mostFields()) {
      return "only the QUARTZ dialect has years";
    }
    return dialect == CronDialect.UNIX && count == 6 ? "there is no field for seconds" : null;
  }

  private boolean isValidIn(CronDialect other) {
    try {
      CronParser.parse(text, other);
      return true;
    } catch (CronParseException refused) {
      return false;
    }
  }

  private @Nullable String strangeBlank() {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!CronCursor.isBlank(c) && (Character.isWhitespace(c) || Character.isSpaceChar(c))) {
        String code = String.format(Locale.ROOT, "U+%04X", (int) c);
        return "only blanks and tabs separate fields, at index " + i + " is " + code;
      }
    }
    return null;
  }

  CronParseException macro(int start, int end) {
    String word = text.substring(start, Math.min(end, start + 10)).toLowerCase(Locale.ROOT);
    if (!dialect.hasMacros()) {
      return whole("QUARTZ has no macros, was " + quote(start, end), start, end, null);
    }
    String hint =
        switch (word) {
          case "@every" -> "use Schedule.every(period)";
          case "@reboot" -> "to run a job at each start, enqueue it there";
          default -> null;
        };
    return whole(
        "unknown macro "
            + quote(start, end)
            + ", allowed are @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly",
        start,
        end,
        hint);
  }

  CronParseException afterMacro(int start) {
    int end = endOfField(start);
    return whole("nothing may follow a macro, was " + quote(start, end), start, end, null);
  }

  CronParseException noQuestion(boolean starDay, boolean starWeekday) {
    int day = startOfField(CronUnit.DAY.ordinal());
    int weekday = startOfField(CronUnit.WEEKDAY.ordinal());
    int replaced = starWeekday ? weekday : day;
    boolean cut = text.length() > LONGEST_QUOTE;
    String hint =
        starDay || starWeekday
            ? "write "
                + (cut
                    ? "? as " + (starWeekday ? CronUnit.WEEKDAY : CronUnit.DAY).label()
                    : text.substring(0, replaced) + "?" + text.substring(endOfField(replaced)))
            : "the SPRING dialect matches both, the UNIX dialect either";
    String problem =
        "is "
            + quote(weekday, endOfField(weekday))
            + " beside "
            + quote(day, endOfField(day))
            + " as day of month, one of the two must be ?";
    return fault(CronUnit.WEEKDAY, problem, weekday, endOfField(weekday), null, hint);
  }

  CronParseException secondQuestion(CronUnit unit, int start) {
    return fault(
        unit, "is ? as well, only one of the day fields may be", start, start + 1, null, null);
  }

  // A field

  CronParseException notUnderstood(CronUnit unit, int item) {
    int end = endOfItem(item);
    if (end == item) {
      return fault(unit, "has an empty item in its list", item, end, null, null);
    }
    return fault(
        unit, "is " + quote(item, end), item, end, everything(unit), itemHint(unit, item, end));
  }

  private String everything(CronUnit unit) {
    boolean letters = dialect.hasLetters();
    String days = letters && unit == CronUnit.DAY ? ", L, L-n, LW, nW" : "";
    String weekdays = letters && unit == CronUnit.WEEKDAY ? ", dL, d#n" : "";
    String quartz =
        dialect != CronDialect.QUARTZ
            ? ""
            : unit == CronUnit.DAY ? ", L-nW" : unit == CronUnit.WEEKDAY ? ", L" : "";
    return unit.range(dialect)
        + ", *"
        + (letters && unit.isDay() ? ", ?" : "")
        + days
        + weekdays
        + quartz
        + ", ranges a-b, steps */n"
        + (letters ? ", a/n" : "")
        + " and a-b/n, and lists of these";
  }

  private @Nullable String itemHint(CronUnit unit, int item, int end) {
    String token = cut(item, end).toUpperCase(Locale.ROOT);
    char first = token.charAt(0);
    if (first == '/') {
      return "write *" + token;
    } else if (token.equals("?")) {
      if (unit.isDay()) {
        return dialect.hasLetters() ? "? stands alone in its field" : "write *";
      }
      return "? is for the day fields, write *";
    } else if (first == 'H' && unit != CronUnit.MONTH) {
      return keyed ? "write H, H/n, H(a-b) or H(a-b)/n" : "H needs a key, see Schedule.spread";
    } else if (unit.named(token, 0, dialect) >= 0 && token.chars().allMatch(Character::isLetter)) {
      return "write " + token.substring(0, 3);
    } else if (!dialect.hasLetters()
        && unit.isDay()
        && token.matches("(L|LW|L-\\d+|\\w+[WL]|\\w+#\\d)")) {
      return "the SPRING and QUARTZ dialects know " + quote(item, end);
    }
    return null;
  }

  CronParseException outOfRange(CronUnit unit, int start, int end) {
    String token = cut(start, end);
    String hint = null;
    if (unit == CronUnit.HOUR && token.equals("24")) {
      hint = "midnight is 0";
    } else if (unit == CronUnit.WEEKDAY && dialect == CronDialect.QUARTZ) {
      hint = "Sunday is 1 in QUARTZ";
    }
    return fault(unit, "is " + quote(start, end), start, end, unit.range(dialect), hint);
  }

  CronParseException step(CronUnit unit, int start, int end) {
    String hint = "steps start again each " + unit.cycle();
    if (unit.isTime() && !cut(start, end).matches("0+")) {
      hint += ", for a longer period see Schedule.every";
    }
    return fault(unit, "has step " + quote(start, end), start, end, "1-" + unit.max(), hint);
  }

  CronParseException number(CronUnit unit, int start, int end, String name, int min, int max) {
    String problem = "has " + quote(start, end) + " as " + name;
    return fault(unit, problem, start, end, min + "-" + max, null);
  }

  CronParseException stepAfterValue(CronUnit unit, int item, int first) {
    int end = endOfItem(item);
    String step = cut(text.indexOf('/', item), end);
    int last = unit.starMax(dialect);
    int start = first > last ? unit.min(dialect) : first; // Sunday, which has two numbers
    return fault(
        unit,
        "has a step after a single value, " + quote(item, end),
        item,
        end,
        null,
        "write " + start + "-" + last + step);
  }

  CronParseException reversed(CronUnit unit, int item, int first, int last) {
    return reversed(unit, item, "write " + ascending(unit, first, last));
  }

  /** A value of {@code H} comes from one range, so where two are meant, one is to be chosen. */
  CronParseException reversedChoice(CronUnit unit, int item, int first, int last) {
    String ranges = ascending(unit, first, last).replace(",", ") or H(");
    return reversed(unit, item, "write H(" + ranges + ")");
  }

  private CronParseException reversed(CronUnit unit, int item, String hint) {
    int slash = text.indexOf('/', item);
    int end = slash < 0 ? endOfItem(item) : Math.min(slash, endOfItem(item));
    return fault(unit, "has the reversed range " + quote(item, end), item, end, null, hint);
  }

  private String ascending(CronUnit unit, int first, int last) {
    if (unit == CronUnit.YEAR) {
      return last + "-" + first;
    } else if (unit == CronUnit.WEEKDAY && first == unit.max()) {
      return "0-" + last; // Sunday has two numbers
    } else if (unit == CronUnit.WEEKDAY && last == 0) {
      return first + "-7";
    }
    return first + "-" + unit.starMax(dialect) + "," + unit.min(dialect) + "-" + last;
  }

  private CronParseException fault(
      CronUnit unit,
      String problem,
      int start,
      int end,
      @Nullable String allowed,
      @Nullable String hint) {
    int number = unit.ordinal() + (dialect.hasSeconds() ? 1 : 0);
    String where = "field " + number + " (" + unit.label() + ") ";
    return fault(Optional.of(unit.label()), where + problem, start, end, allowed, hint);
  }

  private CronParseException whole(String problem, int start, int end, @Nullable String hint) {
    return fault(Optional.empty(), problem, start, end, null, hint);
  }

  private CronParseException fault(
      Optional<String> field,
      String problem,
      int start,
      int end,
      @Nullable String allowed,
      @Nullable String hint) {
    String message =
        "bad cron \""
            + quote(0, text.length())
            + "\": "
            + problem
            + (allowed == null ? "" : ", allowed are " + allowed)
            + (hint == null ? "" : "; " + hint);
    return new CronParseException(
        new CronError(
            message,
            field,
            start,
            text.substring(start, end),
            Optional.ofNullable(allowed),
            Optional.ofNullable(hint)));
  }

  // Parts of the text

  private int startOfField(int index) {
    int fields = -1;
    for (int i = 0; i < text.length(); i++) {
      boolean starts =
          !CronCursor.isBlank(text.charAt(i)) && (i == 0 || CronCursor.isBlank(text.charAt(i - 1)));
      if (starts && ++fields == index) {
        return i;
      }
    }
    return text.length();
  }

  private int endOfField(int start) {
    int end = start;
    while (end < text.length() && !CronCursor.isBlank(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private int endOfItem(int start) {
    int comma = text.indexOf(',', start);
    int end = endOfField(start);
    return comma < 0 ? end : Math.min(comma, end);
  }

  private String cut(int start, int end) {
    return text.substring(start, Math.min(end, start + LONGEST_QUOTE));
  }

  /** The part of the text for a message: cut if long, control characters replaced. */
  private String quote(int start, int end) {
    StringBuilder quote = new StringBuilder(cut(start, end));
    for (int i = 0; i < quote.length(); i++) {
      if (Character.isISOControl(quote.charAt(i))) {
        quote.setCharAt(i, ' ');
      }
    }
    return end - start > LONGEST_QUOTE ? quote.append("...").toString() : quote.toString();
  }
}
