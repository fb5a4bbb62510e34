// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Measures Belfry, its peers and plain JDBC on real databases, and writes tables, a plot and all
 * values. See {@code benchmarks/README.md}.
 */
final class Measure {
  private Measure() {}

  public static void main(String[] args) throws IOException {
    Settings settings = Settings.of(args);
    Results results = run(settings, Path.of("target", "databases").toAbsolutePath());
    System.out.println(text(settings, results));
    if (settings.publish()) {
      Page.publish(Path.of("..", "docs"), text(settings, results), plot(settings, results));
    }
    if (!results.failures().isEmpty()) {
      System.exit(1);
    }
  }

  /**
   * Measures, writes {@code results.md}, {@code results.svg} and {@code results.tsv} anew after
   * each group of rows, and prints the tables.
   *
   * @param target the folder for the results, and for data and logs meanwhile
   */
  static Results run(Settings settings, Path target) throws IOException {
    Files.createDirectories(target);
    var results = new Results();
    for (Product product : settings.products()) {
      measure(settings, product, target, results);
    }
    return results;
  }

  private static void measure(Settings settings, Product product, Path target, Results results)
      throws IOException {
    Map<String, List<Row>> groups = new LinkedHashMap<>();
    settings.rows().stream()
        .filter(row -> !settings.contenders(row, product).isEmpty())
        .forEach(row -> groups.computeIfAbsent(row.title(), title -> new ArrayList<>()).add(row));
    if (groups.isEmpty()) {
      return;
    }
    try (Server server = Servers.start(product, target);
        var lab = new Lab(settings, server, target.resolve("logs"), results)) {
      System.out.println(server.describe());
      results.addPlace(server.describe());
      for (List<Row> group : groups.values()) {
        lab.measure(group);
        write(settings, target, results);
      }
    }
  }

  private static void write(Settings settings, Path target, Results results) throws IOException {
    Files.writeString(target.resolve("results.md"), text(settings, results));
    Files.writeString(target.resolve("results.svg"), plot(settings, results));
    Files.write(
        target.resolve("results.tsv"),
        Stream.concat(Stream.of(Sample.HEADER), results.samples().stream().map(Sample::toLine))
            .toList());
  }

  private static String text(Settings settings, Results results) {
    return settings.describe()
        + "\n"
        + results.places()
        + "\n"
        + new Report(settings.rows(), results).tables().stripTrailing()
        + "\n";
  }

  private static String plot(Settings settings, Results results) {
    return new Report(settings.rows(), results).plot();
  }
}
