// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static dev.belfry.webhook.WebhookVerificationException.Reason.HEADER;
import static dev.belfry.webhook.WebhookVerificationException.Reason.SIGNATURE;
import static dev.belfry.webhook.WebhookVerificationException.Reason.TOO_NEW;
import static dev.belfry.webhook.WebhookVerificationException.Reason.TOO_OLD;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a message is from whom it says. Serves alone, without a scheduler, in any server.
 * Thread-safe if its supplier is.
 *
 * <p>Give it the bytes as they came: a body that was parsed and written anew has another signature.
 * Secrets are asked for at each message, and a message is good if one of its signatures is that of
 * one of them. Signatures are compared in constant time.
 *
 * <p>That a message is genuine does not make it new: within the tolerance it may come again. Keep
 * the ids that were handled.
 */
public final class WebhookVerifier {
  private static final int MOST_CHARACTERS = 8 * 1024;
  private static final int MOST_SIGNATURES = 32;
  private static final Pattern SECONDS = Pattern.compile("\\d{1,12}");

  private final SignatureScheme scheme;
  private final Supplier<? extends Collection<WebhookSecret>> secrets;
  private final Duration tolerance;
  private final InstantSource clock;

  private WebhookVerifier(
      SignatureScheme scheme,
      Supplier<? extends Collection<WebhookSecret>> secrets,
      Duration tolerance,
      InstantSource clock) {
    this.scheme = scheme;
    this.secrets = secrets;
    this.tolerance = tolerance;
    this.clock = clock;
  }

  /**
   * Returns a verifier.
   *
   * @param secrets gives those that are taken at present; with none, no message is good
   */
  public static WebhookVerifier of(
      SignatureScheme scheme, Supplier<? extends Collection<WebhookSecret>> secrets) {
    return new WebhookVerifier(
        requireNonNull(scheme, "scheme"),
        requireNonNull(secrets, "secrets"),
        Duration.ofMinutes(5),
        InstantSource.system());
  }

  /** Returns a verifier whose secrets do not change. */
  public static WebhookVerifier of(SignatureScheme scheme, WebhookSecret... secrets) {
    List<WebhookSecret> all = List.of(secrets);
    return of(scheme, () -> all);
  }

  /**
   * Returns this verifier with another limit to how far a timestamp may be from the clock, in both
   * directions. GitHub's scheme has no timestamp. Default: 5 minutes.
   *
   * @param time positive, at most a day
   */
  public WebhookVerifier withTolerance(Duration time) {
    if (time.isNegative() || time.isZero() || time.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(
          "the tolerance must be positive and at most PT24H, was " + time);
    }
    return new WebhookVerifier(scheme, secrets, time, clock);
  }

  /** Returns this verifier with another clock, for tests. Default: the system's. */
  public WebhookVerifier withClock(InstantSource newClock) {
    return new WebhookVerifier(scheme, secrets, tolerance, requireNonNull(newClock, "clock"));
  }

  /**
   * Returns if a message is good.
   *
   * @param headers as servers of Java have them; names in any case
   * @param body the bytes as they came
   * @throws WebhookVerificationException if it is not
   * @throws IllegalArgumentException if a secret is none of this scheme
   */
  public void verify(Map<String, ? extends Collection<String>> headers, byte[] body) {
    verify(name -> only(name, headers), body);
  }

  /**
   * Returns if a message is good.
   *
   * @param header answers the value of a header, or null if there is none; names in any case.
   *     {@code request::getHeader} of a servlet, say
   * @param body the bytes as they came
   * @throws WebhookVerificationException if it is not
   * @throws IllegalArgumentException if a secret is none of this scheme
   */
  public void verify(Function<String, @Nullable String> header, byte[] body) {
    requireNonNull(body, "body");
    Instant now = clock.instant();
    List<WebhookSecret> used =
        secrets.get().stream().filter(secret -> secret.isUsedAt(now)).toList();
    boolean good =
        switch (scheme) {
          case STANDARD -> standard(header, body, used, now);
          case STRIPE -> stripe(header, body, used, now);
          case GITHUB -> github(header, body, used);
        };
    if (!good) {
      throw new WebhookVerificationException(
          SIGNATURE, "no signature is that of this message and one of " + used.size() + " secrets");
    }
  }

