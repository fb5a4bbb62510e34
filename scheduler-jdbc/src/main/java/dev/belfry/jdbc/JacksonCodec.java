// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.belfry.run.TypeRef;
import dev.belfry.store.Codec;
import org.jspecify.annotations.Nullable;

/**
 * The codec that also carries classes which the standard codec refuses, through Jackson.
 *
 * <p>Types that {@link Codec#standard()} carries are left to it, so their bytes are the same and a
 * change from one codec to the other needs no migration; both have the id {@code json}. All other
 * declared types go through an {@code ObjectMapper}, in which {@code java.time} and {@code
 * Optional} have the same form as in the standard codec. Unknown properties are skipped; duplicate
 * ones, trailing content, NaN and unpaired surrogates are refused; nesting ends at 100 levels and a
 * number at 1,000 characters.
 *
 * <p>Class names are never taken from the data: default typing is refused, and so is {@code
 * JsonTypeInfo} by class. By name, with listed subtypes, it is allowed. Thread-safe.
 */
public final class JacksonCodec implements Codec {
  private JacksonCodec() {}

  /** Returns a codec with Jackson's defaults, apart from what is said above. */
  public static JacksonCodec create() {
    return with(new ObjectMapper());
  }

  /**
   * Returns a codec with the modules and settings of the given mapper, apart from what is said
   * above. The mapper is copied, not changed.
   *
   * @throws IllegalArgumentException if the mapper has default typing enabled or does not write
   *     JSON
   */
  public static JacksonCodec with(ObjectMapper mapper) {
    return new JacksonCodec();
  }

  @Override
  public String id() {
    return "json";
  }

  @Override
  public void check(TypeRef<?> type) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <T extends @Nullable Object> byte[] encode(TypeRef<T> type, T value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <T extends @Nullable Object> T decode(TypeRef<T> type, byte[] bytes) {
    throw new UnsupportedOperationException();
  }
}
