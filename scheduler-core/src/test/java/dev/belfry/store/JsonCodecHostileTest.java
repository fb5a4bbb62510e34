// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.run.TypeRef;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class JsonCodecHostileTest {
  private static final TypeRef<Item> ITEM = TypeRef.of(Item.class);

  private final Codec codec = Codec.standard();

  @ParameterizedTest
  @ValueSource(strings = {"[", "{\"a\":", "[[],", "{\"a\":[1,{\"b\":2}],\"c\":"})
  void decode_refusesDeepNesting(String open) {
    assertThatThrownBy(() -> decode(ITEM, "{\"unknown\":" + open.repeat(100_000)))
        .isInstanceOf(CodecException.class)
        .hasMessage("cannot decode Item at $.unknown: nested deeper than 100 levels");
  }

  @Test
  void nesting_mayBeAHundredLevelsDeep() {
    Chain hundred = chain(100);

    assertThat(
            codec.decode(TypeRef.of(Chain.class), codec.encode(TypeRef.of(Chain.class), hundred)))
        .isEqualTo(hundred);
    assertThatThrownBy(() -> codec.encode(TypeRef.of(Chain.class), chain(101)))
        .hasMessage(
            "cannot encode Chain at $" + ".next".repeat(100) + ": nested deeper than 100 levels");
  }

  @Test
  void encode_refusesAValueThatHoldsItself() {
    List<Node> nodes = new ArrayList<>();
    nodes.add(new Node(nodes));

    assertThatThrownBy(() -> codec.encode(new TypeRef<List<Node>>() {}, nodes))
        .hasMessage(
            "cannot encode List<Node> at $"
                + "[0].nodes".repeat(50)
                + ": nested deeper than 100 levels");
  }

  @Test
  void decode_refusesALongNumber() {
    String number = "9".repeat(1_000_000);

    assertThatThrownBy(() -> decode(ITEM, "{\"amount\":" + number + "}"))
        .hasMessage(
            "cannot decode Item at $.amount: a number has at most 1000 characters, was 1000000");
    assertThatThrownBy(() -> decode(ITEM, "{\"unknown\":-0." + number + "}"))
        .hasMessage(
            "cannot decode Item at $.unknown: a number has at most 1000 characters, was 1000003");
    assertThatThrownBy(() -> decode(TypeRef.of(Double.class), "1E" + number))
        .hasMessage("cannot decode Double at $: a number has at most 1000 characters, was 1000002");
  }

  @Test
  void encode_refusesALongNumber() {
    assertThatThrownBy(() -> codec.encode(TypeRef.of(BigInteger.class), BigInteger.TEN.pow(1000)))
        .hasMessage(
            "cannot encode BigInteger at $: a number has at most 1000 characters, was 1001");
    assertThat(codec.encode(TypeRef.of(BigInteger.class), BigInteger.TEN.pow(999))).hasSize(1000);
  }

  @Test
  void decode_refusesDuplicates() {
    assertThatThrownBy(() -> decode(ITEM, "{\"name\":\"a\",\"name\":\"b\"}"))
        .hasMessage("cannot decode Item at $: property \"name\" occurs twice");
    assertThatThrownBy(() -> decode(ITEM, "{\"x\":1,\"\\u0078\":2}"))
        .hasMessage("cannot decode Item at $: property \"x\" occurs twice");
    assertThatThrownBy(() -> decode(ITEM, "{\"x\":[{\"y\":1,\"y\":2}]}"))
        .hasMessage("cannot decode Item at $.x: property \"y\" occurs twice");
    assertThatThrownBy(() -> decode(new TypeRef<Map<String, Integer>>() {}, "{\"a\":1,\"a\":2}"))
        .hasMessage("cannot decode Map<String, Integer> at $.a: this key occurs twice");
  }

  @Test
  void decode_takesNoClassFromTheData() {
    String gadget = "{\"@class\":\"java.net.URL\",\"@type\":\"x\",\"name\":\"n\"}";

    assertThat(decode(ITEM, gadget)).isEqualTo(new Item("n", null));
    assertThatThrownBy(() -> decode(ITEM, "[\"java.net.URL\",\"http://a.example\"]"))
        .hasMessage("cannot decode Item at $: expected an object, was an array");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "\\ud800 | unpaired surrogate U+D800 at character 0",
        "a\\udc00 | unpaired surrogate U+DC00 at character 1",
        "\\ud800\\ud800\\udc00 | unpaired surrogate U+D800 at character 0",
        "\\x | expected one of \"\\/bfnrtu after a backslash at character 2, was 'x'",
        "\\u12g4 | expected four hexadecimal digits at character 5, was 'g'",
        "a\t. | expected an escape, as control characters need one, at character 2, was U+0009",
      })
  void decode_refusesABadString(String content, String problem) {
    assertThatThrownBy(() -> decode(TypeRef.of(String.class), '"' + content + '"'))
        .hasMessage("cannot decode String at $: " + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        " | expected a value at character 0, was the end",
        "{} x | expected the end at character 3, was 'x'",
        "{}{} | expected the end at character 2, was '{'",
        "{}\0. | expected the end at character 2, was U+0000",
        "\uFEFF{} | expected a value at character 0, was U+FEFF",
        "{'name':1} | expected a property name at character 1, was '''",
        "{\"name\" 1} | expected ':' at character 8, was '1'",
        "{\"name\":\"a\",} | expected a property name at character 12, was '}'",
        "{\"x\":1 \"y\":2} | expected ',' or '}' at character 7, was '\"'",
        "{\"x\":1 | expected ',' or '}' at character 6, was the end",
        "{ | expected a property name at character 1, was the end",
        "// {} | expected a value at character 0, was '/'",
      })
  void decode_refusesWhatIsNotJson(String json, String problem) {
    assertThatThrownBy(() -> decode(ITEM, json == null ? "" : json))
        .isInstanceOf(CodecException.class)
        .hasMessage("cannot decode Item at $: " + problem);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "01",
        "+1",
        "-",
        "1.",
        ".5",
        "1e",
        "1e+",
        "0x1",
        "NaN",
        "Infinity",
        "1f",
        "1_0",
        "tru",
        "True",
        "nul",
        "nulll",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[",
        "]",
        "\"",
        "\"a",
        "'a'",
        "{a:1}",
        "[1}",
        "{]",
        "\u0661",
        "\"\\",
        "\"\\u1",
        "/**/1",
        "\u00a01",
        "1,",
        "{\"a\"}",
        "{\"a\":}"
      })
  void decode_refusesWhatOtherReadersForgive(String json) {
    assertThatThrownBy(() -> decode(ITEM, "{\"unknown\":" + json))
        .isInstanceOf(CodecException.class)
        .hasMessageStartingWith("cannot decode Item at $");
    assertThatThrownBy(() -> decode(TypeRef.of(BigDecimal.class), json))
        .isInstanceOf(CodecException.class)
        .hasMessageStartingWith("cannot decode BigDecimal at $: ");
  }

  @Test
  void decode_refusesMalformedUtf8() {
    byte[][] malformed = {
      {'"', (byte) 0xff, '"'},
      {'"', (byte) 0xc0, (byte) 0x80, '"'},
      {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'},
      {'"', (byte) 0xf5, (byte) 0x80, (byte) 0x80, (byte) 0x80, '"'},
      {'"', (byte) 0xe2, (byte) 0x82},
    };

    for (byte[] bytes : malformed) {
      assertThatThrownBy(() -> codec.decode(TypeRef.of(String.class), bytes))
          .isInstanceOf(CodecException.class)
          .hasMessage("cannot decode String at $: malformed UTF-8 at byte 1");
    }
  }

  @Test
  void decode_refusesNumbersOutOfRange() {
    assertThatThrownBy(() -> decode(TypeRef.of(Integer.class), "2147483648"))
        .hasMessage("cannot decode Integer at $: expected a 32-bit integer, was 2147483648");
    assertThatThrownBy(() -> decode(TypeRef.of(Long.class), "1.0"))
        .hasMessage("cannot decode Long at $: expected a 64-bit integer, was 1.0");
    assertThatThrownBy(() -> decode(TypeRef.of(Double.class), "1e999"))
        .hasMessage("cannot decode Double at $: expected a number, was 1e999");
    assertThatThrownBy(() -> decode(TypeRef.of(UUID.class), "\"1-1-1-1-1\""))
        .hasMessage("cannot decode UUID at $: expected a UUID, was \"1-1-1-1-1\"");
  }

  @Test
  void messages_shortenWhatTheyShow() {
    assertThatThrownBy(() -> decode(TypeRef.of(Integer.class), '"' + "\\n😀".repeat(5000) + '"'))
        .hasMessage(
            "cannot decode Integer at $: expected a 32-bit integer, was \""
                + "U+000A😀".repeat(50)
                + "…\"");
  }

  @Test
  void decode_takesManyCollidingNamesInReasonableTime() {
    String[] equalHashes = {"Aa", "BB"};
    String members =
        IntStream.range(0, 1 << 16)
            .mapToObj(i -> name(i, equalHashes))
            .map(name -> '"' + name + "\":1")
            .collect(Collectors.joining(",", "{", "}"));

    assertThat(decode(ITEM, members)).isEqualTo(new Item(null, null));
    assertThat(decode(new TypeRef<Map<String, Integer>>() {}, members)).hasSize(1 << 16);
  }

  @Test
  void decode_namesAnExceptionThatHidesItsMessage() {
    assertThatThrownBy(() -> decode(TypeRef.of(Rude.class), "{}"))
        .isInstanceOf(CodecException.class)
        .hasMessage(
            "cannot decode Rude at $: constructor of Rude threw Silent:"
                + " no message, as getMessage() threw too");
  }

  @Test
  void encode_refusesMapsWithOtherKeysThanDeclared() {
    Map<Object, Integer> polluted = new HashMap<>();
    polluted.put(1, 1);
    @SuppressWarnings("unchecked")
    Map<String, Integer> declared = (Map<String, Integer>) (Map<?, ?>) polluted;

    assertThatThrownBy(() -> codec.encode(new TypeRef<Map<String, Integer>>() {}, declared))
        .hasMessage(
            "cannot encode Map<String, Integer> at $:"
                + " expected a key of type java.lang.String, was java.lang.Integer");
  }

  private <T> T decode(TypeRef<T> type, String json) {
    return codec.decode(type, json.getBytes(UTF_8));
  }

  private static Chain chain(int length) {
    var chain = new Chain(Optional.empty());
    for (int i = 1; i < length; i++) {
      chain = new Chain(Optional.of(chain));
    }
    return chain;
  }

  private static String name(int bits, String[] parts) {
    return IntStream.range(0, 16).mapToObj(i -> parts[bits >> i & 1]).collect(Collectors.joining());
  }

  record Item(String name, BigDecimal amount) {}

  record Chain(Optional<Chain> next) {}

  record Node(List<Node> nodes) {}

  record Rude() {
    Rude {
      throw new Silent();
    }
  }

  static final class Silent extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalStateException();
    }
  }
}
