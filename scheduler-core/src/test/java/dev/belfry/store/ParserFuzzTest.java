// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.LedgerCursor;
import dev.belfry.run.RunId;
import dev.belfry.run.TypeRef;
import dev.belfry.schedule.CronDialect;
import dev.belfry.schedule.CronExpression;
import dev.belfry.schedule.CronParseException;
import dev.belfry.schedule.Schedule;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Any text is read or refused by name; what was read is written so that it is read again. */
@Timeout(60)
class ParserFuzzTest {
  private record Line(String name, BigDecimal price, Optional<Integer> count) {}

  private record Order(
      Instant at, List<Line> lines, Map<String, Double> rates, boolean paid, byte[] stamp) {}

  private static final TypeRef<Order> ORDER = TypeRef.of(Order.class);

  private final Codec codec = Codec.standard();

  @Test
  void json_isDecodedOrRefusedByItsCodec() {
    String good =
        new String(
            codec.encode(
                ORDER,
                new Order(
                    Instant.parse("2026-03-29T01:00:00.000001Z"),
                    List.of(
                        new Line("pencil \"H\"\n", new BigDecimal("1.50"), Optional.of(3)),
                        new Line("漢字 😀", new BigDecimal("-1E+3"), Optional.empty())),
                    Map.of("vat", 0.19, "none", -0.0),
                    true,
                    new byte[] {0, -1, 127})),
            UTF_8);
    var decoded = new int[1];
    new Mutations(1, good, "{\"at\":null}", "{}")
        .forEach(text -> decoded[0] += readJson(text.getBytes(UTF_8)) ? 1 : 0);

    assertThat(decoded[0]).as("texts that were decoded").isGreaterThan(20);
  }

  @Test
  void bytesThatAreNoText_areRefusedByTheCodec() {
    var random = new SplittableRandom(2);
    byte[] good = "{\"at\":\"2026-03-29T01:00:00Z\",\"paid\":true}".getBytes(UTF_8);
    for (int i = 0; i < 5_000; i++) {
      byte[] bytes = good.clone();
      for (int changes = random.nextInt(4); changes >= 0; changes--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      readJson(bytes);
    }
  }

  private boolean readJson(byte[] bytes) {
    Order order;
    try {
      order = codec.decode(ORDER, bytes);
    } catch (CodecException e) {
      assertThat(e.getMessage()).startsWith("cannot decode Order");
      return false;
    }
    byte[] written = codec.encode(ORDER, order);
    assertThat(codec.encode(ORDER, codec.decode(ORDER, written))).isEqualTo(written);
    return true;
  }

  @Test
  void cronText_isParsedOrRefusedWithItsPlace() {
    String[] good = {
      "*/15 0-5/2,8 1,15 JAN-MAR,6-9/2 mon-fri",
      "0 30 4/2 L-3,LW,15W 4/2 FRI#2,5L",
      "0 */5 22-2 ? NOV-FEB 2#5 2024-2040/2",
      "@hourly"
    };
    for (CronDialect dialect : CronDialect.values()) {
      new Mutations(3, good).forEach(text -> readCron(text, dialect));
    }
  }

  private static void readCron(String text, CronDialect dialect) {
    try {
      CronExpression cron = CronExpression.parse(text, dialect);
      assertThat(CronExpression.parse(cron.toString(), dialect)).isEqualTo(cron);
    } catch (CronParseException e) {
      assertThat(text.startsWith(e.error().token(), e.error().index())).isTrue();
    }
  }

  @Test
  void scheduleText_isParsedOrRefused() {
    new Mutations(
            4,
            "cron 30 2 * * * Europe/Berlin; catch-up skip",
            "every 15m",
            Schedule.daily(LocalTime.of(2, 30), ZoneId.of("Europe/Berlin")).toString())
        .forEach(
            text -> {
              try {
                Schedule schedule = Schedule.parse(text);
                assertThat(Schedule.parse(schedule.toString())).isEqualTo(schedule);
              } catch (IllegalArgumentException e) {
                assertThat(e.getMessage()).isNotBlank();
              }
            });
  }

  @Test
  void cursorsAndIds_areReadOrRefused() {
    new Mutations(
            5,
            "2026-03-02T12:00:00.000001Z/019caf4c-6c00-7000-8000-000000000001/3",
            "019caf4c-6c00-7000-8000-000000000001")
        .forEach(
            text -> {
              readCursor(text);
              readId(text);
            });
  }

  private static void readCursor(String text) {
    try {
      LedgerCursor cursor = LedgerCursor.parse(text);
      assertThat(LedgerCursor.parse(cursor.toString())).isEqualTo(cursor);
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage())
          .startsWith("ledger cursor must be an instant, a run and a fence, as in ")
          .endsWith("was \"" + text + "\"");
    }
  }

  private static void readId(String text) {
    try {
      assertThat(RunId.parse(text).toString()).isEqualToIgnoringCase(text);
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessage("run id must be a UUID, was \"" + text + "\"");
    }
  }
}
