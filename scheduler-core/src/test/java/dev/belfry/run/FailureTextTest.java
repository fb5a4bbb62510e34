// SPDX-License-Identifier: Apache-2.0
package dev.belfry.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of a failure fits into a column, whatever an exception says of itself. */
class FailureTextTest {
  private static final String CUT = "… (cut)";
  private static final int MOST = 2 * 1024;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "ü",
        "漢",
        "😀",
        "\u007f",
        "\u0080",
        "\u07ff",
        "\u0800",
        "\uffff",
        "\ud800\udc00"
      })
  void text_isCutAtAWholeCharacterAndSaysSo(String character) {
    int bytes = character.getBytes(UTF_8).length;
    String fits = character.repeat(MOST / bytes);

    assertThat(Failure.of("T", fits).message()).isEqualTo(fits);
    String cut = Failure.of("T", fits + character).message();
    assertThat(cut).endsWith(CUT);
    assertThat(cut.getBytes(UTF_8)).hasSizeBetween(MOST - bytes + 1, MOST);
    assertThat(cut.replace(CUT, "").replace(character, "")).isEmpty();
  }

  @Test
  void charactersThatNoDatabaseKeeps_areReplaced() {
    assertThat(Failure.of("T", "a\u0000b\ud800c\udfffd").message())
        .isEqualTo("a\ufffdb\ufffdc\ufffdd");
    assertThat(Failure.of("T", "\ud7ff\ue000").message()).isEqualTo("\ud7ff\ue000");
  }

  @Test
  void exception_isKeptWithTypeMessageAndTrace() {
    Failure failure = Failure.of(new IllegalStateException("no ink"));

    assertThat(failure.type()).isEqualTo("java.lang.IllegalStateException");
    assertThat(failure.message()).isEqualTo("no ink");
    assertThat(failure.trace())
        .startsWith("java.lang.IllegalStateException: no ink")
        .contains("FailureTextTest");
    assertThat(Failure.of(new IllegalStateException()).message()).isEmpty();
    assertThat(Failure.of("T", "m")).isEqualTo(new Failure("T", "m", ""));
  }

  @Test
  void exceptionThatCannotBePrinted_isKeptAllTheSame() {
    Failure failure =
        Failure.of(
            new RuntimeException() {
              private static final long serialVersionUID = 1;

              @Override
              public String getMessage() {
                throw new IllegalStateException("no");
              }

              @Override
              public void printStackTrace(PrintWriter out) {
                out.print("so far, ");
                throw new StackOverflowError();
              }
            });

    assertThat(failure.message())
        .isEqualTo("(its getMessage() threw java.lang.IllegalStateException)");
    assertThat(failure.trace())
        .isEqualTo("so far, (its stack trace threw java.lang.StackOverflowError)");
  }

  @Test
  void endlessTrace_isCut() {
    Failure failure =
        Failure.of(
            new RuntimeException() {
              private static final long serialVersionUID = 1;

              @Override
              public void printStackTrace(PrintWriter out) {
                while (true) {
                  out.print("and on ");
                }
              }
            });

    assertThat(failure.trace()).endsWith(CUT);
    assertThat(failure.trace().getBytes(UTF_8)).hasSizeBetween(16 * 1024 - 1, 16 * 1024);
  }
}
