// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static java.util.Objects.requireNonNull;

import java.util.Base64;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key that secrets are encrypted with where they are stored, by AES-256-GCM. The application
 * keeps it; what is stored names it by its id. A value that shows its id only.
 */
public final class EncryptionKey {
  private static final int BYTES = 32;
  private static final int MOST_ID = 50;

  private final String id;
  private final SecretKey key;

  private EncryptionKey(String id, SecretKey key) {
    this.id = id;
    this.key = key;
  }

  /**
   * Returns a key.
   *
   * @param id tells it from others, also from those that are no longer used; 1 to 50 characters
   * @param key 32 bytes that nobody can guess
   */
  public static EncryptionKey of(String id, byte[] key) {
    if (requireNonNull(id, "id").isEmpty() || id.length() > MOST_ID) {
      throw new IllegalArgumentException(
          "id of a key must have 1 to " + MOST_ID + " characters, had " + id.length());
    }
    if (key.length != BYTES) {
      throw new IllegalArgumentException(
          "key \"" + id + "\" must have " + BYTES + " bytes, had " + key.length);
    }
    return new EncryptionKey(id, new SecretKeySpec(key, "AES"));
  }

  /**
   * Returns a key.
   *
   * @param base64 of 32 bytes, as {@code openssl rand -base64 32} writes them
   */
  public static EncryptionKey of(String id, String base64) {
    try {
      return of(id, Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException e) { // its message would show a character of the key
      throw new IllegalArgumentException("key \"" + id + "\" must be base64 of 32 bytes");
    }
  }

  /** Returns the id. */
  public String id() {
    return id;
  }

  SecretKey key() {
    return key;
  }

  /** Returns the id. */
  @Override
  public String toString() {
    return "key " + id;
  }
}
