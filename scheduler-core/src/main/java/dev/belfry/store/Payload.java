// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Encoded data: an input or a result, as bytes that only its codec understands. Immutable, as long
 * as nobody writes to the array that was handed in.
 */
public final class Payload {
  /** The most bytes of an input or a result: 1 MiB. */
  public static final int MAX_BYTES = 1024 * 1024;

  private final String codec;
  private final byte[] bytes;

  private Payload(String codec, byte[] bytes) {
    this.codec = requireNonNull(codec, "codec");
    this.bytes = requireNonNull(bytes, "bytes");
  }

  /** Wraps bytes, without a copy, with the id of the codec that wrote them. */
  public static Payload of(String codec, byte[] bytes) {
    return new Payload(codec, bytes);
  }

  /** Returns the id of the codec that wrote the bytes. */
  public String codec() {
    return codec;
  }

  /** Returns the bytes themselves, not a copy; they must not be written to. */
  public byte[] bytes() {
    return bytes;
  }

  /** Returns the number of bytes. */
  public int size() {
    return bytes.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Payload that
        && codec.equals(that.codec)
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return 31 * codec.hashCode() + Arrays.hashCode(bytes);
  }

  /** Returns the bytes as UTF-8 text, for logs of small payloads. */
  @Override
  public String toString() {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
