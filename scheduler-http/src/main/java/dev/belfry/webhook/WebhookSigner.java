// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Signs messages. Serves alone, without a scheduler. Thread-safe if its supplier is.
 *
 * <p>The secrets are asked for at each message, so a rotation needs no restart: with two of them a
 * message has two signatures, until the older one ends.
 */
public final class WebhookSigner {
  /** The most secrets that sign one message; what a receiver has to try is bounded by it. */
  static final int MOST_SECRETS = 10;

  private static final Pattern ID = Pattern.compile("[!-~&&[^.]]{1,200}");
  private final SignatureScheme scheme;
  private final Supplier<? extends Collection<WebhookSecret>> secrets;

  private WebhookSigner(
      SignatureScheme scheme, Supplier<? extends Collection<WebhookSecret>> secrets) {
    this.scheme = scheme;
    this.secrets = secrets;
  }

  /**
   * Returns a signer.
   *
   * @param secrets gives 1 to 10 that have not ended; GitHub's scheme signs with the first alone
   */
  public static WebhookSigner of(
      SignatureScheme scheme, Supplier<? extends Collection<WebhookSecret>> secrets) {
    return new WebhookSigner(requireNonNull(scheme, "scheme"), requireNonNull(secrets, "secrets"));
  }

  /** Returns a signer whose secrets do not change. */
  public static WebhookSigner of(SignatureScheme scheme, WebhookSecret... secrets) {
    List<WebhookSecret> all = List.of(secrets);
    return of(scheme, () -> all);
  }

  /**
   * Returns the headers that a message is to be sent with: fresh ones for each attempt.
   *
   * @param id names the message, the same in all attempts; 1 to 200 visible ASCII characters, no
   *     dot, which separates it from the timestamp in what is signed
   * @param at when this attempt is made; whole seconds of it are sent
   * @param body the bytes that are sent
   * @throws IllegalArgumentException if the id is not of this form, or a secret is none
   * @throws IllegalStateException if there is no secret, or more than 10
   */
  public Map<String, String> headers(String id, Instant at, byte[] body) {
    checkId(id);
    List<WebhookSecret> used =
        secrets.get().stream().filter(secret -> secret.isUsedAt(at)).toList();
    if (used.isEmpty() || used.size() > MOST_SECRETS) {
      throw new IllegalStateException(
          "a message is signed with 1 to " + MOST_SECRETS + " secrets, there were " + used.size());
    }
    String second = String.valueOf(at.getEpochSecond());
    return switch (scheme) {
      case STANDARD -> standard(id, second, body, used);
      case STRIPE -> Map.of("Stripe-Signature", "t=" + second + stripe(second, body, used));
      case GITHUB -> Map.of("X-Hub-Signature-256", "sha256=" + hex(used.get(0), body));
    };
  }

  /** Refuses an id that would be ambiguous in what is signed. */
  static void checkId(String id) {
    if (!ID.matcher(requireNonNull(id, "id")).matches()) {
      throw new IllegalArgumentException(
          "the id of a message must be 1 to 200 visible ASCII characters without a dot, was \""
              + id
              + "\"");
    }
  }

  private static Map<String, String> standard(
      String id, String second, byte[] body, List<WebhookSecret> secrets) {
    byte[] content = content(id + "." + second + ".", body);
    String signatures =
        secrets.stream().map(secret -> signed(secret, content)).collect(joining(" "));
    return Map.of("webhook-id", id, "webhook-timestamp", second, "webhook-signature", signatures);
  }

  private static String signed(WebhookSecret secret, byte[] content) {
    StandardKey key = StandardKey.of(secret);
    byte[] signature =
        key.sign(content)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "the public key " + secret + " can't sign; give its private key, whsk_"));
    return key.version() + "," + Base64.getEncoder().encodeToString(signature);
  }

  private static String stripe(String second, byte[] body, List<WebhookSecret> secrets) {
    return secrets.stream()
        .map(secret -> ",v1=" + hex(secret, (second + ".").getBytes(UTF_8), body))
        .collect(joining());
  }

  /** Returns the HMAC of what comes one after another, for schemes whose key is a text. */
  static String hex(WebhookSecret secret, byte[]... parts) {
    return HexFormat.of().formatHex(Hmac.sha256(secret.text().getBytes(UTF_8), parts));
  }

  /** Returns what a Standard Webhooks signature is of. */
  static byte[] content(String head, byte[] body) {
    byte[] bytes = head.getBytes(UTF_8);
    var all = new byte[bytes.length + body.length];
    System.arraycopy(bytes, 0, all, 0, bytes.length);
    System.arraycopy(body, 0, all, bytes.length, body.length);
    return all;
  }
}
