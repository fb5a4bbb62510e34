// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Who is measured. */
enum Contender {
  BELFRY("belfry", "Belfry"),
  RAW_100("raw-100", "raw JDBC, 100"),
  RAW_500("raw-500", "raw JDBC, 500"),
  DB_SCHEDULER_FETCH("db-scheduler-fetch", "db-scheduler, fetch"),
  DB_SCHEDULER_LOCK("db-scheduler-lock", "db-scheduler, lock-and-fetch"),
  JOBRUNR("jobrunr", "JobRunr"),
  QUARTZ("quartz", "Quartz"),
  DBOS("dbos", "DBOS Transact");

  private final String key;
  private final String title;

  Contender(String key, String title) {
    this.key = key;
    this.title = title;
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

  /** Returns the title without the setting. */
  String library() {
    return title.replaceFirst(",.*", "");
  }

  /** Returns whether it takes part wherever runs are enqueued and carried out. */
  boolean isQueue() {
    return this != DBOS;
  }

  boolean runsOn(Product product) {
    return switch (this) {
      case BELFRY, RAW_100, RAW_500, JOBRUNR, QUARTZ -> true;
      case DB_SCHEDULER_FETCH -> product != Product.H2;
      case DB_SCHEDULER_LOCK, DBOS -> product == Product.POSTGRESQL;
    };
  }

  /** Returns how long it drains at the most; the slow ones do not get to the end. */
  int drainSeconds() {
    return this == JOBRUNR || this == QUARTZ ? 10 : 60;
  }

  Engine open(Setup setup) {
    return switch (this) {
      case BELFRY -> new BelfryEngine(setup);
      case RAW_100 -> new RawEngine(setup, 100, false);
      case RAW_500 -> new RawEngine(setup, 500, true);
      case DB_SCHEDULER_FETCH -> new DbSchedulerEngine(setup, false);
      case DB_SCHEDULER_LOCK -> new DbSchedulerEngine(setup, true);
      case JOBRUNR -> new JobRunrEngine(setup);
      case QUARTZ -> new QuartzEngine(setup);
      case DBOS -> new DbosEngine(setup);
    };
  }
}
