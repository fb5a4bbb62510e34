// SPDX-License-Identifier: Apache-2.0
package dev.belfry.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.belfry.examples.quickstart.Options.SmtpServer;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OptionsTest {
  @Test
  void parse_withoutArguments_givesTheDefaults() {
    assertThat(Options.parse())
        .isEqualTo(new Options(Path.of("data"), Optional.empty(), false, false, false));
  }

  @Test
  void parse_takesAllOptions() {
    assertThat(
            Options.parse(
                "--data", "x/y", "--smtp", "mail.example.com:25", "--crash", "--stay", "--help"))
        .isEqualTo(
            new Options(
                Path.of("x/y"),
                Optional.of(new SmtpServer("mail.example.com", 25)),
                true,
                true,
                true));
  }

  @Test
  void parse_refusesWhatItDoesNotKnow() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.parse("--dta"))
        .withMessage("unknown option \"--dta\"");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.parse("--data"))
        .withMessage("--data needs a value");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.parse("--smtp", "localhost"))
        .withMessage("--smtp needs HOST:PORT, such as localhost:25, was \"localhost\"");
  }
}
