// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.cron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.zone.ZoneRulesProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The page says what the libraries answer today. */
class CompatibilityPageTest {
  private static final Path PAGE = Path.of("..", "docs", "cron-compatibility.md");

  @Test
  @Timeout(300)
  void page_isWhatTheLibrariesAnswer() throws IOException {
    assumeThat(ZoneRulesProvider.getVersions("UTC").lastKey())
        .as("rules of time zones, which know all changes of the clock on the page")
        .isGreaterThanOrEqualTo("2024a");
    String answers = new CompatibilityPage().toString();
    if (Boolean.getBoolean("belfry.updateDocs")) {
      Files.writeString(PAGE, answers);
    }

    assertThat(Files.readString(PAGE).replace("\r", ""))
        .as(
            "docs/cron-compatibility.md differs from what the libraries answer. If that is meant,"
                + " write it anew: mvn verify -Dbelfry.updateDocs=true")
        .isEqualTo(answers);
  }
}
