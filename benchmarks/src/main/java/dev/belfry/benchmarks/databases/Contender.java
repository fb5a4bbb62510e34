// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Who is measured. */
enum Contender {
  BELFRY("belfry", "Belfry", EnumSet.allOf(Product.class), 60, BelfryEngine::new),
  RAW_100(
      "raw-100",
      "raw JDBC, 100",
      EnumSet.of(Product.POSTGRESQL),
      60,
      setup -> new RawEngine(setup, 100, false)),
  RAW_500(
      "raw-500",
      "raw JDBC, 500",
      EnumSet.of(Product.POSTGRESQL),
      60,
      setup -> new RawEngine(setup, 500, true)),
  DB_SCHEDULER_FETCH(
      "db-scheduler-fetch",
      "db-scheduler, fetch",
      EnumSet.of(Product.POSTGRESQL),
      60,
      setup -> new DbSchedulerEngine(setup, false)),
  DB_SCHEDULER_LOCK(
      "db-scheduler-lock",
      "db-scheduler, lock-and-fetch",
      EnumSet.of(Product.POSTGRESQL),
      60,
      setup -> new DbSchedulerEngine(setup, true));

  private final String key;
  private final String title;
  private final Set<Product> products;
  private final int drainSeconds;
  private final Function<Setup, Engine> engine;

  Contender(
      String key,
      String title,
      Set<Product> products,
      int drainSeconds,
      Function<Setup, Engine> engine) {
    this.key = key;
    this.title = title;
    this.products = products;
    this.drainSeconds = drainSeconds;
    this.engine = engine;
  }

  static Contender of(String key) {
    return Arrays.stream(values())
        .filter(contender -> contender.key.equals(key))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException("no contender \"" + key + "\"; known are " + keys()));
  }

  static Stream<Contender> all() {
    return Arrays.stream(values());
  }

  /** Returns whether a word on the command line means it: its name, or that of its library. */
  boolean matches(String word) {
    return key.equals(word) || key.startsWith(word + "-");
  }

  static String keys() {
    return Arrays.stream(values()).map(Contender::key).collect(Collectors.joining(", "));
  }

  /** Returns the name on the command line. */
  String key() {
    return key;
  }

  String title() {
    return title;
  }

  boolean runsOn(Product product) {
    return products.contains(product);
  }

  /** Returns how long it drains at the most; the slow ones do not get to the end. */
  int drainSeconds() {
    return drainSeconds;
  }

  Engine open(Setup setup) {
    return engine.apply(setup);
  }
}
