// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EncodedKeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Keys of Ed25519 in the forms that are about: a private key is its seed, 32 bytes, with or without
 * the 32 bytes of its public key behind; a public key is those 32 bytes, or 44 with their X.509
 * header.
 */
final class Ed25519Keys {
  private static final String ALGORITHM = "Ed25519";
  private static final int SIZE = 32;
  private static final byte[] PRIVATE_HEADER =
      HexFormat.of().parseHex("302e020100300506032b657004220420");
  private static final byte[] PUBLIC_HEADER = HexFormat.of().parseHex("302a300506032b6570032100");

  private Ed25519Keys() {}

  /** Returns a new key: seed, then public key. */
  static byte[] generate() {
    try {
      KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
      return join(
          tail(pair.getPrivate().getEncoded(), PRIVATE_HEADER.length),
          tail(pair.getPublic().getEncoded(), PUBLIC_HEADER.length));
    } catch (GeneralSecurityException e) {
      throw missing(e);
    }
  }

  static byte[] publicPart(WebhookSecret secret) {
    byte[] bytes = StandardKey.bytes(secret, "whsk_");
    if (bytes.length != 2 * SIZE) {
      throw new IllegalArgumentException(
          "the private key "
              + secret
              + " has "
              + bytes.length
              + " bytes; only one of 64, seed and public key, tells its public key");
    }
    return tail(bytes, SIZE);
  }

  static PrivateKey privateKey(byte[] bytes) throws GeneralSecurityException {
    if (bytes.length != SIZE && bytes.length != 2 * SIZE) {
      throw new GeneralSecurityException(
          "a private key of Ed25519 has 32 or 64 bytes, had " + bytes.length);
    }
    PrivateKey key =
        factory()
            .generatePrivate(
                new PKCS8EncodedKeySpec(join(PRIVATE_HEADER, Arrays.copyOf(bytes, SIZE))));
    if (bytes.length == 2 * SIZE && !belongTogether(key, publicKey(tail(bytes, SIZE)))) {
      throw new GeneralSecurityException("its public key belongs to another private key");
    }
    return key;
  }

  static PublicKey publicKey(byte[] bytes) throws GeneralSecurityException {
    EncodedKeySpec spec =
        switch (bytes.length) {
          case SIZE -> new X509EncodedKeySpec(join(PUBLIC_HEADER, bytes));
          case SIZE + 12 -> new X509EncodedKeySpec(bytes);
          default ->
              throw new GeneralSecurityException(
                  "a public key of Ed25519 has 32 or 44 bytes, had " + bytes.length);
        };
    return factory().generatePublic(spec);
  }

  static byte[] sign(PrivateKey key, byte[] content) throws GeneralSecurityException {
    Signature signature = Signature.getInstance(ALGORITHM);
    signature.initSign(key);
    signature.update(content);
    return signature.sign();
  }

  static boolean verify(PublicKey key, byte[] content, byte[] signed)
      throws GeneralSecurityException {
    Signature signature = Signature.getInstance(ALGORITHM);
    signature.initVerify(key);
    signature.update(content);
    return signature.verify(signed);
  }

  private static boolean belongTogether(PrivateKey key, PublicKey other)
      throws GeneralSecurityException {
    byte[] content = {1};
    return verify(other, content, sign(key, content));
  }

  private static KeyFactory factory() {
    try {
      return KeyFactory.getInstance(ALGORITHM);
    } catch (GeneralSecurityException e) {
      throw missing(e);
    }
  }

  private static IllegalStateException missing(GeneralSecurityException cause) {
    return new IllegalStateException("this Java platform has no Ed25519", cause);
  }

  private static byte[] join(byte[] one, byte[] other) {
    byte[] all = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, all, one.length, other.length);
    return all;
  }

  private static byte[] tail(byte[] bytes, int from) {
    return Arrays.copyOfRange(bytes, from, bytes.length);
  }
}
