// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Values chosen by a key, so that schedules of many keys are spread over an hour or a day, and each
 * key keeps its place for ever.
 *
 * @param key what the values depend on
 */
record Spread(String key) {
  /** Days after it are not in every month. */
  static final int LAST_DAY = 28;

  /**
   * Returns a number from 0 to {@code bound - 1}: the first eight bytes of the SHA-256 of the
   * field's name, a line feed and the key, as an unsigned number, modulo the bound. Part of the
   * contract: another hash would move everybody's schedules.
   */
  int choose(CronUnit unit, int bound) {
    return (int) Long.remainderUnsigned(hash(unit.label()), bound);
  }

  /** Returns a time from zero to the jitter, not included, in whole microseconds; the same way. */
  Duration choose(Instant tick, Duration jitter) {
    long micros = Long.remainderUnsigned(hash(tick.toString()), Micros.of(jitter));
    return Duration.of(micros, ChronoUnit.MICROS);
  }

  private long hash(String what) {
    byte[] hash = sha256().digest((what + "\n" + key).getBytes(UTF_8));
    return ByteBuffer.wrap(hash).getLong();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
