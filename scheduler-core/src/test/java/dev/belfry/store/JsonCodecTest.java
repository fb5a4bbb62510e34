// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.belfry.run.TypeRef;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JsonCodecTest {
  private final Codec codec = Codec.standard();

  static Stream<Arguments> scalars() {
    return Stream.of(
        arguments(Boolean.class, true, "true"),
        arguments(Byte.class, (byte) -128, "-128"),
        arguments(Short.class, (short) 7, "7"),
        arguments(Integer.class, Integer.MIN_VALUE, "-2147483648"),
        arguments(Long.class, Long.MAX_VALUE, "9223372036854775807"),
        arguments(Float.class, 0.1f, "0.1"),
        arguments(Double.class, 1e10, "1.0E10"),
        arguments(Double.class, -0.0, "-0.0"),
        arguments(BigInteger.class, BigInteger.TEN.pow(20), "100000000000000000000"),
        arguments(BigDecimal.class, new BigDecimal("1.50"), "1.50"),
        arguments(BigDecimal.class, new BigDecimal("1E+9"), "1E+9"),
        arguments(Character.class, 'x', "\"x\""),
        arguments(String.class, "a\"\\/\b\f\n\r\t", "\"a\\\"\\\\/\\b\\f\\n\\r\\t\""),
        arguments(String.class, "\0\u001f\u007f", "\"\\u0000\\u001F\u007f\""),
        arguments(String.class, "é\u2028😀א", "\"é\u2028😀א\""),
        arguments(byte[].class, new byte[] {-1, 0, 62, 63}, "\"/wA+Pw==\""),
        arguments(char[].class, new char[] {'a', 'b'}, "\"ab\""),
        arguments(DayOfWeek.class, DayOfWeek.FRIDAY, "\"FRIDAY\""),
        arguments(Sign.class, Sign.PLUS, "\"PLUS\""),
        arguments(UUID.class, new UUID(1, 2), "\"00000000-0000-0001-0000-000000000002\""),
        arguments(URI.class, URI.create("https://a.example/b?c"), "\"https://a.example/b?c\""),
        arguments(Instant.class, Instant.ofEpochSecond(0, 1000), "\"1970-01-01T00:00:00.000001Z\""),
        arguments(Instant.class, Instant.MAX, "\"+1000000000-12-31T23:59:59.999999999Z\""),
        arguments(LocalDate.class, LocalDate.MIN, "\"-999999999-01-01\""),
        arguments(LocalTime.class, LocalTime.of(10, 15), "\"10:15\""),
        arguments(LocalDateTime.class, LocalDateTime.MAX, "\"" + LocalDateTime.MAX + "\""),
        arguments(
            OffsetDateTime.class,
            OffsetDateTime.of(2024, 2, 29, 1, 2, 3, 4, ZoneOffset.ofHours(-3)),
            "\"2024-02-29T01:02:03.000000004-03:00\""),
        arguments(OffsetTime.class, OffsetTime.MIN, "\"00:00+18:00\""),
        arguments(
            ZonedDateTime.class,
            ZonedDateTime.ofStrict(
                LocalDateTime.of(2024, 10, 27, 2, 30),
                ZoneOffset.ofHours(1),
                ZoneId.of("Europe/Paris")),
            "\"2024-10-27T02:30+01:00[Europe/Paris]\""),
        arguments(YearMonth.class, YearMonth.of(12345, 6), "\"+12345-06\""),
        arguments(YearMonth.class, YearMonth.of(2024, 6), "\"2024-06\""),
        arguments(MonthDay.class, MonthDay.of(2, 29), "\"--02-29\""),
        arguments(Year.class, Year.of(5), "5"),
        arguments(Month.class, Month.MAY, "\"MAY\""),
        arguments(Duration.class, Duration.ofMillis(-1), "\"PT-0.001S\""),
        arguments(
            Duration.class, Duration.ofSeconds(Long.MIN_VALUE), "\"PT-2562047788015215H-30M-8S\""),
        arguments(Period.class, Period.of(1, -2, 3), "\"P1Y-2M3D\""),
        arguments(ZoneId.class, ZoneId.of("America/New_York"), "\"America/New_York\""),
        arguments(ZoneId.class, ZoneOffset.UTC, "\"Z\""),
        arguments(ZoneOffset.class, ZoneOffset.ofHoursMinutes(5, 30), "\"+05:30\""));
  }

  @ParameterizedTest
  @MethodSource("scalars")
  <T> void scalar_hasThisTextAndReturns(Class<T> type, T value, String json) {
    assertCarried(TypeRef.of(type), value, json);
  }

  @ParameterizedTest
  @MethodSource("scalars")
  <T> void null_returnsForEachScalar(Class<T> type, T value, String json) {
    assertCarried(TypeRef.of(type), null, "null");
  }

  @Test
  void null_isTheOnlyValueOfVoid() {
    assertCarried(TypeRef.of(Void.class), null, "null");
    assertThatThrownBy(() -> decode(TypeRef.of(Void.class), "{}"))
        .hasMessage("cannot decode Void at $: expected null, was an object");
    assertThatThrownBy(() -> decode(TypeRef.of(Void.class), "\"a\""))
        .hasMessage("cannot decode Void at $: expected null, was \"a\"");
  }

  @Test
  void sequence_keepsOrderAndNulls() {
    @SuppressWarnings({"unchecked", "rawtypes"})
    Optional<String>[] optionals = new Optional[] {Optional.of("a"), Optional.empty()};

    assertCarried(new TypeRef<List<Integer>>() {}, Arrays.asList(3, null, 1), "[3,null,1]");
    assertCarried(new TypeRef<Collection<String>>() {}, List.of("b", "a"), "[\"b\",\"a\"]");
    assertCarried(
        new TypeRef<Set<String>>() {}, new LinkedHashSet<>(List.of("b", "a")), "[\"b\",\"a\"]");
    assertCarried(TypeRef.of(int[][].class), new int[][] {{1, 2}, {}, null}, "[[1,2],[],null]");
    assertCarried(new TypeRef<Optional<String>[]>() {}, optionals, "[\"a\",null]");
  }

  @Test
  void map_keepsOrderAndNulls() {
    Map<String, Integer> byName = new LinkedHashMap<>();
    byName.put("z", 1);
    byName.put("", null);
    Map<Sign, List<Integer>> bySign = new LinkedHashMap<>();
    bySign.put(Sign.PLUS, List.of(1));
    bySign.put(Sign.MINUS, List.of());

    assertCarried(new TypeRef<Map<String, Integer>>() {}, byName, "{\"z\":1,\"\":null}");
    assertCarried(
        new TypeRef<Map<Sign, List<Integer>>>() {}, bySign, "{\"PLUS\":[1],\"MINUS\":[]}");
  }

  @Test
  void decoded_collectionsCannotBeChanged() {
    List<Integer> list = decode(new TypeRef<>() {}, "[1]");
    Set<Integer> set = decode(new TypeRef<>() {}, "[1]");
    Map<String, Integer> map = decode(new TypeRef<>() {}, "{\"a\":1}");

    assertThatThrownBy(() -> list.add(2)).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> set.add(2)).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> map.put("b", 2)).isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void record_hasItsComponentsInOrder() {
    var order =
        new Order(
            7,
            new Customer("Ada", Optional.of("ada@a.example")),
            List.of(new Line("pen", new BigDecimal("1.20")), new Line("ink", null)),
            Map.of("k", Sign.MINUS));

    assertCarried(
        TypeRef.of(Order.class),
        order,
        "{\"id\":7,\"customer\":{\"name\":\"Ada\",\"mail\":\"ada@a.example\"},"
            + "\"lines\":[{\"item\":\"pen\",\"price\":1.20},{\"item\":\"ink\",\"price\":null}],"
            + "\"signs\":{\"k\":\"MINUS\"}}");
  }

  @Test
  void record_mayBeGenericAndRecursive() {
    var tree = new Tree<>("root", List.of(new Tree<>("leaf", List.of())));
    record Chain(int n, Optional<Chain> next) {}

    assertCarried(
        new TypeRef<Tree<String>>() {},
        tree,
        "{\"value\":\"root\",\"children\":[{\"value\":\"leaf\",\"children\":[]}]}");
    assertCarried(
        new TypeRef<Pair<Integer, List<? extends Pair<String[], Boolean>>>>() {},
        new Pair<>(1, List.of()),
        "{\"left\":1,\"right\":[]}");
    assertCarried(
        TypeRef.of(Chain.class),
        new Chain(1, Optional.of(new Chain(2, Optional.empty()))),
        "{\"n\":1,\"next\":{\"n\":2,\"next\":null}}");
    assertCarried(TypeRef.of(Nothing.class), new Nothing(), "{}");
  }

  @Test
  void decode_skipsUnknownProperties() {
    assertThat(
            decode(
                TypeRef.of(Customer.class),
                " { \"new\" : [ { \"a\" : [1, -2.5e-3, true, false, null] }, {} ] ,\n"
                    + "\t\"name\" : \"A\\u00e9\\ud83d\\ude00\\/\" , \"mail\":\"m\" } "))
        .isEqualTo(new Customer("Aé😀/", Optional.of("m")));
  }

  @Test
  void decode_takesMissingPropertiesForAbsent() {
    assertThat(decode(TypeRef.of(Customer.class), "{}"))
        .isEqualTo(new Customer(null, Optional.empty()));
  }

  @Test
  void decode_refusesAMissingPrimitive() {
    assertThatThrownBy(() -> decode(TypeRef.of(Order.class), "{}"))
        .isInstanceOf(CodecException.class)
        .hasMessage("cannot decode Order at $.id: expected a 64-bit integer, was missing");
    assertThatThrownBy(() -> decode(TypeRef.of(Order.class), "{\"id\":null}"))
        .hasMessage("cannot decode Order at $.id: expected a 64-bit integer, was null");
  }

  @Test
  void decode_namesThePlace() {
    String json = "{\"id\":1,\"lines\":[{\"price\":1},{\"price\":\"abc\"}]}";

    assertThatThrownBy(() -> decode(new TypeRef<List<Order>>() {}, "[" + json + "]"))
        .isInstanceOfSatisfying(
            CodecException.class,
            e -> {
              assertThat(e.type()).isEqualTo("java.util.List<" + Order.class.getName() + ">");
              assertThat(e.path()).isEqualTo("$[0].lines[1].price");
              assertThat(e.problem()).isEqualTo("expected a number, was \"abc\"");
            })
        .hasMessage(
            "cannot decode List<Order> at $[0].lines[1].price: expected a number, was \"abc\"");
    assertThatThrownBy(() -> decode(new TypeRef<Map<String, Byte>>() {}, "{\"a b\":128}"))
        .hasMessage(
            "cannot decode Map<String, Byte> at $[\"a b\"]: expected an 8-bit integer, was 128");
  }

  @Test
  void decode_namesTheConstructorThatRefused() {
    assertThatThrownBy(() -> decode(TypeRef.of(Positive.class), "{\"value\":-1}"))
        .isInstanceOf(CodecException.class)
        .hasMessage(
            "cannot decode Positive at $: constructor of Positive threw"
                + " IllegalArgumentException: value must be positive, was -1")
        .hasCauseInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void encode_namesThePlace() {
    List<String> polluted = new ArrayList<>();
    @SuppressWarnings("unchecked")
    List<Object> open = (List<Object>) (List<?>) polluted;
    open.add(5);

    assertThatThrownBy(() -> codec.encode(new TypeRef<List<String>>() {}, polluted))
        .isInstanceOf(CodecException.class)
        .hasMessage(
            "cannot encode List<String> at $[0]: expected java.lang.String, was java.lang.Integer");
    assertThatThrownBy(
            () ->
                codec.encode(TypeRef.of(Customer.class), new Customer("a\ud800", Optional.empty())))
        .hasMessage("cannot encode Customer at $.name: unpaired surrogate U+D800 at character 1");
    assertThatThrownBy(() -> codec.encode(TypeRef.of(double[].class), new double[] {0, 0. / 0}))
        .hasMessage("cannot encode double[] at $[1]: expected a finite number, was NaN");
    Map<String, String> nullKey = new LinkedHashMap<>();
    nullKey.put(null, "");
    assertThatThrownBy(() -> codec.encode(new TypeRef<Map<String, String>>() {}, nullKey))
        .hasMessage(
            "cannot encode Map<String, String> at $:"
                + " expected a key of type java.lang.String, was null");
  }

  @Test
  void id_isTheOneOfTheFormat() {
    assertThat(codec.id()).isEqualTo("json");
  }

  private <T> void assertCarried(TypeRef<T> type, T value, String json) {
    byte[] bytes = codec.encode(type, value);

    assertThat(new String(bytes, UTF_8)).isEqualTo(json);
    assertThat(codec.decode(type, bytes)).isEqualTo(value);
  }

  private <T> T decode(TypeRef<T> type, String json) {
    return codec.decode(type, json.getBytes(UTF_8));
  }

  enum Sign {
    PLUS,
    MINUS {
      @Override
      public String toString() {
        return "-";
      }
    }
  }

  record Order(long id, Customer customer, List<Line> lines, Map<String, Sign> signs) {}

  record Customer(String name, Optional<String> mail) {}

  private record Line(String item, BigDecimal price) {}

  record Tree<T>(T value, List<Tree<T>> children) {}

  record Pair<L, R>(L left, R right) {}

  record Nothing() {}

  record Positive(int value) {
    Positive {
      if (value < 1) {
        throw new IllegalArgumentException("value must be positive, was " + value);
      }
    }
  }
}
