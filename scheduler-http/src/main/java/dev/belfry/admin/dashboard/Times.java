// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static dev.belfry.admin.dashboard.Html.tag;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Instants and durations as people read them. */
final class Times {
  private static final DateTimeFormatter WHOLE = format("EEE d MMM uuuu, HH:mm:ss.SSS 'UTC'");
  private static final DateTimeFormatter SECONDS = format("EEE d MMM uuuu, HH:mm:ss 'UTC'");
  private static final DateTimeFormatter CLOCK = format("HH:mm:ss 'UTC'");
  private static final DateTimeFormatter MINUTE = format("d MMM uuuu, HH:mm 'UTC'");
  private static final DateTimeFormatter DAY = format("d MMM uuuu");
  private static final Duration LONG_AGO = Duration.ofDays(60);

  private Times() {}

  private static DateTimeFormatter format(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
  }

  /** Returns how long ago or ahead an instant is; its title is the instant and its zone. */
  static Html.Tag relative(Instant at, Instant now) {
    return tag("time", words(at, now))
        .with("datetime", at.toString())
        .with("title", absolute(at))
        .flag("data-ago", true);
  }

  /** Returns when on its day an instant is, or on which day; its title has all of it. */
  static Html.Tag clock(Instant at, Instant now) {
    boolean near = Duration.between(at, now).abs().compareTo(Duration.ofHours(20)) < 0;
    return tag("time", (near ? CLOCK : MINUTE).format(at))
        .with("datetime", at.toString())
        .with("title", absolute(at) + ", " + words(at, now));
  }

  /** Returns an instant with its zone. */
  static String absolute(Instant at) {
    return (at.getNano() == 0 ? SECONDS : WHOLE).format(at);
  }

  /** Returns an instant with its zone, for the eye and for machines. */
  static Html.Tag exact(Instant at) {
    return tag("time", absolute(at)).with("datetime", at.toString());
  }

  static String words(Instant at, Instant now) {
    Duration ago = Duration.between(at, now);
    Duration size = ago.abs();
    if (size.compareTo(LONG_AGO) > 0) {
      return DAY.format(at);
    } else if (size.toMillis() < 1_000) {
      return "now";
    }
    return ago.isNegative() ? "in " + coarse(size) : coarse(size) + " ago";
  }

  private static String coarse(Duration size) {
    if (size.toMinutes() < 1) {
      return size.toSeconds() + " s";
    } else if (size.toHours() < 1) {
      return size.toMinutes() + " min";
    } else if (size.toDays() < 2) {
      return size.toHours() + " h";
    }
    return size.toDays() + " d";
  }

  /** Returns a duration in its two greatest units. */
  static String span(Duration size) {
    if (size.isNegative()) {
      return "-" + span(size.negated());
    } else if (size.toMillis() < 1_000) {
      return size.toMillis() == 0 && !size.isZero() ? "<1 ms" : size.toMillis() + " ms";
    } else if (size.toMillis() < 10_000) {
      return String.format(Locale.ROOT, "%.1f s", size.toMillis() / 1_000.0);
    } else if (size.toMinutes() < 1) {
      return size.toSeconds() + " s";
    } else if (size.toHours() < 1) {
      return two(size.toMinutes(), "min", size.toSecondsPart(), "s");
    } else if (size.toDays() < 1) {
      return two(size.toHours(), "h", size.toMinutesPart(), "min");
    }
    return two(size.toDays(), "d", size.toHoursPart(), "h");
  }

  private static String two(long first, String unit, long second, String smaller) {
    return first + " " + unit + (second == 0 ? "" : " " + second + " " + smaller);
  }
}
