// SPDX-License-Identifier: Apache-2.0

package dev.belfry.benchmarks.databases;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The part of a page that a run of the benchmark writes anew, between two comments. */
final class Page {
  private static final String BEGIN = "<!-- databases: written by the benchmark -->\n";
  private static final String END = "<!-- databases: end -->\n";

  private Page() {}

  /** Puts a text in the place of what stands between the comments. */
  static String replace(String page, String text) {
    int begin = page.indexOf(BEGIN);
    int end = page.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IllegalArgumentException(
          "the page must have the lines \"%s\" and \"%s\"".formatted(BEGIN.strip(), END.strip()));
    }
    return page.substring(0, begin + BEGIN.length()) + text + page.substring(end);
  }

  /** Writes results to the documentation: to its page, and the plot beside it. */
  static void publish(Path docs, String text, String plot) throws IOException {
    Path page = docs.resolve("benchmarks.md");
    Files.writeString(
        page,
        replace(
            Files.readString(page),
            "\n![Medians, with the least and the greatest](benchmarks-databases.svg)\n\n"
                + text
                + "\n"));
    Files.writeString(docs.resolve("benchmarks-databases.svg"), plot);
  }
}
