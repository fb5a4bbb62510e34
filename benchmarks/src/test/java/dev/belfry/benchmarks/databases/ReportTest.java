// SPDX-License-Identifier: Apache-2.0

package dev.belfry.benchmarks.databases;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

class ReportTest {
  private final Results results = new Results();
  private final Report report = new Report(Rows.all(), results);

  private void add(String row, Contender contender, int round, String measure, double value) {
    results.add(new Sample(Product.POSTGRESQL, row, contender, round, measure, value));
  }

  @Test
  void tables_haveMediansOfTheRoundsThatCountAndOnlyColumnsThatWereMeasured() {
    add("drain", Contender.BELFRY, 0, "rate", 5);
    add("drain", Contender.BELFRY, 1, "rate", 30_000);
    add("drain", Contender.BELFRY, 2, "rate", 10_000);
    add("drain", Contender.BELFRY, 3, "rate", 20_000);
    add("drain", Contender.BELFRY, Lab.COUNTING, "statements", 0.0625);
    add("drain-pinned", Contender.BELFRY, 1, "rate", 19_000);
    add("drain", Contender.RAW_100, 1, "rate", 40_000);

    assertThat(report.tables())
        .isEqualTo(
            """
            ### Drain of ready no-op runs, PostgreSQL

            |  |  | runs/s | statements |
            |---|---|---|---|
            | Belfry |  | 20,000 (10,000 to 30,000) | 0.063 |
            | Belfry | open snapshot | 19,000 | - |
            | raw JDBC, 100 |  | 40,000 | - |

            """);
  }

  @Test
  void tables_listWhatFailed() {
    results.addFailure("drain, round 1: quartz: it stuck");

    assertThat(report.tables())
        .isEqualTo(
            """
            ### Failed

            - drain, round 1: quartz: it stuck
            """);
  }

  @Test
  void plot_hasAPanelForEachRowAndABarForEachContender() throws Exception {
    add("drain", Contender.BELFRY, 1, "rate", 20_000);
    add("drain", Contender.RAW_100, 1, "rate", 40_000);
    add("drain", Contender.RAW_100, 2, "rate", 30_000);
    add("kill", Contender.BELFRY, 1, "seconds", 9.5);

    String svg = report.plot();

    var document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg.getBytes(UTF_8)));
    assertThat(document.getDocumentElement().getTagName()).isEqualTo("svg");
    assertThat(document.getElementsByTagName("rect").getLength()).isEqualTo(3);
    assertThat(texts(svg))
        .containsExactly(
            "Drain of ready no-op runs, PostgreSQL: runs/s",
            "Belfry",
            "20,000",
            "raw JDBC, 100",
            "35,000",
            "From kill -9 of a node to the start on another, default, PostgreSQL: seconds",
            "Belfry",
            "9.50");
    // the greatest value, 40,000, ends at the right edge of the bars
    assertThat(svg)
        .contains(
            "<rect class=\"ours\" x=\"200\" y=\"46\" width=\"225.0\" height=\"18\" rx=\"2\"/>")
        .contains("<line class=\"range\" x1=\"537.5\" y1=\"77\" x2=\"650.0\" y2=\"77\"/>");
  }

  private static List<String> texts(String svg) {
    return svg.lines()
        .filter(line -> line.startsWith("<text"))
        .map(line -> line.replaceAll("<[^>]*>", ""))
        .toList();
  }
}
