// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneId;
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
}
