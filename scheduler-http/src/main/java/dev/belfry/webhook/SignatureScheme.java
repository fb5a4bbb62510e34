// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

/**
 * How a message carries its signatures. The scheme decides, too, what the text of a secret means:
 * {@code whsec_…} is base64 to Standard Webhooks and the key itself, prefix included, to Stripe.
 */
public enum SignatureScheme {
  /**
   * Standard Webhooks 1.0: headers {@code webhook-id}, {@code webhook-timestamp} and {@code
   * webhook-signature}. A secret {@code whsec_…} signs by HMAC-SHA256 ({@code v1}), a private key
   * {@code whsk_…} by Ed25519 ({@code v1a}), which a public key {@code whpk_…} verifies.
   */
  STANDARD,

  /**
   * Stripe: one header {@code Stripe-Signature}, with timestamp and HMAC-SHA256 in hex. The text of
   * the secret is the key.
   */
  STRIPE,

  /**
   * GitHub: one header {@code X-Hub-Signature-256} with an HMAC-SHA256 of the body in hex. It has
   * no timestamp, so a message can be replayed for ever. The text of the secret is the key.
   */
  GITHUB
}
