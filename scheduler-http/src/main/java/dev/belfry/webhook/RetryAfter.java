// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the header {@code Retry-After}: seconds, or a date in one of the three forms of HTTP. */
final class RetryAfter {
  private static final Pattern SECONDS = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");
  private static final Duration LONGEST = Duration.ofDays(365);

  private static final DateTimeFormatter ASCTIME =
      DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH);

  private RetryAfter() {}

  /**
   * Returns how long to wait; empty if the text is none of these forms, or the time has passed.
   *
   * @param now the clock that a date is compared with
   */
  static Optional<Duration> parse(String text, Instant now) {
    return delay(text.strip(), now)
        .filter(delay -> !delay.isNegative() && !delay.isZero())
        .map(delay -> delay.compareTo(LONGEST) > 0 ? LONGEST : delay);
  }

  private static Optional<Duration> delay(String text, Instant now) {
    if (SECONDS.matcher(text).matches()) { // fractions are no HTTP, and are sent
      return Optional.of(Duration.ofMillis((long) (Double.parseDouble(text) * 1000)));
    }
    return date(text, now).map(date -> Duration.between(now, date));
  }

  private static Optional<Instant> date(String text, Instant now) {
    try {
      if (text.endsWith("GMT")) {
        DateTimeFormatter form =
            text.indexOf('-') > 0 ? rfc850(now) : DateTimeFormatter.RFC_1123_DATE_TIME;
        return Optional.of(ZonedDateTime.parse(text, form).toInstant());
      }
      return Optional.of(LocalDateTime.parse(text, ASCTIME).toInstant(ZoneOffset.UTC));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** Its year has two digits, and means one that is at most 50 years ahead. */
  private static DateTimeFormatter rfc850(Instant now) {
    int year = now.atZone(ZoneOffset.UTC).getYear();
    return new DateTimeFormatterBuilder()
        .appendPattern("EEEE, dd-MMM-")
        .appendValueReduced(ChronoField.YEAR, 2, 2, year - 49)
        .appendPattern(" HH:mm:ss z")
        .toFormatter(Locale.ENGLISH);
  }
}
