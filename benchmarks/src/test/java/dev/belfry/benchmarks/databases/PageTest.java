// SPDX-License-Identifier: Apache-2.0

package dev.belfry.benchmarks.databases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageTest {
  private static final String PAGE =
      """
      # Title
      <!-- databases: written by the benchmark -->
      old
      <!-- databases: end -->
      after
      """;

  @Test
  void replace_keepsWhatIsAround_andCanBeRepeated() {
    String once = Page.replace(PAGE, "new\n");

    assertThat(once).isEqualTo(PAGE.replace("old", "new"));
    assertThat(Page.replace(once, "old\n")).isEqualTo(PAGE);
  }

  @Test
  void replace_pageWithoutThePlace_isRefused() {
    assertThatThrownBy(() -> Page.replace("# Title\n", "new"))
        .hasMessage(
            "the page must have the lines \"<!-- databases: written by the benchmark -->\""
                + " and \"<!-- databases: end -->\"");
  }

  @Test
  void publish_theRealPage_takesTablesAndPlot(@TempDir Path docs) throws Exception {
    Files.copy(Path.of("..", "docs", "benchmarks.md"), docs.resolve("benchmarks.md"));

    Page.publish(docs, "### Drain", "<svg/>");

    assertThat(Files.readString(docs.resolve("benchmarks.md")))
        .contains("](benchmarks-databases.svg)\n\n### Drain\n<!-- databases: end -->\n");
    assertThat(Files.readString(docs.resolve("benchmarks-databases.svg"))).isEqualTo("<svg/>");
  }
}
