// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import static dev.belfry.store.JsonReader.Kind.BOOLEAN;
import static dev.belfry.store.JsonReader.Kind.NUMBER;
import static dev.belfry.store.JsonReader.Kind.STRING;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toUnmodifiableMap;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

/** The scalars that the standard codec knows. */
final class JsonScalars {
  private static final int LISTED = 10;

  /** Unlike {@code YearMonth.toString} it signs years beyond 9999, as the parser wants it. */
  private static final DateTimeFormatter YEAR_MONTH = DateTimeFormatter.ofPattern("uuuu-MM");

  private static final Map<Class<?>, JsonScalar> KNOWN =
      Stream.of(numbers(), texts(), times())
          .flatMap(Function.identity())
          .collect(toUnmodifiableMap(form -> form.type, Function.identity()));

  private JsonScalars() {}

  /** Returns whether there is a form for the class; primitive types and enums are not counted. */
  static boolean knows(Class<?> type) {
    return KNOWN.containsKey(type);
  }

  /** Returns the form for a class that is known. */
  static JsonScalar of(Class<?> type) {
    return requireNonNull(KNOWN.get(type));
  }

  /** Returns the form of an enum: the names of its constants. */
  static <E> JsonScalar ofEnum(Class<E> type) {
    Map<String, E> constants =
        Stream.of(type.getEnumConstants())
            .collect(toUnmodifiableMap(JsonScalars::name, Function.identity()));
    String listed =
        Stream.of(type.getEnumConstants())
            .limit(LISTED)
            .map(JsonScalars::name)
            .collect(joining(", "));
    String title = "one of [" + listed + (constants.size() > LISTED ? ", …]" : "]");
    return JsonScalar.of(
        type,
        title,
        STRING,
        JsonScalars::name,
        name -> {
          require(constants.containsKey(name));
          return requireNonNull(constants.get(name));
        });
  }

  private static Stream<JsonScalar> numbers() {
    return Stream.of(
        number(Byte.class, "an 8-bit integer", Byte::valueOf),
        number(Short.class, "a 16-bit integer", Short::valueOf),
        number(Integer.class, "a 32-bit integer", Integer::valueOf),
        number(Long.class, "a 64-bit integer", Long::valueOf),
        number(BigInteger.class, "an integer", BigInteger::new),
        number(BigDecimal.class, "a number", BigDecimal::new),
        JsonScalar.of(
            Float.class, "a number", NUMBER, JsonScalars::printFloat, JsonScalars::parseFloat),
        JsonScalar.of(
            Double.class, "a number", NUMBER, JsonScalars::printDouble, JsonScalars::parseDouble),
        JsonScalar.of(Boolean.class, "true or false", BOOLEAN, Object::toString, Boolean::valueOf));
  }

  private static Stream<JsonScalar> texts() {
    return Stream.of(
        text(String.class, "a string", Function.identity()),
        text(Character.class, "a string of one character", JsonScalars::parseCharacter),
        text(UUID.class, "a UUID", JsonScalars::parseUuid),
        text(URI.class, "a URI", URI::create),
        text(Void.class, "null", JsonScalars::parseVoid),
        JsonScalar.of(char[].class, "a string", STRING, String::valueOf, String::toCharArray),
        JsonScalar.of(
            byte[].class,
            "a string in base64",
            STRING,
            bytes -> Base64.getEncoder().encodeToString(bytes),
            text -> Base64.getDecoder().decode(text)));
  }

  private static Stream<JsonScalar> times() {
    return Stream.of(
        text(Instant.class, "an instant such as 2007-12-03T10:15:30Z", Instant::parse),
        text(LocalDate.class, "a date such as 2007-12-03", LocalDate::parse),
        text(LocalTime.class, "a time such as 10:15:30", LocalTime::parse),
        text(LocalDateTime.class, "a time such as 2007-12-03T10:15:30", LocalDateTime::parse),
        text(
            OffsetDateTime.class,
            "a time such as 2007-12-03T10:15:30+01:00",
            OffsetDateTime::parse),
        text(OffsetTime.class, "a time such as 10:15:30+01:00", OffsetTime::parse),
        text(
            ZonedDateTime.class,
            "a time such as 2007-12-03T10:15:30+01:00[Europe/Paris]",
            ZonedDateTime::parse),
        JsonScalar.of(
            YearMonth.class,
            "a month such as 2007-12",
            STRING,
            YEAR_MONTH::format,
            YearMonth::parse),
        text(MonthDay.class, "a day such as --12-03", MonthDay::parse),
        number(Year.class, "a year", text -> Year.of(Integer.parseInt(text))),
        text(Duration.class, "a duration such as PT1H30M", Duration::parse),
        text(Period.class, "a period such as P1Y2M3D", Period::parse),
        text(ZoneId.class, "a zone such as Europe/Paris", ZoneId::of),
        text(ZoneOffset.class, "an offset such as +01:00", ZoneOffset::of));
  }

  private static <T> JsonScalar number(Class<T> type, String title, Function<String, T> parse) {
    return JsonScalar.of(type, title, NUMBER, Object::toString, parse);
  }

  private static <T> JsonScalar text(Class<T> type, String title, Function<String, T> parse) {
    return JsonScalar.of(type, title, STRING, Object::toString, parse);
  }

  private static String name(Object constant) {
    return ((Enum<?>) constant).name();
  }

  private static String printFloat(Float value) {
    requireFinite(value);
    return value.toString();
  }

  private static String printDouble(Double value) {
    requireFinite(value);
    return value.toString();
  }

  private static void requireFinite(double value) {
    if (!Double.isFinite(value)) {
      throw JsonReader.mismatch("a finite number", Double.toString(value));
    }
  }

  private static Float parseFloat(String text) {
    float value = Float.parseFloat(text);
    require(Float.isFinite(value));
    return value;
  }

  private static Double parseDouble(String text) {
    double value = Double.parseDouble(text);
    require(Double.isFinite(value));
    return value;
  }

  private static Character parseCharacter(String text) {
    require(text.length() == 1);
    return text.charAt(0);
  }

  /** Refuses what {@code UUID.fromString} would complete, such as {@code 1-1-1-1-1}. */
  private static UUID parseUuid(String text) {
    UUID value = UUID.fromString(text);
    require(value.toString().equalsIgnoreCase(text));
    return value;
  }

  private static Void parseVoid(String text) {
    throw new IllegalArgumentException();
  }

  private static void require(boolean condition) {
    if (!condition) {
      throw new IllegalArgumentException();
    }
  }
}
