// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** A key of Standard Webhooks, as its text says. */
sealed interface StandardKey {
  /** Returns the name of the version that this key's signatures have. */
  String version();

  /** Returns the signature of a content, unless the key can only verify. */
  Optional<byte[]> sign(byte[] content);

  /** Returns whether a signature is that of this key and a content. */
  boolean verifies(byte[] content, byte[] signature);

  /**
   * Reads a key.
   *
   * @throws IllegalArgumentException if the text is none
   */
  static StandardKey of(WebhookSecret secret) {
    try {
      String text = secret.text();
      if (text.startsWith("whsk_")) {
        return Ed25519.ofPrivate(bytes(secret, "whsk_"));
      }
      if (text.startsWith("whpk_")) {
        return new Ed25519(
            Optional.empty(), Optional.of(Ed25519Keys.publicKey(bytes(secret, "whpk_"))));
      }
      return symmetric(secret);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("bad secret " + secret + ": " + e.getMessage(), e);
    }
  }

  /** Shorter keys than the 24 bytes that the specification asks for can be guessed. */
  private static StandardKey symmetric(WebhookSecret secret) {
    byte[] key = bytes(secret, "whsec_");
    if (key.length < 24 || key.length > 64) {
      throw new IllegalArgumentException(
          "bad secret " + secret + ": it must have 24 to 64 bytes, had " + key.length);
    }
    return new Symmetric(key);
  }

  /** Decodes what follows a prefix that may be left out. */
  static byte[] bytes(WebhookSecret secret, String prefix) {
    String text = secret.text();
    try {
      return Base64.getDecoder()
          .decode(text.startsWith(prefix) ? text.substring(prefix.length()) : text);
    } catch (IllegalArgumentException e) { // its message would show a character of the secret
      throw new IllegalArgumentException(
          "bad secret " + secret + ": it must be " + prefix + " and base64");
    }
  }

  /** A key that both sides have. */
  record Symmetric(byte[] key) implements StandardKey {
    @Override
    public String version() {
      return "v1";
    }

    @Override
    public Optional<byte[]> sign(byte[] content) {
      return Optional.of(Hmac.sha256(key, content));
    }

    @Override
    public boolean verifies(byte[] content, byte[] signature) {
      return MessageDigest.isEqual(Hmac.sha256(key, content), signature);
    }
  }

  /** A pair of keys, of which the receiver has the public one. */
  record Ed25519(Optional<PrivateKey> signing, Optional<PublicKey> verifying)
      implements StandardKey {
    static Ed25519 ofPrivate(byte[] bytes) throws GeneralSecurityException {
      PrivateKey key = Ed25519Keys.privateKey(bytes);
      return bytes.length == 64
          ? new Ed25519(
              Optional.of(key),
              Optional.of(Ed25519Keys.publicKey(Arrays.copyOfRange(bytes, 32, bytes.length))))
          : new Ed25519(Optional.of(key), Optional.empty());
    }

    @Override
    public String version() {
      return "v1a";
    }

    @Override
    public Optional<byte[]> sign(byte[] content) {
      try {
        return signing.isEmpty()
            ? Optional.empty()
            : Optional.of(Ed25519Keys.sign(signing.get(), content));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("a key that was read does not sign", e);
      }
    }

    @Override
    public boolean verifies(byte[] content, byte[] signature) {
      try {
        return verifying.isPresent() && Ed25519Keys.verify(verifying.get(), content, signature);
      } catch (GeneralSecurityException e) { // a signature of another length
        return false;
      }
    }
  }
}
