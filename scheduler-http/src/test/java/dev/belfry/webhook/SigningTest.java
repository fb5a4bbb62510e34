// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signing and verifying: rotation, keys, what is refused. */
class SigningTest {
  private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
  private static final byte[] BODY = "{\"paid\":true}".getBytes(UTF_8);
  private final WebhookSecret old = WebhookSecret.generate();
  private final WebhookSecret fresh = WebhookSecret.generate();

  @ParameterizedTest
  @EnumSource
  void signed_isVerified(SignatureScheme scheme) {
    Map<String, String> headers = WebhookSigner.of(scheme, old).headers("msg_1", NOON, BODY);

    verifier(scheme, NOON, old).verify(listed(headers), BODY);
  }

  @ParameterizedTest
  @EnumSource(names = {"STANDARD", "STRIPE"})
  void rotation_signsWithBothUntilTheOldOneEnds(SignatureScheme scheme) {
    WebhookSigner signer =
        WebhookSigner.of(scheme, fresh, old.until(NOON.plus(Duration.ofHours(24))));

    Instant last = NOON.plus(Duration.ofHours(24)).minusSeconds(1);
    Map<String, String> both = signer.headers("msg_1", last, BODY);
    verifier(scheme, last, old).verify(listed(both), BODY);
    verifier(scheme, last, fresh).verify(listed(both), BODY);

    Instant after = NOON.plus(Duration.ofHours(24));
    Map<String, String> one = signer.headers("msg_1", after, BODY);
    verifier(scheme, after, fresh).verify(listed(one), BODY);
    assertThatThrownBy(() -> verifier(scheme, after, old).verify(listed(one), BODY))
        .isInstanceOf(WebhookVerificationException.class)
        .hasMessage("no signature is that of this message and one of 1 secrets");
  }

  @Test
  void rotation_ofReceiver_takesEitherUntilTheOldOneEnds() {
    WebhookVerifier verifier =
        verifier(SignatureScheme.STANDARD, NOON, fresh, old.until(NOON.plusSeconds(1)));
    Map<String, List<String>> signedByOld =
        listed(WebhookSigner.of(SignatureScheme.STANDARD, old).headers("msg_1", NOON, BODY));

    verifier.verify(signedByOld, BODY);
    assertThatThrownBy(
            () ->
                verifier
                    .withClock(InstantSource.fixed(NOON.plusSeconds(1)))
                    .verify(signedByOld, BODY))
        .hasMessage("no signature is that of this message and one of 1 secrets");
  }

  @Test
  void secrets_areAskedForAtEachMessage() {
    var current = new AtomicReference<>(List.of(old));
    WebhookSigner signer = WebhookSigner.of(SignatureScheme.STANDARD, current::get);
    Map<String, String> before = signer.headers("msg_1", NOON, BODY);
    current.set(List.of(fresh));

    Map<String, String> after = signer.headers("msg_1", NOON, BODY);

    assertThat(after).isNotEqualTo(before);
    verifier(SignatureScheme.STANDARD, NOON, fresh).verify(listed(after), BODY);
  }

  @Test
  void attempts_haveTheirOwnTimestampAndSignature_andTheSameId() {
    WebhookSigner signer = WebhookSigner.of(SignatureScheme.STANDARD, old);

    Map<String, String> first = signer.headers("msg_1", NOON, BODY);
    Map<String, String> second = signer.headers("msg_1", NOON.plusSeconds(5), BODY);

    assertThat(second).containsEntry("webhook-id", first.get("webhook-id"));
    assertThat(second.get("webhook-timestamp")).isNotEqualTo(first.get("webhook-timestamp"));
    assertThat(second.get("webhook-signature")).isNotEqualTo(first.get("webhook-signature"));
  }

  @Test
  void ed25519_isVerifiedWithThePublicKeyAlone() {
    WebhookSecret key = WebhookSecret.generateEd25519();
    Map<String, String> headers =
        WebhookSigner.of(SignatureScheme.STANDARD, key).headers("msg_1", NOON, BODY);

    assertThat(headers.get("webhook-signature")).startsWith("v1a,");
    verifier(SignatureScheme.STANDARD, NOON, key.publicKey()).verify(listed(headers), BODY);
  }

  @Test
  void ed25519_publicKeyInX509Form_isTaken() {
    WebhookSecret key = WebhookSecret.generateEd25519();
    byte[] raw = StandardKey.bytes(key.publicKey(), "whpk_");
    var spki = new byte[44];
    System.arraycopy(HexFormat.of().parseHex("302a300506032b6570032100"), 0, spki, 0, 12);
    System.arraycopy(raw, 0, spki, 12, 32);
    WebhookSecret x509 = WebhookSecret.of("whpk_" + Base64.getEncoder().encodeToString(spki));

    verifier(SignatureScheme.STANDARD, NOON, x509)
        .verify(
            listed(WebhookSigner.of(SignatureScheme.STANDARD, key).headers("msg_1", NOON, BODY)),
            BODY);
  }

