// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.TypeRef;
import org.jspecify.annotations.Nullable;

/** The standard codec. Thread-safe. */
final class JsonCodec implements Codec {
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
