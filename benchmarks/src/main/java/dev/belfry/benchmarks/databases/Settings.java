// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a run of the benchmark measures: rows, contenders and products by name in any order, and
 * options. Nothing named of a kind means all of it.
 *
 * @param warmUps how many rounds come first, to warm up the JVMs
 * @param rounds how many rounds count
 * @param runs how many runs are drained
 * @param workers how many handlers run at once, in each contender
 * @param connections how many connections the pool of each contender has
 * @param crowd how many runs lie in the future, how many have ended, and ten times how many are
 *     running elsewhere, where tables are full
 * @param publish whether the results go to the documentation
 */
record Settings(
    List<Row> rows,
    Set<Contender> contenders,
    Set<Product> products,
    int warmUps,
    int rounds,
    int runs,
    int workers,
    int connections,
    int crowd,
    boolean publish) {
  static final String USAGE =
      """
      Measure [row | contender | database]... [--warm-ups 4] [--rounds 5] [--runs 50000] [--workers 16]
          [--connections 20] [--crowd 1000000] [publish]
        rows:       %s
        contenders: %s
        databases:  %s
      """
          .formatted(
              Rows.all().stream().map(Row::key).collect(Collectors.joining(", ")),
              Contender.keys(),
              Product.all().map(Product::key).collect(Collectors.joining(", ")));

  private static final Map<String, Integer> DEFAULTS =
      Map.of(
          "--warm-ups", 4,
          "--rounds", 5,
          "--runs", 50_000,
          "--workers", 16,
          "--connections", 20,
          "--crowd", 1_000_000);

  static Settings of(String... args) {
    Map<String, Row> rowsByKey = new LinkedHashMap<>();
    Rows.all().forEach(row -> rowsByKey.put(row.key(), row));
    var rows = new ArrayList<Row>();
    var contenders = EnumSet.noneOf(Contender.class);
    var products = EnumSet.noneOf(Product.class);
    Map<String, Integer> options = new HashMap<>(DEFAULTS);
    boolean publish = false;
    for (int i = 0; i < args.length; i++) {
      String word = args[i];
      if (word.equals("publish")) {
        publish = true;
      } else if (options.containsKey(word)) {
        options.put(word, number(word, i + 1 < args.length ? args[i + 1] : ""));
        i++;
      } else if (rowsByKey.containsKey(word)) {
        rows.add(rowsByKey.get(word));
      } else if (Product.all().anyMatch(product -> product.key().equals(word))) {
        Product.all().filter(product -> product.key().equals(word)).forEach(products::add);
      } else {
        Contender.all().filter(one -> one.matches(word)).forEach(contenders::add);
        if (Contender.all().noneMatch(one -> one.matches(word))) {
          throw new IllegalArgumentException(
              "unknown word \"" + word + "\"; the usage is\n" + USAGE);
        }
      }
    }
    return new Settings(
        rows.isEmpty() ? Rows.all() : List.copyOf(rows),
        contenders.isEmpty() ? EnumSet.allOf(Contender.class) : contenders,
        products.isEmpty() ? EnumSet.allOf(Product.class) : products,
        option(options, "--warm-ups"),
        option(options, "--rounds"),
        option(options, "--runs"),
        option(options, "--workers"),
        option(options, "--connections"),
        option(options, "--crowd"),
        publish);
  }

  private static int option(Map<String, Integer> options, String name) {
    return requireNonNull(options.get(name));
  }

  private static int number(String option, String value) {
    try {
      int number = Integer.parseInt(value);
      if (number >= 1) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException(
        option + " must be a number of at least 1, was \"" + value + "\"");
  }

  /** Returns who takes part in a row on a product. */
  List<Contender> contenders(Row row, Product product) {
    return contenders.stream()
        .filter(contender -> contender.runsOn(product) && row.isFor(contender, product))
        .toList();
  }

  /** Says how it is measured, for the report. */
  String describe() {
    return """
        %,d runs unless said otherwise; %d rounds after %d to warm up; medians, in brackets the
        least and the greatest. Each contender has %d workers, a pool of %d connections, and JVMs with
        `%s`. db-scheduler %s, JobRunr %s, Quartz %s, DBOS Transact %s.

        - %s
        """
        .formatted(
            runs,
            rounds,
            warmUps,
            workers,
            connections,
            String.join(" ", Child.OPTIONS),
            Machine.version("db-scheduler"),
            Machine.version("jobrunr"),
            Machine.version("quartz"),
            Machine.version("transact"),
            Machine.describe())
        .stripTrailing();
  }
}
