// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static java.util.Objects.requireNonNull;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What messages are signed or verified with. A value that shows its last four characters only,
 * wherever it is printed. What its text means is up to the {@link SignatureScheme}.
 *
 * <p>While a secret is rotated, both sides have two: the sender signs with each, the receiver takes
 * either.
 */
public final class WebhookSecret {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int HMAC_BYTES = 32;
  private static final int SHOWN = 4;
  private static final int SHORT = 16; // of a shorter text, four characters tell too much

  private final String text;
  private final @Nullable Instant end; // null: for ever

  private WebhookSecret(String text, @Nullable Instant end) {
    this.text = text;
    this.end = end;
  }

  /**
   * Returns a secret.
   *
   * @param text 1 to 1,000 characters; never in a message of an error
   */
  public static WebhookSecret of(String text) {
    int length = requireNonNull(text, "text").length();
    if (length < 1 || length > 1_000) {
      throw new IllegalArgumentException("a secret must have 1 to 1000 characters, had " + length);
    }
    return new WebhookSecret(text, null);
  }

  /** Makes up a secret of 32 bytes, {@code whsec_…}. */
  public static WebhookSecret generate() {
    var key = new byte[HMAC_BYTES];
    RANDOM.nextBytes(key);
    return of("whsec_" + Base64.getEncoder().encodeToString(key));
  }

  /** Makes up a private key of Ed25519, {@code whsk_…}; see {@link #publicKey()}. */
  public static WebhookSecret generateEd25519() {
    return of("whsk_" + Base64.getEncoder().encodeToString(Ed25519Keys.generate()));
  }

  /**
   * Returns this secret with an end, from which on it neither signs nor verifies.
   *
   * @param instant by the clock of whoever signs or verifies
   */
  public WebhookSecret until(Instant instant) {
    return new WebhookSecret(text, requireNonNull(instant, "instant"));
  }

  /**
   * Returns the public key, {@code whpk_…}, to be given to receivers.
   *
   * @throws IllegalArgumentException if this is no private key {@code whsk_…} that has its public
   *     key with it
   */
  public WebhookSecret publicKey() {
    return of("whpk_" + Base64.getEncoder().encodeToString(Ed25519Keys.publicPart(this)));
  }

  /** Returns the text. Show it once, when the secret was made. */
  public String text() {
    return text;
  }

  /** Returns from when on the secret is not used any more. */
  public Optional<Instant> end() {
    return Optional.ofNullable(end);
  }

  boolean isUsedAt(Instant now) {
    return end == null || now.isBefore(end);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof WebhookSecret secret
        && Hmac.same(text, secret.text)
        && end().equals(secret.end());
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** Returns the kind and the last four characters. */
  @Override
  public String toString() {
    int kind = text.indexOf('_') + 1;
    String prefix = kind > 0 && kind <= 6 ? text.substring(0, kind) : "";
    String shown = text.length() < SHORT ? "" : text.substring(text.length() - SHOWN);
    return prefix + "…" + shown;
  }
}
