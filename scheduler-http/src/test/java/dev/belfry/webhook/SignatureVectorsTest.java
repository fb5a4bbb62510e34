// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Published signatures are taken and made, forged ones are refused; see signatures.json. */
class SignatureVectorsTest {
  /** A message, where it is from, and what is to become of it. */
  record Vector(
      String name,
      String source,
      SignatureScheme scheme,
      String secret,
      Map<String, String> headers,
      String body,
      long now,
      String outcome,
      String signer,
      String id) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Vector> vectors() throws IOException {
    try (InputStream in = SignatureVectorsTest.class.getResourceAsStream("signatures.json")) {
      return new ObjectMapper().readValue(in, new TypeReference<>() {});
    }
  }

  static List<Vector> signed() throws IOException {
    return vectors().stream().filter(vector -> vector.signer() != null).toList();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void verify_answersAsTheTableSays(Vector vector) {
    WebhookVerifier verifier =
        WebhookVerifier.of(vector.scheme(), WebhookSecret.of(vector.secret()))
            .withClock(InstantSource.fixed(Instant.ofEpochSecond(vector.now())));

    assertThat(outcome(verifier, vector)).isEqualTo(vector.outcome());
  }

  @ParameterizedTest
  @MethodSource("signed")
  void headers_areThoseThatWerePublished(Vector vector) {
    WebhookSigner signer = WebhookSigner.of(vector.scheme(), WebhookSecret.of(vector.signer()));

    assertThat(
            signer.headers(
                vector.id(), Instant.ofEpochSecond(vector.now()), vector.body().getBytes(UTF_8)))
        .isEqualTo(vector.headers());
  }

  @Test
  void table_hasPublishedAndForgedOnesOfEachScheme() throws IOException {
    for (SignatureScheme scheme : SignatureScheme.values()) {
      assertThat(vectors()).anyMatch(v -> v.scheme() == scheme && v.outcome().equals("GOOD"));
      assertThat(vectors()).anyMatch(v -> v.scheme() == scheme && v.outcome().equals("SIGNATURE"));
    }
    assertThat(vectors()).allMatch(vector -> !vector.source().isBlank());
  }

  private static String outcome(WebhookVerifier verifier, Vector vector) {
    try {
      verifier.verify(name -> vector.headers().get(name), vector.body().getBytes(UTF_8));
      return "GOOD";
    } catch (WebhookVerificationException refused) {
      return refused.reason().name();
    }
  }
}
