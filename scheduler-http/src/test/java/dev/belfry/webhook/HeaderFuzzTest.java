// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever stands in a header or is called a host, it is read or refused; nothing is forged by
 * change. {@code -Dbelfry.fuzz=1000000} tries more texts.
 */
@Timeout(60)
class HeaderFuzzTest {
  private static final int COUNT = Integer.getInteger("belfry.fuzz", 5_000);
  private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
  private static final byte[] BODY = "{\"paid\":true}".getBytes(UTF_8);
  private static final List<String> PIECES =
      List.of("", " ", ",", "=", ".", ":", "-", "0", "9".repeat(20), "GMT", "v1", "t=", "ü", "\0");

  @Test
  void retryAfter_isReadOrIgnored() {
    List<String> good =
        List.of(
            "120",
            "1.5",
            "Mon, 02 Mar 2026 13:00:00 GMT",
            "Monday, 02-Mar-26 13:00:00 GMT",
            "Mon Mar  2 13:00:00 2026");
    var read = new int[1];

    forEachChanged(
        1,
        good,
        text -> {
          Optional<Duration> wait = RetryAfter.parse(text, NOON);
          wait.ifPresent(
              time -> assertThat(time).isBetween(Duration.ofNanos(1), Duration.ofDays(365)));
          read[0] += wait.isPresent() ? 1 : 0;
        });

    assertThat(read[0]).as("texts that were read").isGreaterThan(COUNT / 100);
  }

  @ParameterizedTest
  @EnumSource
  void signature_isGoodOrRefused(SignatureScheme scheme) {
    WebhookSecret secret = WebhookSecret.generate();
    Map<String, String> signed = WebhookSigner.of(scheme, secret).headers("msg_1", NOON, BODY);
    WebhookVerifier verifier =
        WebhookVerifier.of(scheme, secret).withClock(InstantSource.fixed(NOON));

    signed.forEach(
        (name, value) ->
            forEachChanged(
                2,
                List.of(value),
                text -> {
                  var headers = new TreeMap<>(signed);
                  headers.put(name, text);
                  assertThat(isGood(verifier, headers, BODY))
                      .isEqualTo(saysTheSame(scheme, name, value, text));
                }));
  }

  /** What is beside the signature is ignored, as are spaces around; all else counts. */
  private static boolean saysTheSame(
      SignatureScheme scheme, String name, String value, String text) {
    if (scheme == SignatureScheme.STRIPE) {
      List<String> parts = List.of(text.split(",", -1)).stream().map(String::strip).toList();
      String time = value.substring(0, value.indexOf(','));
      return parts.contains(value.substring(value.indexOf(',') + 1))
          && parts.stream().filter(part -> part.startsWith("t=")).toList().equals(List.of(time));
    }
    boolean several = name.equals("webhook-signature");
    return several ? List.of(text.split(" ")).contains(value) : text.strip().equals(value);
  }

  @Test
  void changedBody_isRefused() {
    WebhookSecret secret = WebhookSecret.generate();
    WebhookVerifier verifier =
        WebhookVerifier.of(SignatureScheme.STANDARD, secret).withClock(InstantSource.fixed(NOON));
    Map<String, String> signed =
        WebhookSigner.of(SignatureScheme.STANDARD, secret).headers("msg_1", NOON, BODY);

    String good = new String(BODY, UTF_8);
    forEachChanged(
        3,
        List.of(good),
        text ->
            assertThat(isGood(verifier, signed, text.getBytes(UTF_8)))
                .isEqualTo(text.equals(good)));
  }

  private static boolean isGood(
      WebhookVerifier verifier, Map<String, String> headers, byte[] body) {
    try {
      verifier.verify(headers::get, body);
      return true;
    } catch (WebhookVerificationException refused) {
      assertThat(refused.getMessage()).isNotBlank();
      return false;
    }
  }

  @Test
  void host_isAnAddressANameOrNeither() {
    List<String> good =
        List.of("127.0.0.1", "::1", "fe80::1", "::ffff:1.2.3.4", "a.example", "xn--nxa.example");

    forEachChanged(
        4,
        good,
        text -> {
          Optional<InetAddress> address = HostText.address(text);
          assertThat(address.isPresent() && HostText.isName(text)).isFalse();
          address.ifPresent(
              read -> assertThat(HostText.address(read.getHostAddress())).contains(read));
        });
  }

  private static void forEachChanged(long seed, List<String> good, Consumer<String> reader) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < COUNT; i++) {
      var text = new StringBuilder(good.get(random.nextInt(good.size())));
      for (int changes = random.nextInt(3); changes > 0; changes--) {
        int from = random.nextInt(text.length() + 1);
        int to = Math.min(text.length(), from + random.nextInt(3));
        text.replace(from, to, PIECES.get(random.nextInt(PIECES.size())));
      }
      try {
        reader.accept(text.toString());
      } catch (Throwable e) {
        throw new AssertionError("text " + i + " is \"" + text + "\"", e);
      }
    }
  }
}
