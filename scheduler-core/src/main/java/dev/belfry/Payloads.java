// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.retry.NonRetryableException;
import dev.belfry.run.TypeRef;
import dev.belfry.store.Codec;
import dev.belfry.store.CodecException;
import dev.belfry.store.MemoValue;
import dev.belfry.store.Payload;
import org.jspecify.annotations.Nullable;

/** Turns inputs and results into payloads and back, within the limit of size. */
final class Payloads {
  private static final String UNMAPPED = "unmapped"; // no codec is named so

  private final Codec codec;

  Payloads(Codec codec) {
    this.codec = codec;
  }

  Codec codec() {
    return codec;
  }

  /** Encodes a job's input, or refuses it with the job, the size and the limit. */
  <I extends @Nullable Object> Payload input(JobDefinition<I, ?> job, I input) {
    if (input == null && !job.input().equals(JobBuilder.VOID)) {
      throw new IllegalArgumentException("input of job \"" + job.name() + "\" must not be null");
    }
    return encode("input of job \"" + job.name() + "\"", job.input(), input);
  }

  /** Encodes what a handler returned. */
  <O extends @Nullable Object> Payload result(JobDefinition<?, O> job, O result) {
    return encode("result of job \"" + job.name() + "\"", job.result(), result);
  }

  /** Returns an input that could not be made of data: no node reads it, so its claim blocks. */
  static Payload unmapped(Payload data) {
    return Payload.of(UNMAPPED, data.bytes());
  }

  /** Encodes a value, or refuses it with what it is, the size and the limit. */
  <T extends @Nullable Object> Payload encode(String what, TypeRef<T> type, T value) {
    byte[] bytes = bytes(what, type, value);
    if (bytes.length > Payload.MAX_BYTES) {
      throw new IllegalArgumentException(
          what
              + " has "
              + bytes.length
              + " bytes, the limit is "
              + Payload.MAX_BYTES
              + "; keep large data elsewhere and enqueue a reference to it");
    }
    return Payload.of(codec.id(), bytes);
  }

  /** Encodes what a step returned. Another try won't help: it would do the work again and fail. */
  <T extends @Nullable Object> Payload encodeStep(String what, TypeRef<T> type, T value) {
    byte[] bytes;
    try {
      bytes = bytes(what, type, value);
    } catch (IllegalArgumentException refused) {
      throw new NonRetryableException(String.valueOf(refused.getMessage()), refused);
    }
    if (bytes.length > MemoValue.MAX_BYTES) {
      throw new NonRetryableException(
          what
              + " has "
              + bytes.length
              + " bytes, the limit is "
              + MemoValue.MAX_BYTES
              + "; keep large data elsewhere and return a reference to it, or use ctx.map for many"
              + " items and ctx.invoke for runs of their own");
    }
    return Payload.of(codec.id(), bytes);
  }

  private <T extends @Nullable Object> byte[] bytes(String what, TypeRef<T> type, T value) {
    try {
      return codec.encode(type, value);
    } catch (CodecException e) {
      throw new IllegalArgumentException(what + " can't be encoded: " + e.getMessage(), e);
    }
  }

  /**
   * Decodes a payload.
   *
   * @throws CodecException if it is not of this type, or another codec's
   */
  <T extends @Nullable Object> T decode(TypeRef<T> type, Payload payload) {
    if (!payload.codec().equals(codec.id())) {
      throw CodecException.decode(
          type,
          "$",
          "it was written by codec \"" + payload.codec() + "\", this is \"" + codec.id() + "\"");
    }
    return codec.decode(type, payload.bytes());
  }
}
