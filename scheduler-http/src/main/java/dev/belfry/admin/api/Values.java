// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.belfry.http.routing.Problem;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Reads single values, of parameters and of bodies alike; says what is wrong with one, and where.
 */
final class Values {
  private static final int MOST_SHOWN = 60;
  private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");
  private static final Duration LONGEST = Duration.ofDays(3_660);

  private Values() {}

  static int number(String pointer, String text, int least, int most) {
    try {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException noNumber) {
      throw notWithin(pointer, text, least, most);
    }
    throw notWithin(pointer, text, least, most);
  }

  private static Problem notWithin(String pointer, String text, int least, int most) {
    return Problem.invalid(
        pointer, "must be a whole number from " + least + " to " + most + ", was " + quoted(text));
  }

  static Instant instant(String pointer, String text) {
    try {
      Instant instant = OffsetDateTime.parse(text).toInstant();
      if (!instant.isBefore(EARLIEST) && !instant.isAfter(LATEST)) {
        return instant;
      }
    } catch (DateTimeException noInstant) {
      throw noInstant(pointer, text);
    }
    throw noInstant(pointer, text);
  }

  private static Problem noInstant(String pointer, String text) {
    return Problem.invalid(
        pointer, "must be a time such as 2026-03-29T01:00:00Z, was " + quoted(text));
  }

  static Duration duration(String pointer, String text) {
    try {
      Duration duration = Duration.parse(text);
      if (!duration.isNegative() && !duration.isZero() && duration.compareTo(LONGEST) <= 0) {
        return duration;
      }
    } catch (DateTimeParseException noDuration) {
      throw noDuration(pointer, text);
    }
    throw noDuration(pointer, text);
  }

  private static Problem noDuration(String pointer, String text) {
    return Problem.invalid(
        pointer,
        "must be a positive duration such as PT15M or P1D, at most ten years, was " + quoted(text));
  }

  static <E extends Enum<E>> E constant(String pointer, Class<E> type, String text) {
    return Arrays.stream(type.getEnumConstants())
        .filter(each -> each.name().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                Problem.invalid(
                    pointer, "must be one of " + names(type) + ", was " + quoted(text)));
  }

  private static String names(Class<? extends Enum<?>> type) {
    return Arrays.stream(type.getEnumConstants()).map(Enum::name).collect(Collectors.joining(", "));
  }

  static boolean flag(String pointer, String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw Problem.invalid(pointer, "must be true or false, was " + quoted(text));
    };
  }

  /** Returns what somebody sent between quotes, not more than a line of it. */
  static String quoted(String text) {
    return "\"" + shown(text) + "\"";
  }

  /** Returns what somebody sent, not more than a line of it. */
  static String shown(String text) {
    String clean = new String(text.getBytes(UTF_8), UTF_8).replaceAll("\\p{Cntrl}", "?");
    int most =
        clean.offsetByCodePoints(0, Math.min(MOST_SHOWN, clean.codePointCount(0, clean.length())));
    return most == clean.length() ? clean : clean.substring(0, most) + "…";
  }
}
