// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The page that has all sentences of explain. */
final class ExplainPage {
  private static final Path PAGE = Path.of("../docs/explain.md");
  private static final String ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

  private ExplainPage() {}

  /** Returns a sentence, which must be on the page, with an ellipsis for each id. */
  static String listed(String sentence) {
    try {
      assertThat(Files.readString(PAGE)).contains("| " + sentence.replaceAll(ID, "…") + " |");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sentence;
  }
}
