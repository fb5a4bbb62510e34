// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import dev.belfry.run.TypeRef;
import dev.belfry.store.Codec;
import dev.belfry.store.CodecException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.DayOfWeek;
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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JacksonCodecTest {
  private static final TypeRef<Bean> BEAN = TypeRef.of(Bean.class);

  private final Codec standard = Codec.standard();
  private final Codec jackson = JacksonCodec.create();

  @Test
  void closedType_goesThroughTheStandardCodec() {
    byte[] bytes = jackson.encode(TypeRef.of(Values.class), values());

    assertThat(bytes).isEqualTo(standard.encode(TypeRef.of(Values.class), values()));
    assertThat(jackson.decode(TypeRef.of(Values.class), bytes)).isEqualTo(values());
    assertThat(jackson.id()).isEqualTo(standard.id());
  }

  @Test
  void jackson_writesAndReadsTheBytesOfTheStandardCodec() {
    String closed = new String(standard.encode(TypeRef.of(Values.class), values()), UTF_8);

    byte[] bytes = jackson.encode(TypeRef.of(Holder.class), new Holder(values()));

    assertThat(new String(bytes, UTF_8)).isEqualTo("{\"held\":" + closed + "}");
    assertThat(jackson.decode(TypeRef.of(Holder.class), bytes).held).isEqualTo(values());
  }

  @Test
  void jackson_agreesOnAbsence() {
    Values read =
        jackson.decode(
                TypeRef.of(Holder.class),
                bytes("{\"held\":{\"flag\":true," + "\"number\":1,\"real\":2}}"))
            .held;

    assertThat(read)
        .isEqualTo(
            standard.decode(
                TypeRef.of(Values.class), bytes("{\"flag\":true,\"number\":1,\"real\":2}")));
    assertThatThrownBy(
            () -> jackson.decode(TypeRef.of(Holder.class), bytes("{\"held\":{\"flag\":null}}")))
        .isInstanceOf(CodecException.class)
        .hasMessageStartingWith("cannot decode Holder at $.held.flag: ");
  }

  @Test
  void bean_isCarried() {
    Bean bean = new Bean();
    bean.name = "é😀";
    bean.due = Instant.EPOCH;
    bean.wait = Optional.of(Duration.ofSeconds(90));

    byte[] bytes = jackson.encode(BEAN, bean);

    assertThat(new String(bytes, UTF_8))
        .isEqualTo(
            "{\"name\":\"é😀\",\"due\":\"1970-01-01T00:00:00Z\",\"wait\":\"PT1M30S\","
                + "\"numbers\":[],\"blob\":\"/wA+Pw==\",\"next\":null}");
    assertThat(jackson.decode(BEAN, bytes)).usingRecursiveComparison().isEqualTo(bean);
    assertThat(jackson.decode(BEAN, bytes("{\"name\":\"a\",\"unknown\":[1]}")).name).isEqualTo("a");
    assertThat(jackson.decode(BEAN, jackson.encode(BEAN, null))).isNull();
    assertThat(jackson.decode(new TypeRef<Optional<Bean>>() {}, bytes("null"))).isEmpty();
  }

  @Test
  void annotations_areObservedAlsoOnRecords() {
    TypeRef<Renamed> type = TypeRef.of(Renamed.class);

    assertThat(new String(jackson.encode(type, new Renamed(1)), UTF_8)).isEqualTo("{\"n\":1}");
    assertThat(jackson.decode(type, bytes("{\"n\":1}"))).isEqualTo(new Renamed(1));
    assertThatThrownBy(() -> standard.check(type))
        .hasMessage(
            "type dev.belfry.jdbc.JacksonCodecTest$Renamed has Jackson annotations, which the"
                + " standard codec would ignore; add scheduler-jdbc for its Jackson codec or remove"
                + " them");
  }

  @Test
  void subtypes_areCarriedByName() {
    TypeRef<List<Shape>> type = new TypeRef<>() {};
    List<Shape> shapes = List.of(new Circle(1), new Square(2));
    jackson.check(type);

    byte[] bytes = jackson.encode(type, shapes);

    assertThat(new String(bytes, UTF_8))
        .isEqualTo("[{\"kind\":\"circle\",\"r\":1},{\"kind\":\"square\",\"a\":2}]");
    assertThat(jackson.decode(type, bytes)).isEqualTo(shapes);
  }

  @Test
  void check_refusesTypesNamedByClass() {
    assertThatThrownBy(() -> jackson.check(TypeRef.of(Open.class)))
        .isInstanceOf(CodecException.class)
        .hasMessage(
            "type dev.belfry.jdbc.JacksonCodecTest$Open is not supported by the Jackson codec:"
                + " dev.belfry.jdbc.JacksonCodecTest$Open takes class names from stored data; name"
                + " the subtypes with @JsonTypeInfo(use = NAME) and @JsonSubTypes instead");
    assertThatThrownBy(() -> jackson.check(TypeRef.of(OpenProperty.class)))
        .isInstanceOf(CodecException.class)
        .hasMessage(
            "type dev.belfry.jdbc.JacksonCodecTest$OpenProperty is not supported by the Jackson"
                + " codec: dev.belfry.jdbc.JacksonCodecTest$OpenProperty#any takes class names from"
                + " stored data; name the subtypes with @JsonTypeInfo(use = NAME) and @JsonSubTypes"
                + " instead");
  }

  @Test
  void decode_refusesTypesNamedByClass() {
    assertThatThrownBy(
            () -> jackson.decode(TypeRef.of(Open.class), bytes("{\"@class\":\"x.Gadget\"}")))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("takes class names from stored data");
  }

  @Test
  void check_refusesTypesThatCannotBeMade() {
    assertThatThrownBy(() -> jackson.check(TypeRef.of(Runnable.class)))
        .isInstanceOf(CodecException.class)
        .hasMessageStartingWith(
            "type java.lang.Runnable is not supported by the Jackson codec: Cannot construct");
  }

  @Test
  void with_refusesDefaultTyping() {
    var mapper = new ObjectMapper();
    mapper.activateDefaultTyping(
        BasicPolymorphicTypeValidator.builder().allowIfBaseType(Object.class).build());

    assertThatThrownBy(() -> JacksonCodec.with(mapper))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "mapper must not have default typing: it takes class names from stored data; name the"
                + " subtypes with @JsonTypeInfo(use = NAME) and @JsonSubTypes instead");
  }

  @Test
  void with_leavesTheMapperAloneAndItsLeniencyBehind() {
    var mapper = new ObjectMapper();
    mapper.enable(SerializationFeature.INDENT_OUTPUT);
    mapper.enable(JsonParser.Feature.ALLOW_COMMENTS);

    Codec codec = JacksonCodec.with(mapper);

    assertThat(new String(codec.encode(BEAN, new Bean()), UTF_8)).doesNotContain("\n");
    assertThatThrownBy(() -> codec.decode(BEAN, bytes("/**/{}")))
        .isInstanceOf(CodecException.class);
    assertThat(mapper.isEnabled(SerializationFeature.INDENT_OUTPUT)).isTrue();
    assertThat(mapper.isEnabled(JsonParser.Feature.ALLOW_COMMENTS)).isTrue();
    assertThat(mapper.getRegisteredModuleIds()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{} x",
        "{}{}",
        "\uFEFF{}",
        "{\"name\":\"a\",\"name\":\"b\"}",
        "{\"unknown\":{\"x\":1,\"x\":2}}",
        "{\"name\":\"a\",}",
        "{'name':1}",
        "{\"numbers\":[NaN]}",
        "",
        "{\"due\":{}}",
        "{\"due\":true}",
        "{\"due\":\"tomorrow\"}"
      })
  void decode_refusesWhatTheStandardCodecRefuses(String json) {
    assertThatThrownBy(() -> jackson.decode(BEAN, bytes(json)))
        .isInstanceOf(CodecException.class)
        .hasMessageStartingWith("cannot decode Bean at $");
  }

  @Test
  void decode_refusesHostileSizes() {
    assertThatThrownBy(() -> jackson.decode(BEAN, bytes("{\"unknown\":" + "[".repeat(100_000))))
        .isInstanceOf(CodecException.class);
    assertThatThrownBy(() -> jackson.decode(BEAN, bytes("{\"next\":".repeat(100_000))))
        .isInstanceOf(CodecException.class);
    assertThatThrownBy(
            () -> jackson.decode(BEAN, bytes("{\"numbers\":[" + "9".repeat(1_000_000) + "]}")))
        .isInstanceOf(CodecException.class);
    assertThatThrownBy(() -> jackson.decode(BEAN, new byte[] {'{', (byte) 0xff}))
        .hasMessage("cannot decode Bean at $: malformed UTF-8");
    assertThatThrownBy(() -> jackson.decode(BEAN, "{}".getBytes(UTF_16LE)))
        .isInstanceOf(CodecException.class);
  }

  @Test
  void decode_namesThePlace() {
    assertThatThrownBy(
            () -> jackson.decode(new TypeRef<List<Bean>>() {}, bytes("[{\"due\":\"tomorrow\"}]")))
        .hasMessage(
            "cannot decode List<Bean> at $[0].due: expected an instant such as"
                + " 2007-12-03T10:15:30Z, was \"tomorrow\"");
  }

  @Test
  void encode_refusesWhatCannotBeReadBack() {
    Bean bean = new Bean();
    bean.name = "a\ud800";
    assertThatThrownBy(() -> jackson.encode(BEAN, bean))
        .hasMessage("cannot encode Bean at $: unpaired surrogate in a string");

    bean.name = "";
    bean.numbers = new double[] {1, Double.NaN};
    assertThatThrownBy(() -> jackson.encode(BEAN, bean))
        .hasMessage("cannot encode Bean at $.numbers: expected a finite number, was NaN");

    bean.numbers = new double[0];
    bean.next = bean;
    assertThatThrownBy(() -> jackson.encode(BEAN, bean)).isInstanceOf(CodecException.class);
  }

  private static byte[] bytes(String json) {
    return json.getBytes(UTF_8);
  }

  private static Values values() {
    Instant instant = Instant.ofEpochSecond(1, 1000);
    LocalDateTime local = LocalDateTime.of(12024, 2, 29, 1, 0);
    return new Values(
        true,
        Long.MIN_VALUE,
        1e-5,
        0.1f,
        'é',
        BigInteger.TEN,
        Arrays.asList(new BigDecimal("1E+3"), null, new BigDecimal("0.00")),
        "\0\u001f\u007f\"\\/\b\t\u2028😀<>&'",
        DayOfWeek.FRIDAY,
        new UUID(1, 2),
        URI.create("a:b"),
        Optional.of(Optional.class.getName()),
        Optional.empty(),
        Set.of("x"),
        Map.of("ké\n", List.of(true)),
        Map.of(DayOfWeek.MONDAY, 1),
        new Times(
            instant,
            LocalDate.of(2024, 2, 29),
            LocalTime.NOON,
            local,
            OffsetDateTime.of(local, ZoneOffset.UTC),
            OffsetTime.MAX,
            ZonedDateTime.ofInstant(instant, ZoneId.of("Europe/Paris")),
            YearMonth.of(12024, 1),
            MonthDay.of(2, 29),
            Year.of(2024),
            Duration.ofMillis(1500),
            Period.ofDays(3),
            ZoneId.of("UTC"),
            ZoneOffset.ofHours(2)));
  }

  record Values(
      boolean flag,
      long number,
      double real,
      Float small,
      Character letter,
      BigInteger big,
      List<BigDecimal> amounts,
      String text,
      DayOfWeek day,
      UUID uuid,
      URI uri,
      Optional<String> some,
      Optional<String> none,
      Set<String> set,
      Map<String, List<Boolean>> map,
      Map<DayOfWeek, Integer> days,
      Times times) {}

  record Times(
      Instant instant,
      LocalDate date,
      LocalTime time,
      LocalDateTime local,
      OffsetDateTime offset,
      OffsetTime offsetTime,
      ZonedDateTime zoned,
      YearMonth month,
      MonthDay monthDay,
      Year year,
      Duration duration,
      Period period,
      ZoneId zone,
      ZoneOffset zoneOffset) {}

  /** Not a record, so that Jackson writes what it holds. */
  static final class Holder {
    public final Values held;

    Holder(@JsonProperty("held") Values held) {
      this.held = held;
    }
  }

  static final class Bean {
    public String name = "";
    public Instant due = Instant.MAX;
    public Optional<Duration> wait = Optional.empty();
    public double[] numbers = {};
    public byte[] blob = {-1, 0, 62, 63};
    public Bean next;
  }

  record Renamed(@JsonProperty("n") int number) {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({@JsonSubTypes.Type(Circle.class), @JsonSubTypes.Type(Square.class)})
  sealed interface Shape {}

  @JsonTypeName("circle")
  record Circle(int r) implements Shape {}

  @JsonTypeName("square")
  record Square(int a) implements Shape {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
  interface Open {}

  static final class OpenProperty {
    @JsonTypeInfo(use = JsonTypeInfo.Id.MINIMAL_CLASS)
    public Object any;
  }
}
