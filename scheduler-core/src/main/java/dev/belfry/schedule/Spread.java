// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

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
    byte[] hash = sha256().digest((unit.label() + "\n" + key).getBytes(UTF_8));
    return (int) Long.remainderUnsigned(ByteBuffer.wrap(hash).getLong(), bound);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