  private boolean standard(
      Function<String, @Nullable String> header,
      byte[] body,
      List<WebhookSecret> used,
      Instant now) {
    String id = value("webhook-id", header);
    String second = value("webhook-timestamp", header);
    checkTime("webhook-timestamp", second, now);
    byte[] content = WebhookSigner.content(id + "." + second + ".", body);
    List<StandardKey> keys = used.stream().map(StandardKey::of).toList();
    boolean good = false;
    for (String entry : entries(value("webhook-signature", header), " ")) {
      int comma = entry.indexOf(',');
      String version = comma < 0 ? entry : entry.substring(0, comma);
      byte[] signature = base64(entry.substring(comma + 1));
      for (StandardKey key : keys) {
        good |= key.version().equals(version) && key.verifies(content, signature);
      }
    }
    return good;
  }

  private boolean stripe(
      Function<String, @Nullable String> header,
      byte[] body,
      List<WebhookSecret> used,
      Instant now) {
    List<String> seconds = new ArrayList<>();
    List<String> signatures = new ArrayList<>();
    for (String entry : entries(value("Stripe-Signature", header), ",")) {
      if (entry.startsWith("t=")) {
        seconds.add(entry.substring(2));
      } else if (entry.startsWith("v1=")) {
        signatures.add(entry.substring(3));
      }
    }
    if (seconds.size() != 1) {
      throw new WebhookVerificationException(
          HEADER, "Stripe-Signature must have one timestamp t=, has " + seconds.size());
    }
    checkTime("Stripe-Signature", seconds.get(0), now);
    byte[] head = (seconds.get(0) + ".").getBytes(UTF_8);
    return used.stream()
        .map(secret -> WebhookSigner.hex(secret, head, body))
        .anyMatch(right -> isAmong(right, signatures));
  }

  private static boolean github(
      Function<String, @Nullable String> header, byte[] body, List<WebhookSecret> used) {
    String given = value("X-Hub-Signature-256", header);
    return used.stream().anyMatch(s -> Hmac.same("sha256=" + WebhookSigner.hex(s, body), given));
  }

  private static boolean isAmong(String right, List<String> signatures) {
    boolean found = false;
    for (String signature : signatures) {
      found |= Hmac.same(right, signature);
    }
    return found;
  }

  private void checkTime(String header, String second, Instant now) {
    if (!SECONDS.matcher(second).matches()) {
      throw new WebhookVerificationException(
          HEADER, header + " must have whole seconds since 1970 as its timestamp");
    }
    Instant at = Instant.ofEpochSecond(Long.parseLong(second));
    Duration age = Duration.between(at, now);
    if (age.compareTo(tolerance) > 0) {
      throw new WebhookVerificationException(
          TOO_OLD, "signed " + at + ", more than " + tolerance + " before " + now);
    }
    if (age.negated().compareTo(tolerance) > 0) {
      throw new WebhookVerificationException(
          TOO_NEW, "signed " + at + ", more than " + tolerance + " after " + now);
    }
  }

  private static List<String> entries(String value, String separator) {
    List<String> entries = List.of(value.split(Pattern.quote(separator), MOST_SIGNATURES + 1));
    if (entries.size() > MOST_SIGNATURES) {
      throw new WebhookVerificationException(
          HEADER, "a message may have " + MOST_SIGNATURES + " signatures, had more");
    }
    return entries.stream().map(String::strip).toList();
  }

  private static String value(String name, Function<String, @Nullable String> header) {
    String value = header.apply(name);
    if (value == null || value.isBlank()) {
      throw new WebhookVerificationException(HEADER, "there is no header " + name);
    }
    if (value.length() > MOST_CHARACTERS) {
      throw new WebhookVerificationException(
          HEADER, name + " may have " + MOST_CHARACTERS + " characters, had " + value.length());
    }
    return value.strip();
  }

  /** Two headers of one name might be read differently here and where the message is used. */
  private static @Nullable String only(
      String name, Map<String, ? extends Collection<String>> headers) {
    List<String> values = new ArrayList<>();
    headers.forEach(
        (key, all) -> {
          if (name.equalsIgnoreCase(key)) {
            values.addAll(all);
          }
        });
    if (values.size() > 1) {
      throw new WebhookVerificationException(
          HEADER, "there are " + values.size() + " headers " + name);
    }
    return values.isEmpty() ? null : values.get(0);
  }

  /** What can't be decoded is no signature, as is one of no bytes. */
  private static byte[] base64(String text) {
    try {
      return text.length() % 4 == 0 ? Base64.getDecoder().decode(text) : new byte[0];
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }
}
