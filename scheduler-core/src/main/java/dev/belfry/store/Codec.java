// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.TypeRef;
import org.jspecify.annotations.Nullable;

/**
 * How inputs, results, steps and events become bytes and return.
 *
 * <p>A codec is closed: what a value is read back as follows from the declared type alone. It never
 * takes the name of a class from the bytes and never uses Java serialization. The id is stored with
 * the bytes, so that they are read by a codec that knows them.
 *
 * <p>Codecs set no limit to the number of bytes; the scheduler does. They are thread-safe.
 */
public interface Codec {
  /**
   * Returns the codec that needs no library: strict JSON, id {@code json}.
   *
   * <p>It carries records, generic and recursive ones included, and in them null, the primitive
   * types and their wrappers, {@code String}, {@code BigInteger}, {@code BigDecimal}, {@code
   * byte[]}, enums, {@code UUID}, {@code URI}, the types of {@code java.time}, {@code Optional},
   * {@code List}, {@code Set}, {@code Collection}, arrays, and {@code Map} with keys that are
   * strings or enums. It refuses all else, above all types with an open set of subclasses, and
   * types with Jackson annotations, which it would ignore.
   *
   * <p>Reading tolerates what happens while two releases of an application run side by side: a
   * property that the record does not know is skipped, one that is missing becomes null or an empty
   * {@code Optional}, though a missing primitive is an error. Collections come back unmodifiable
   * and in the order written. Records need not be public; in a named module their package must be
   * open to {@code dev.belfry}.
   *
   * <p>Limits: 100 levels of nesting, 1,000 characters in a number. Infinite numbers, NaN and
   * unpaired surrogates are refused. Time and memory grow in line with the number of bytes.
   *
   * <p>The codec remembers the types it has met, so one is best kept and shared.
   */
  static Codec standard() {
    return new JsonCodec();
  }

  /**
   * Returns the name of the format, which is stored with the bytes. Codecs that write and read the
   * same bytes share it. Lower-case letters, digits and hyphens, at most 32.
   */
  String id();

  /**
   * Checks that the type can be carried, whatever the value. The scheduler calls it for each
   * declared type before it starts.
   *
   * @throws CodecException if not; the message names the place in the type and what to do
   */
  void check(TypeRef<?> type);

  /**
   * Returns the value as bytes. A null of any type is a value.
   *
   * @throws CodecException if the type is not carried or the value is refused
   */
  <T extends @Nullable Object> byte[] encode(TypeRef<T> type, T value);

  /**
   * Returns the value that was encoded. Null comes back as null, but as an empty {@code Optional}
   * where that is the declared type.
   *
   * @throws CodecException if the type is not carried or the bytes are not one of its values
   */
  <T extends @Nullable Object> T decode(TypeRef<T> type, byte[] bytes);
}
