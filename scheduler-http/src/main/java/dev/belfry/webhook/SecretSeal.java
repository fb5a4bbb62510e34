// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/** Encrypts secrets for the store by AES-256-GCM, each with a nonce of its own. Thread-safe. */
final class SecretSeal {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;

  private final Supplier<? extends List<EncryptionKey>> keys;

  SecretSeal(Supplier<? extends List<EncryptionKey>> keys) {
    this.keys = keys;
  }

  /**
   * Encrypts a secret by the first key.
   *
   * @param place where it is stored; it can be read there alone, so that nobody who may write to
   *     the store can give one endpoint the secret of another
   * @throws IllegalStateException if there is no key
   */
  StoredSecret seal(WebhookSecret secret, String place) {
    EncryptionKey key =
        keys.get().stream()
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "there is no key to encrypt secrets with; give one by keys(…), or keep the"
                            + " secrets elsewhere and name them by secretsFrom"));
    var nonce = new byte[NONCE];
    RANDOM.nextBytes(nonce);
    try {
      byte[] sealed =
          cipher(Cipher.ENCRYPT_MODE, key, nonce, place).doFinal(secret.text().getBytes(UTF_8));
      byte[] all = Arrays.copyOf(nonce, NONCE + sealed.length);
      System.arraycopy(sealed, 0, all, NONCE, sealed.length);
      return new StoredSecret(
          secret.toString(), secret.end(), key.id(), Base64.getEncoder().encodeToString(all));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM encrypts any text", e);
    }
  }

  /**
   * Returns a secret.
   *
   * @throws IllegalStateException if its key is not among those of the application, or it is not
   *     what was stored there
   */
  WebhookSecret open(StoredSecret stored, String place) {
    Optional<EncryptionKey> key = find(keys.get(), stored.key());
    if (key.isEmpty()) {
      throw new IllegalStateException(
          "secret "
              + stored.shown()
              + " of "
              + place
              + " is encrypted with key \""
              + stored.key()
              + "\", which is not among the keys given: "
              + keys.get());
    }
    byte[] all = Base64.getDecoder().decode(stored.sealed());
    try {
      byte[] text =
          cipher(Cipher.DECRYPT_MODE, key.get(), Arrays.copyOf(all, NONCE), place)
              .doFinal(all, NONCE, all.length - NONCE);
      WebhookSecret secret = WebhookSecret.of(new String(text, UTF_8));
      return stored.until().map(secret::until).orElse(secret);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "secret "
              + stored.shown()
              + " of "
              + place
              + " can't be decrypted: key \""
              + stored.key()
              + "\" is another one than it was, or what is stored was changed",
          e);
    }
  }

  /** Returns a secret, encrypted by the first key. */
  StoredSecret sealAnew(StoredSecret stored, String place) {
    return seal(open(stored, place), place);
  }

  boolean isCurrent(StoredSecret stored) {
    return keys.get().stream().findFirst().filter(key -> key.id().equals(stored.key())).isPresent();
  }

  private static Optional<EncryptionKey> find(Collection<EncryptionKey> keys, String id) {
    return keys.stream().filter(key -> key.id().equals(id)).findFirst();
  }

  private static Cipher cipher(int mode, EncryptionKey key, byte[] nonce, String place)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key.key(), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(place.getBytes(UTF_8));
    return cipher;
  }
}
