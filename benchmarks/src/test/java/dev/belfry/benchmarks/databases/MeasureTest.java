// SPDX-License-Identifier: Apache-2.0

package dev.belfry.benchmarks.databases;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole of it, as small as can be, so that it can be relied on when it is needed. */
class MeasureTest {
  @TempDir private Path target;

  @Test
  void tinyDrain_onPostgres_recordsAllMeasuresAndWritesThem() throws Exception {
    Settings settings =
        Settings.of(
            "drain belfry raw-500 postgresql --rounds 1 --runs 200 --workers 4 --connections 4"
                .split(" ", 0));

    Results results = Measure.run(settings, target);

    assertThat(results.failures()).isEmpty();
    for (Contender contender : List.of(Contender.BELFRY, Contender.RAW_500)) {
      for (String measure : List.of("rate", "wal", "statements", "commits")) {
        assertThat(results.spread(Product.POSTGRESQL, "drain", contender, measure))
            .as("%s of %s", measure, contender)
            .hasValueSatisfying(spread -> assertThat(spread.least()).isPositive());
      }
    }
    assertThat(Files.readString(target.resolve("results.md")))
        .contains("### Drain of ready no-op runs, PostgreSQL")
        .contains("| Belfry |");
    assertThat(Files.readString(target.resolve("results.svg"))).startsWith("<svg ");
    assertThat(Files.readAllLines(target.resolve("results.tsv")))
        .hasSize(1 + results.samples().size())
        .startsWith(Sample.HEADER);
  }
}
