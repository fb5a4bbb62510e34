// SPDX-License-Identifier: Apache-2.0
package dev.belfry.run;

import static java.util.Objects.requireNonNull;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The id of a run: a UUID of version 7, so ids sort by the time they were made.
 *
 * <p>Ids are made before the insert, by whoever enqueues, so an insert of unknown outcome may be
 * repeated with the same id and still creates one run.
 *
 * @param value the UUID
 */
public record RunId(UUID value) implements Comparable<RunId> {
  /** Refuses null. */
  public RunId {
    requireNonNull(value, "value");
  }

  /**
   * Reads the text form, as {@link #toString()} writes it.
   *
   * @throws IllegalArgumentException if the text is not a UUID
   */
  public static RunId parse(String text) {
    try {
      UUID value = UUID.fromString(text);
      if (value.toString().equalsIgnoreCase(text)) { // it also takes 1-1-1-1-1
        return new RunId(value);
      }
    } catch (IllegalArgumentException e) {
      throw notAUuid(text, e);
    }
    throw notAUuid(text, null);
  }

  private static IllegalArgumentException notAUuid(String text, @Nullable Exception cause) {
    return new IllegalArgumentException("run id must be a UUID, was \"" + text + "\"", cause);
  }

  /**
   * Composes an id of version 7 (RFC 9562, section 5.7).
   *
   * @param epochMilli the time of making, in milliseconds since 1970; the low 48 bits count
   * @param sequence orders ids of one millisecond; the low 12 bits count
   * @param random makes the id unique; the low 62 bits count
   */
  public static RunId of(long epochMilli, int sequence, long random) {
    return new RunId(
        new UUID(
            epochMilli << 16 | 0x7000L | (sequence & 0xfff),
            0x8000000000000000L | (random & 0x3fffffffffffffffL)));
  }

  /**
   * Returns the id so many places before this one: that of a run which belongs to this one, if
   * whoever made this id has left room for it.
   *
   * @param places how many; the low bits of this id must count as many
   */
  public RunId before(int places) {
    return new RunId(
        new UUID(value.getMostSignificantBits(), value.getLeastSignificantBits() - places));
  }

  /** Compares as databases compare the 16 bytes: unsigned, high half first. */
  @Override
  public int compareTo(RunId other) {
    int high =
        Long.compareUnsigned(value.getMostSignificantBits(), other.value.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(
            value.getLeastSignificantBits(), other.value.getLeastSignificantBits());
  }

  /** Returns the UUID in its usual form of 36 characters. */
  @Override
  public String toString() {
    return value.toString();
  }
}
