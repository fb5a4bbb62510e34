// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.api;

import dev.belfry.http.Response;
import dev.belfry.http.routing.Call;
import dev.belfry.http.routing.Problem;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Names a state of a resource, so that nobody changes what they have not seen. */
final class Etag {
  private final String text;

  private Etag(String text) {
    this.text = text;
  }

  /** Returns the strong tag of what something says. */
  static Etag of(byte[] said) {
    return new Etag("\"" + hash(said).substring(0, 32) + "\"");
  }

  /** Returns a hash in 64 digits. */
  static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException everyJvmHasIt) {
      throw new IllegalStateException(everyJvmHasIt);
    }
  }

  /** Returns an answer with this tag. */
  Response on(Response response) {
    return response.with("etag", text);
  }

  /**
   * Sees that a call is about this state.
   *
   * @throws Problem 428 if it does not say which it is about, 412 if it is about another one
   */
  void check(Call call) {
    List<String> fields = call.request().headers().all("if-match");
    if (fields.isEmpty()) {
      throw Problem.of(
          428,
          "if-match-missing",
          "say which state this is about: If-Match with the ETag of a GET, or * for any");
    }
    boolean met =
        fields.stream()
            .flatMap(field -> Arrays.stream(field.split(",")))
            .map(String::strip)
            .anyMatch(tag -> tag.equals("*") || tag.equals(text));
    if (!met) {
      throw Problem.of(412, "changed", "this was changed since; read it again");
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
