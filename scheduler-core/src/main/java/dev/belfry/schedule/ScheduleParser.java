// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import static java.util.Objects.requireNonNull;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads the canonical text of a schedule. */
final class ScheduleParser {
  private static final int LONGEST_QUOTE = 100;

  private final String text;
  private final List<Exclusion> named;

  private ScheduleParser(String text, List<Exclusion> named) {
    this.text = text;
    this.named = named;
  }

  /** Parses a text; what it excludes by name is looked for among the given ones. */
  static Schedule parse(String text, List<Exclusion> named) {
    return new ScheduleParser(text, named).parse();
  }

  /** Returns the word for a constant: {@code RUN_ONCE} is {@code run-once}. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Puts the text before what is wrong with it; a cron expression quotes itself. */
  private Schedule parse() {
    try {
      return schedule();
    } catch (CronParseException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "bad schedule \"" + shortened(text) + "\": " + shortened(requireNonNull(e.getMessage())),
          e);
    }
  }

  private Schedule schedule() {
    String[] parts = text.split(";", -1);
    Schedule schedule = timing(words(parts[0]));
    Set<String> said = new HashSet<>();
    for (int i = 1; i < parts.length; i++) {
      List<String> words = words(parts[i]);
      String policy = lower(words.get(0));
      if (!said.add(policy) && !policy.equals("except")) {
        throw bad(policy + " is said twice");
      }
      schedule = policy(schedule, words);
    }
    return schedule;
  }

  private static List<String> words(String part) {
    return Arrays.stream(part.trim().split("[ \t]+", -1)).toList();
  }

  private Schedule timing(List<String> words) {
    List<String> rest = words.subList(1, words.size());
    return switch (lower(words.get(0))) {
      case "cron" -> cron(rest);
      case "monthly" -> monthly(rest);
      case "every" -> every(rest);
      case "after-completion" -> Schedule.afterCompletion(duration(only(rest, "a duration")));
      case "at" -> Schedule.at(rest.stream().map(this::instant).toArray(Instant[]::new));
      default ->
          throw bad(
              "it starts with \""
                  + words.get(0)
                  + "\", allowed are cron, monthly, every, after-completion, at");
    };
  }

  private Schedule cron(List<String> words) {
    if (words.size() < 2) {
      throw bad("cron needs an expression and a zone");
    }
    int last = words.size() - 1;
    ZoneId zone = zone(words.get(last));
    for (CronDialect dialect : CronDialect.values()) {
      if (word(dialect).equals(lower(words.get(0)))) {
        return Schedule.cron(String.join(" ", words.subList(1, last)), dialect, zone);
      }
    }
    return Schedule.cron(String.join(" ", words.subList(0, last)), zone);
  }

  private Schedule monthly(List<String> words) {
    if (words.size() < 3 || words.size() > 4) {
      throw bad("monthly needs a day, a time and a zone, and after the day maybe a month end");
    }
    int end = words.size() - 1;
    Schedule monthly =
        Schedule.monthly(count(words.get(0)), time(words.get(end - 1)), zone(words.get(end)));
    return words.size() == 3
        ? monthly
        : monthly.withMonthEnd(constant(words.subList(1, 2), MonthEnd.values(), "month end"));
  }

  private Schedule every(List<String> words) {
    if (words.size() == 3 && lower(words.get(1)).equals("anchored")) {
      return Schedule.every(duration(words.get(0))).anchoredAt(instant(words.get(2)));
    }
    return Schedule.every(
        duration(only(words, "a duration, or a duration, anchored and an instant")));
  }

  private Schedule policy(Schedule schedule, List<String> words) {
    List<String> rest = words.subList(1, words.size());
    return switch (lower(words.get(0))) {
      case "every" -> everyWeeks(schedule, rest);
      case "except" -> schedule.except(exclusion(rest));
      case "jitter" -> schedule.withJitter(duration(only(rest, "a duration")));
      case "catch-up" -> schedule.withCatchUp(catchUp(rest));
      case "overlap" -> schedule.withOverlap(constant(rest, Overlap.values(), "overlap"));
      case "dst" -> schedule.withDst(constant(rest, DstPolicy.values(), "dst"));
      default ->
          throw bad(
              "unknown policy \""
                  + words.get(0)
                  + "\", allowed are every, except, catch-up, overlap, dst, jitter");
    };
  }

  private Schedule everyWeeks(Schedule schedule, List<String> words) {
    boolean understood =
        words.size() == 4
            && lower(words.get(1)).equals("weeks")
            && lower(words.get(2)).equals("from");
    if (!understood) {
      throw bad("every needs a number, weeks, from and a date");
    }
    return schedule.everyWeeks(count(words.get(0)), date(words.get(3)));
  }

  private Exclusion exclusion(List<String> words) {
    String kind = words.isEmpty() ? "" : lower(words.get(0));
    if (words.size() == 1 && kind.equals("weekends")) {
      return Exclusion.weekends();
    }
    if (words.size() == 2 && kind.equals("named")) {
      Exclusion wanted = new Exclusions.Named(words.get(1), null);
      return named.stream().filter(wanted::equals).findFirst().orElse(wanted);
    }
    if (words.isEmpty() || kind.equals("named")) {
      throw bad("except needs dates, or weekends, or named and a name");
    }
    return Exclusion.dates(words.stream().map(this::date).toList());
  }

  private CatchUp catchUp(List<String> words) {
    String kind = words.isEmpty() ? "" : lower(words.get(0));
    if (words.size() == 1 && kind.equals("latest")) {
      return CatchUp.latest();
    }
    if (words.size() == 1 && kind.equals("skip")) {
      return CatchUp.skip();
    }
    if (words.size() == 3 && kind.equals("all")) {
      return CatchUp.all(count(words.get(1)), duration(words.get(2)));
    }
    throw bad(
        "catch-up is \""
            + String.join(" ", words)
            + "\", allowed are latest, skip, all with a number and a duration");
  }

  private <E extends Enum<E>> E constant(List<String> words, E[] constants, String policy) {
    String given = lower(String.join(" ", words));
    for (E constant : constants) {
      if (word(constant).equals(given)) {
        return constant;
      }
    }
    String allowed =
        Arrays.stream(constants).map(ScheduleParser::word).collect(Collectors.joining(", "));
    throw bad(policy + " is \"" + given + "\", allowed are " + allowed);
  }

  private String only(List<String> words, String expected) {
    if (words.size() != 1) {
      throw bad(expected + " expected, was \"" + String.join(" ", words) + "\"");
    }
    return words.get(0);
  }

  private int count(String word) {
    try {
      return Integer.parseInt(word);
    } catch (NumberFormatException e) {
      throw bad("\"" + word + "\" is not a number");
    }
  }

  private Duration duration(String word) {
    try {
      return Duration.parse(word);
    } catch (DateTimeParseException e) {
      throw bad("\"" + word + "\" is not a duration such as PT5M");
    }
  }

  private Instant instant(String word) {
    try {
      return Instant.parse(word);
    } catch (DateTimeParseException e) {
      throw bad("\"" + word + "\" is not an instant such as 2026-01-31T12:00:00Z");
    }
  }

  private LocalDate date(String word) {
    try {
      return LocalDate.parse(word);
    } catch (DateTimeParseException e) {
      throw bad("\"" + word + "\" is not a date such as 2026-12-25");
    }
  }

  private LocalTime time(String word) {
    try {
      return LocalTime.parse(word);
    } catch (DateTimeParseException e) {
      throw bad("\"" + word + "\" is not a time such as 02:30");
    }
  }

  private ZoneId zone(String word) {
    try {
      return ZoneId.of(word);
    } catch (DateTimeException e) {
      throw bad("\"" + word + "\" is not a zone such as UTC or Europe/Berlin");
    }
  }

  private static IllegalArgumentException bad(String problem) {
    return new IllegalArgumentException(problem);
  }

  private static String shortened(String words) {
    boolean tooLong = words.length() > LONGEST_QUOTE * 2;
    String shortened = tooLong ? words.substring(0, LONGEST_QUOTE) + "..." : words;
    return shortened.replaceAll("\\p{Cntrl}", " ");
  }

  private static String lower(String word) {
    return word.toLowerCase(Locale.ROOT);
  }
}
