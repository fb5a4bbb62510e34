// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.belfry.run.TypeRef;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random values return as they were, and the same value always gives the same bytes. */
class JsonCodecRoundTripTest {
  private static final List<TimeUnit> UNITS = List.of(TimeUnit.values());
  private static final TypeRef<Tree<Everything>> TYPE = new TypeRef<>() {};
  private static final List<ZoneId> ZONES =
      ZoneId.getAvailableZoneIds().stream().sorted().map(ZoneId::of).toList();

  private final Codec codec = Codec.standard();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34})
  void decode_givesWhatWasEncoded(long seed) {
    var random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      Tree<Everything> value = tree(random, 4);

      byte[] bytes = codec.encode(TYPE, value);
      Tree<Everything> decoded = codec.decode(TYPE, bytes);

      assertThat(decoded).as("value %d of seed %d", i, seed).isEqualTo(value);
      assertThat(codec.encode(TYPE, decoded)).isEqualTo(bytes);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 5})
  void decode_ofDamagedBytesThrowsNothingElse(long seed) {
    var random = new Random(seed);
    int refused = 0;
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = codec.encode(TYPE, tree(random, 2));
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);

      Throwable thrown = catchThrowable(() -> codec.decode(TYPE, bytes));

      if (thrown != null) {
        assertThat(thrown).as("%d of seed %d", i, seed).isInstanceOf(CodecException.class);
        refused++;
      }
    }
    assertThat(refused).isBetween(500, 1999);
  }

  private static Tree<Everything> tree(Random random, int depth) {
    int children = depth == 0 ? 0 : random.nextInt(3);
    Map<String, Everything> values = new LinkedHashMap<>();
    values.put(text(random), orNull(random, () -> everything(random)));
    return new Tree<>(
        values, Stream.generate(() -> tree(random, depth - 1)).limit(children).toList());
  }

  private static Everything everything(Random random) {
    return new Everything(
        random.nextBoolean(),
        random.nextLong(),
        finite(Double.longBitsToDouble(random.nextLong())),
        (float) finite(Float.intBitsToFloat(random.nextInt())),
        Optional.ofNullable(orNull(random, () -> text(random))),
        orNull(random, () -> new BigDecimal(new BigInteger(200, random), random.nextInt())),
        UNITS.get(random.nextInt(UNITS.size())),
        times(random));
  }

  private static Times times(Random random) {
    LocalDateTime local =
        LocalDateTime.ofEpochSecond(
            random.nextLong() >> 10, random.nextInt(1_000_000_000), ZoneOffset.UTC);
    return new Times(
        local,
        local.toInstant(ZoneOffset.UTC),
        Instant.ofEpochMilli(random.nextInt()),
        local.withYear(2024).atZone(ZONES.get(random.nextInt(ZONES.size()))),
        Duration.ofSeconds(random.nextLong(), random.nextInt(1_000_000_000)),
        Period.of(random.nextInt(), random.nextInt(), random.nextInt()),
        YearMonth.of(random.nextInt(-999_999_999, 999_999_999), 1 + random.nextInt(12)),
        Year.of(random.nextInt(-999_999_999, 999_999_999)));
  }

  private static double finite(double value) {
    return Double.isFinite(value) ? value : 0;
  }

  private static String text(Random random) {
    return random
        .ints(random.nextInt(8), 0, Character.MAX_CODE_POINT + 1)
        .map(c -> random.nextBoolean() ? c & 0x7f : c)
        .filter(c -> Character.getType(c) != Character.SURROGATE)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static <T> T orNull(Random random, Supplier<T> value) {
    return random.nextInt(5) == 0 ? null : value.get();
  }

  record Tree<T>(Map<String, T> values, List<Tree<T>> children) {}

  record Everything(
      boolean flag,
      Long number,
      double real,
      float small,
      Optional<String> text,
      BigDecimal amount,
      TimeUnit unit,
      Times times) {}

  record Times(
      LocalDateTime local,
      Instant far,
      Instant near,
      ZonedDateTime zoned,
      Duration duration,
      Period period,
      YearMonth month,
      Year year) {}
}
