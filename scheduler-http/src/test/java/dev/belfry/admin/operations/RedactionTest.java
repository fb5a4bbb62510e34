// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.belfry.run.Counters;
import dev.belfry.run.Failure;
import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import dev.belfry.run.RunState;
import dev.belfry.run.Trigger;
import dev.belfry.store.Payload;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
  private final Redaction redaction = Redaction.standard();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "password",
        "userPassword",
        "db_passwd",
        "pwd",
        "client-secret",
        "SECRET",
        "accessToken",
        "csrf.token",
        "Authorization",
        "apiKey",
        "api_key",
        "api-key",
        "X-API-Key",
        "privateKey",
        "aws_access_key_id",
        "credentials",
        "Set-Cookie",
        "ssn",
        "SSN",
        "userSsn",
        "card",
        "cardNumber",
        "credit_card",
        "card_no",
        "cvc"
      })
  void key_thatLooksSecret(String key) {
    assertThat(redaction.isSecret(key)).isTrue();
    assertThat(redaction.json("{\"" + key + "\":\"x\"}")).contains("{\"" + key + "\":\"•••\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "key",
        "name",
        "discard",
        "postcard",
        "cardinality",
        "author",
        "class",
        "pass"
      })
  void key_thatDoesNot(String key) {
    assertThat(redaction.isSecret(key)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":{\"password\":\"x\",\"b\":1}}|{\"a\":{\"password\":\"•••\",\"b\":1}}",
        "[{\"token\":{\"deep\":[1,2]}},2]|[{\"token\":\"•••\"},2]",
        "{\"tokens\":[\"a\",\"b\"],\"c\":true}|{\"tokens\":\"•••\",\"c\":true}",
        "{\"secret\":null,\"pin\":false}|{\"secret\":null,\"pin\":false}",
        "{\"card\":4111111111111111}|{\"card\":\"•••\"}",
        "{\"n\":12345678901234567890.10}|{\"n\":12345678901234567890.10}",
        "{\"h\":\"Bearer abc.def-1\"}|{\"h\":\"Bearer •••\"}",
        "\"whsec_C2FtcGxl and whsk_QUJD\"|\"whsec_••• and whsk_•••\"",
        "{\"url\":\"https://x.test/?q=1&api_key=k1&b=2\"}"
            + "|{\"url\":\"https://x.test/?q=1&api_key=•••&b=2\"}",
        "{\"Bearer abc\":1}|{\"Bearer •••\":1}",
        "7|7",
        "null|null",
        "[]|[]",
      })
  void json_hidesSecretsOnly(String text, String shown) {
    assertThat(redaction.json(text)).contains(shown);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "1 2", "{} x", "{\"a\":}", "no json", "{\"password\":\"x"})
  void json_thatIsNone_isNotShown(String text) {
    assertThat(redaction.json(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":[1,{\"b\":\"long te… (cut)|{\"a\":[1,{}]}",
        "{\"a\":1,\"password\":\"hunt… (cut)|{\"a\":1,\"password\":\"•••\"}",
        "{\"a\":1,\"passw… (cut)|{\"a\":1}",
        "[\"a\",\"b\"… (cut)|[\"a\",\"b\"]",
      })
  void json_whoseEndIsMissing_isShownUpToThere(String text, String shown) {
    assertThat(redaction.shown(text, "json"))
        .isEqualTo(
            new Shown(
                Optional.of(shown), "json", text.getBytes(StandardCharsets.UTF_8).length, true));
  }

  @Test
  void payload_ofAnotherCodec_isSizeAndCodecOnly() {
    byte[] bytes = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);

    assertThat(redaction.payload(Payload.of("json", bytes)))
        .isEqualTo(new Shown(Optional.of("{\"a\":1}"), "json", 7, false));
    assertThat(redaction.payload(Payload.of("sealed", bytes)))
        .isEqualTo(new Shown(Optional.empty(), "sealed", 7, false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "sent Authorization: Basic dXNlcjpwYXNz|sent Authorization: •••",
        "bearer a1 and BEARER b2|bearer ••• and BEARER •••",
        "Login[user=joe, password=hunter2]|Login[user=joe, password=•••]",
        "bad document {\"user\":\"joe\",\"password\": \"a\\\"b\",\"n\":1}"
            + "|bad document {\"user\":\"joe\",\"password\": \"•••\",\"n\":1}",
        "{\"password\":\"a\",\"token\":\"b\"}|{\"password\":\"•••\",\"token\":\"•••\"}",
        "{\"password\":\"never ends|{\"password\":\"•••",
        "{\"password\":\"\\|{\"password\":\"•••",
        "unexpected token: }|unexpected token: }",
        "a=b and nothing else|a=b and nothing else",
      })
  void text_hidesWhatTellsItself(String text, String shown) {
    assertThat(redaction.text(text)).isEqualTo(shown);
  }

  @Test
  void text_severalLines_hidesToTheEndOfEach() {
    assertThat(redaction.text("Cookie: a=1; b=2\nHost: x\nX-Api-Key: k\n"))
        .isEqualTo("Cookie: •••\nHost: x\nX-Api-Key: •••\n");
  }

  @Test
  void withKeys_hidesMore() {
    Redaction more = redaction.withKeys("^iban$").withKeys("salary");

    assertThat(more.json("{\"IBAN\":1,\"ibans\":2,\"baseSalary\":3,\"token\":4}"))
        .contains("{\"IBAN\":\"•••\",\"ibans\":2,\"baseSalary\":\"•••\",\"token\":\"•••\"}");
    assertThatIllegalArgumentException().isThrownBy(() -> redaction.withKeys("("));
  }

  @Test
  void run_isShownWithoutSecretsInErrorsReasonsAndNotes() {
    Instant now = Instant.parse("2026-03-02T12:00:00Z");
    var failure = new Failure("java.io.IOException", "Bearer a1", "at x(Bearer a1)");

    assertThat(states(new RunState.Failed(now, failure)))
        .isEqualTo(
            new RunState.Failed(
                now, new Failure("java.io.IOException", "Bearer •••", "at x(Bearer •••)")));
    assertThat(states(new RunState.TimedOut(now, failure)).toString()).doesNotContain("a1");
    assertThat(states(new RunState.Blocked("Bearer a1", 1)))
        .isEqualTo(new RunState.Blocked("Bearer •••", 1));
    assertThat(states(new RunState.Waiting("Bearer a1", 1)))
        .isEqualTo(new RunState.Waiting("Bearer •••", 1));
    assertThat(states(new RunState.Cancelled(now, "Bearer a1")))
        .isEqualTo(new RunState.Cancelled(now, "Bearer •••"));
    assertThat(states(new RunState.Skipped(now, "Bearer a1")))
        .isEqualTo(new RunState.Skipped(now, "Bearer •••"));
    assertThat(redaction.notes(Map.of("token", "x", "page", "Bearer a1")))
        .isEqualTo(Map.of("token", "•••", "page", "Bearer •••"));
  }

  private RunState states(RunState state) {
    Instant now = Instant.parse("2026-03-02T12:00:00Z");
    var run =
        new Run(
            RunId.of(1, 2, 3),
            "job",
            0,
            state,
            now,
            now,
            Optional.empty(),
            Trigger.enqueue(),
            List.of("a"),
            Counters.NONE,
            Map.of(),
            false);
    return redaction.run(run).state();
  }
}
