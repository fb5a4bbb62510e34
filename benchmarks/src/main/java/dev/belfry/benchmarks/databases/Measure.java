// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Measures Belfry, its peers and plain JDBC on real databases, and writes tables, a plot and all
 * values. See {@code benchmarks/README.md}.
 */
final class Measure {
  private Measure() {}

  public static void main(String[] args) throws IOException {
    Settings settings = Settings.of(args);
    Path target = Path.of("target", "databases").toAbsolutePath();
    Files.createDirectories(target);
    var results = new Results();
    try {
      for (Product product : settings.products()) {
        measure(settings, product, target, results);
      }
    } finally {
      write(settings, target, results);
    }
  }

  private static void measure(Settings settings, Product product, Path target, Results results) {
    List<Row> rows =
        settings.rows().stream()
            .filter(row -> !settings.contenders(row, product).isEmpty())
            .toList();
    if (rows.isEmpty() || product != Product.POSTGRESQL) {
      return;
    }
    try (Server server = PostgresServer.start(target);
        var lab = new Lab(settings, server, target.resolve("logs"), results)) {
      System.out.println(server.describe());
      rows.forEach(row -> lab.measure(row, settings.contenders(row, product)));
    }
  }

  private static void write(Settings settings, Path target, Results results) throws IOException {
    var report = new Report(results);
    var text = new StringBuilder();
    for (Product product : Product.values()) {
      settings
          .rows()
          .forEach(
              row ->
                  report.table(row, product).ifPresent(table -> text.append(table).append('\n')));
    }
    System.out.println(text);
    Files.writeString(target.resolve("results.md"), text.toString());
    Files.write(
        target.resolve("results.tsv"),
        Stream.concat(Stream.of(Sample.HEADER), results.samples().stream().map(Sample::toLine))
            .toList());
  }
}
