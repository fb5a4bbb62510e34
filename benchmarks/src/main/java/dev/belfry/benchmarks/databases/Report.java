// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Makes tables of what was measured. */
final class Report {
  private final Results results;

  Report(Results results) {
    this.results = results;
  }

  /** Returns the table of a row on a product, with a heading; empty if nothing was measured. */
  Optional<String> table(Row row, Product product) {
    List<Contender> contenders =
        Contender.all()
            .filter(
                contender ->
                    results.samples().stream()
                        .anyMatch(
                            sample ->
                                sample.row().equals(row.key())
                                    && sample.product() == product
                                    && sample.contender() == contender))
            .toList();
    if (contenders.isEmpty()) {
      return Optional.empty();
    }
    List<Column> columns =
        row.columns().stream()
            .filter(
                column ->
                    contenders.stream()
                        .anyMatch(contender -> spread(row, product, contender, column).isPresent()))
            .toList();
    var lines = new ArrayList<List<String>>();
    for (Contender contender : contenders) {
      Stream<String> cells =
          columns.stream()
              .map(column -> Markdown.cell(column, spread(row, product, contender, column)));
      lines.add(Stream.concat(Stream.of(contender.title()), cells).toList());
    }
    List<String> headings =
        Stream.concat(Stream.of(""), columns.stream().map(Column::title)).toList();
    return Optional.of(
        "### %s, %s%n%n%s"
            .formatted(row.title(), product.title(), Markdown.table(headings, lines)));
  }

  private Optional<Spread> spread(Row row, Product product, Contender contender, Column column) {
    return results.spread(product, row.key(), "", contender, column.measure());
  }
}
