// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZoneClockTest {
  @ParameterizedTest
  @ValueSource(strings = {"Europe/Berlin", "UTC", "UTC+01:00", "+01:00", "+01:23:45", "Z"})
  void of_isTheSameForEqualZones(String id) {
    ZoneId zone = ZoneId.of(id);
    ZoneClock clock = ZoneClock.of(zone);

    assertThat(ZoneClock.of(zone)).isSameAs(clock);
    assertThat(ZoneClock.of(ZoneId.of(id))).isSameAs(clock);
    assertThat(clock.isOf(ZoneId.of(id))).isTrue();
  }

  @Test
  void farFuture_isForgottenWhenItTakesTooMuchRoom() {
    ZoneClock before = ZoneClock.of(ZoneId.of("Europe/Berlin"));
    CronExpression yearly = CronExpression.parse("@yearly");
    long farAway = Instant.parse("9900-01-01T00:00:00Z").getEpochSecond();

    List<String> zones =
        ZoneId.getAvailableZoneIds().stream().filter(id -> id.startsWith("Europe/")).toList();
    for (String zone : zones) {
      yearly.nextEpochSecond(farAway, ZoneId.of(zone));
    }

    assertThat(zones).hasSizeGreaterThan(30);
    assertThat(ZoneClock.of(ZoneId.of("Europe/Berlin"))).isNotSameAs(before);
  }
}