  @Test
  void ed25519_keysThatDoNotBelongTogether_areRefused() {
    byte[] one = StandardKey.bytes(WebhookSecret.generateEd25519(), "whsk_");
    byte[] other = StandardKey.bytes(WebhookSecret.generateEd25519(), "whsk_");
    System.arraycopy(other, 32, one, 32, 32);
    WebhookSecret mixed = WebhookSecret.of("whsk_" + Base64.getEncoder().encodeToString(one));

    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> WebhookSigner.of(SignatureScheme.STANDARD, mixed).headers("msg_1", NOON, BODY))
        .withMessage("bad secret " + mixed + ": its public key belongs to another private key");
  }

  @Test
  void publicKey_cannotSign() {
    WebhookSecret key = WebhookSecret.generateEd25519().publicKey();

    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> WebhookSigner.of(SignatureScheme.STANDARD, key).headers("msg_1", NOON, BODY))
        .withMessage("the public key " + key + " can't sign; give its private key, whsk_");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a.b", "a b", "ä", "a\nb"}) // a dot would let id and timestamp run together
  void id_thatIsAmbiguous_isRefused(String id) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WebhookSigner.of(SignatureScheme.STANDARD, old).headers(id, NOON, BODY))
        .withMessage(
            "the id of a message must be 1 to 200 visible ASCII characters without a dot, was \""
                + id
                + "\"");
  }

  @Test
  void secret_thatIsTooShortOrNoBase64_isRefusedWithoutShowingIt() {
    WebhookSecret weak = WebhookSecret.of("whsec_" + Base64.getEncoder().encodeToString(BODY));
    WebhookSecret text = WebhookSecret.of("whsec_not base64 at all");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> StandardKey.of(weak))
        .withMessage("bad secret " + weak + ": it must have 24 to 64 bytes, had 13");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StandardKey.of(text))
        .withMessage("bad secret whsec_… all: it must be whsec_ and base64");
  }

  @Test
  void secret_showsItsLastFourCharactersOnly() {
    WebhookSecret secret = WebhookSecret.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    assertThat(secret).hasToString("whsec_…LaSw");
    assertThat(WebhookSecret.of("short")).hasToString("…");
    assertThat(List.of(secret.until(NOON))).hasToString("[whsec_…LaSw]");
  }

  @Test
  void noSecretThatIsInUse_andMoreThanTen_areRefused() {
    WebhookSecret[] eleven =
        IntStream.range(0, 11)
            .mapToObj(i -> WebhookSecret.generate())
            .toArray(WebhookSecret[]::new);

    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                WebhookSigner.of(SignatureScheme.STANDARD, old.until(NOON))
                    .headers("msg_1", NOON, BODY))
        .withMessage("a message is signed with 1 to 10 secrets, there were 0");
    assertThatIllegalStateException()
        .isThrownBy(
            () -> WebhookSigner.of(SignatureScheme.STANDARD, eleven).headers("msg_1", NOON, BODY))
        .withMessage("a message is signed with 1 to 10 secrets, there were 11");
  }

  @Test
  void headersInOtherCase_areFound_andTwoOfAName_refused() {
    Map<String, List<String>> headers = new TreeMap<>();
    WebhookSigner.of(SignatureScheme.STANDARD, old)
        .headers("msg_1", NOON, BODY)
        .forEach((name, value) -> headers.put(name.toUpperCase(Locale.ROOT), List.of(value)));
    WebhookVerifier verifier = verifier(SignatureScheme.STANDARD, NOON, old);

    verifier.verify(headers, BODY);
    headers.put("webhook-id", List.of("msg_2"));
    assertThatThrownBy(() -> verifier.verify(headers, BODY))
        .hasMessage("there are 2 headers webhook-id");
  }

  @Test
  void longHeader_isRefusedBeforeItIsRead() {
    Map<String, List<String>> headers =
        Map.of(
            "webhook-id", List.of("msg_1"),
            "webhook-timestamp", List.of(String.valueOf(NOON.getEpochSecond())),
            "webhook-signature", List.of("v1,".repeat(10_000)));

    assertThatThrownBy(() -> verifier(SignatureScheme.STANDARD, NOON, old).verify(headers, BODY))
        .hasMessage("webhook-signature may have 8192 characters, had 30000");
  }

  @Test
  void tolerance_isPositiveAndAtMostADay() {
    WebhookVerifier verifier = WebhookVerifier.of(SignatureScheme.STANDARD, old);

    for (Duration wrong : List.of(Duration.ZERO, Duration.ofHours(25))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> verifier.withTolerance(wrong))
          .withMessage("the tolerance must be positive and at most PT24H, was " + wrong);
    }
  }

  private static WebhookVerifier verifier(
      SignatureScheme scheme, Instant now, WebhookSecret... secrets) {
    return WebhookVerifier.of(scheme, secrets).withClock(InstantSource.fixed(now));
  }

  private static Map<String, List<String>> listed(Map<String, String> headers) {
    Map<String, List<String>> listed = new TreeMap<>();
    headers.forEach((name, value) -> listed.put(name, Collections.singletonList(value)));
    return listed;
  }
}
