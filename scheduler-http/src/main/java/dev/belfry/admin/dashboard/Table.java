// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static dev.belfry.admin.dashboard.Html.each;
import static dev.belfry.admin.dashboard.Html.tag;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A table: what it is of, and its columns. Immutable.
 *
 * @param <T> the type of what has a row
 */
record Table<T>(String caption, List<Column<T>> columns) {
  /**
   * A column.
   *
   * @param css classes of its cells: {@code num} for numbers, {@code tight} for what is short,
   *     {@code rare} for what a phone leaves out
   */
  record Column<T>(Html name, String css, Function<? super T, ? extends Html> cell) {}

  /** Returns a table without columns. */
  static <T> Table<T> of(String caption) {
    return new Table<>(caption, List.of());
  }

  Table<T> column(String name, Function<? super T, ? extends Html> cell) {
    return column(name, "", cell);
  }

  Table<T> column(String name, String css, Function<? super T, ? extends Html> cell) {
    return with(new Column<>(Html.text(name), css, cell));
  }

  /** Adds a column whose name only screen readers need. */
  Table<T> plain(String name, String css, Function<? super T, ? extends Html> cell) {
    return with(new Column<>(tag("span", name).is("unseen"), css, cell));
  }

  /** Adds a column, if it applies. */
  Table<T> plainIf(
      boolean applies, String name, String css, Function<? super T, ? extends Html> cell) {
    return applies ? plain(name, css, cell) : this;
  }

  Table<T> with(Column<T> column) {
    return new Table<>(caption, Stream.concat(columns.stream(), Stream.of(column)).toList());
  }

  /** Returns the table with its rows. */
  Html.Tag rows(List<? extends T> items) {
    Html head =
        tag("tr", each(columns, column -> cell("th", column, column.name()).with("scope", "col")));
    Html body =
        each(
            items,
            item ->
                tag("tr", each(columns, column -> cell("td", column, column.cell().apply(item)))));
    return tag(
            "div",
            tag(
                "table",
                tag("caption", caption).is("unseen"),
                tag("thead", head),
                tag("tbody", body)))
        .is("scroll");
  }

  private static Html.Tag cell(String name, Column<?> column, Html content) {
    Html.Tag cell = tag(name, content);
    return column.css().isEmpty() ? cell : cell.is(column.css());
  }
}
