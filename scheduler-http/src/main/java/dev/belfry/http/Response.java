// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * An answer. Whatever server took the request sends status, headers, then the body.
 *
 * @param status the status code
 * @param headers the header fields, without the length
 * @param body the body
 */
public record Response(int status, Headers headers, Body body) {
  /** What is sent after the headers. */
  public sealed interface Body {}

  /** Bytes that are there; the array must not be written to. */
  public record Bytes(byte[] bytes) implements Body {}

  /** What comes little by little, for as long as both sides want. */
  public record Stream(Writer writer) implements Body {}

  /** Writes a body. Returns when there is no more, or throws when the other side has gone. */
  @FunctionalInterface
  public interface Writer {
    /** Writes to a stream, which it flushes but does not close. */
    void writeTo(OutputStream out) throws IOException;
  }

  private static final Bytes NOTHING = new Bytes(new byte[0]);

  /** Returns an answer without a body. */
  public static Response of(int status) {
    return new Response(status, Headers.none(), NOTHING);
  }

  /** Returns an answer of text in UTF-8. */
  public static Response of(int status, String contentType, String text) {
    return of(status, contentType, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns an answer of bytes. */
  public static Response of(int status, String contentType, byte[] bytes) {
    return new Response(status, Headers.none().with("content-type", contentType), new Bytes(bytes));
  }

  /** Returns an answer whose body is written little by little. */
  public static Response streaming(String contentType, Writer writer) {
    return new Response(200, Headers.none().with("content-type", contentType), new Stream(writer));
  }

  /** Returns this answer with a header, in place of those of its name. */
  public Response with(String name, String value) {
    return new Response(status, headers.with(name, value), body);
  }
}
