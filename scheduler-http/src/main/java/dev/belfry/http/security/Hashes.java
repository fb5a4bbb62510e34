// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/** SHA-256 of secrets, and new secrets. What is compared has one length, whatever was given. */
final class Hashes {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int BYTES = 32;

  private Hashes() {}

  static byte[] of(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("each Java platform has SHA-256", e);
    }
  }

  /** Returns 32 random bytes as 43 characters that are safe in cookies and paths. */
  static String secret() {
    var bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
