// SPDX-License-Identifier: Apache-2.0

package dev.belfry.benchmarks.databases;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes tables and a plot of what was measured. */
final class Report {
  private final List<Row> rows;
  private final Results results;

  Report(List<Row> rows, Results results) {
    this.rows = rows;
    this.results = results;
  }

  /** One line of a table: a contender in a row. */
  private record Line(Row row, Contender contender) {}

  /** Returns all tables, each with a heading. */
  String tables() {
    var text = new StringBuilder();
    for (Product product : Product.values()) {
      byTitle()
          .forEach(
              (title, group) -> {
                List<Line> lines = lines(group, product);
                if (!lines.isEmpty()) {
                  text.append("### %s, %s\n\n".formatted(title, product.title()))
                      .append(table(lines, product))
                      .append('\n');
                }
              });
    }
    if (!results.failures().isEmpty()) {
      text.append("### Failed\n\n");
      results.failures().forEach(failure -> text.append("- ").append(failure).append('\n'));
    }
    return text.toString();
  }

  private Map<String, List<Row>> byTitle() {
    Map<String, List<Row>> groups = new LinkedHashMap<>();
    rows.forEach(row -> groups.computeIfAbsent(row.title(), title -> new ArrayList<>()).add(row));
    return groups;
  }

  private List<Line> lines(List<Row> group, Product product) {
    var lines = new ArrayList<Line>();
    for (Contender contender : Contender.values()) {
      for (Row row : group) {
        if (row.columns().stream()
            .anyMatch(column -> spread(row, product, contender, column).isPresent())) {
          lines.add(new Line(row, contender));
        }
      }
    }
    return lines;
  }

  private String table(List<Line> lines, Product product) {
    List<Column> columns =
        lines.get(0).row.columns().stream()
            .filter(
                column ->
                    lines.stream()
                        .anyMatch(
                            line -> spread(line.row, product, line.contender, column).isPresent()))
            .toList();
    boolean variants = lines.stream().anyMatch(line -> !line.row.variant().isEmpty());
    var headings = new ArrayList<String>();
    headings.add("");
    if (variants) {
      headings.add("");
    }
    columns.forEach(column -> headings.add(column.title()));
    var cells = new ArrayList<List<String>>();
    for (Line line : lines) {
      var row = new ArrayList<String>();
      row.add(line.row.nameOf(line.contender));
      if (variants) {
        row.add(line.row.variant());
      }
      columns.forEach(
          column ->
              row.add(
                  spread(line.row, product, line.contender, column).map(column::cell).orElse("-")));
      cells.add(row);
    }
    return Markdown.table(headings, cells);
  }

  /** Returns the plot: a panel for each row, a bar for each contender in it. */
  String plot() {
    var panels = new ArrayList<Plot.Panel>();
    for (Product product : Product.values()) {
      for (Row row : rows) {
        row.plotted().ifPresent(column -> panel(row, product, column).ifPresent(panels::add));
      }
    }
    return Plot.svg(panels);
  }

  private Optional<Plot.Panel> panel(Row row, Product product, Column column) {
    var bars = new ArrayList<Plot.Bar>();
    for (Contender contender : Contender.values()) {
      spread(row, product, contender, column)
          .ifPresent(
              spread ->
                  bars.add(
                      new Plot.Bar(row.nameOf(contender), spread, contender == Contender.BELFRY)));
    }
    String variant = row.variant().isEmpty() ? "" : ", " + row.variant();
    String title = "%s%s, %s: %s".formatted(row.title(), variant, product.title(), column.title());
    return bars.isEmpty() ? Optional.empty() : Optional.of(new Plot.Panel(title, column, bars));
  }

  private Optional<Spread> spread(Row row, Product product, Contender contender, Column column) {
    return results.spread(product, row.key(), contender, column.measure());
  }
}
