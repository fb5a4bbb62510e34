// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Where rows are measured: a server, and a process for each contender, kept over the rounds. */
final class Lab implements AutoCloseable {
  /** The round in which statements and commits are counted and no time is taken. */
  static final int COUNTING = -1;

  private final Settings settings;
  private final Server server;
  private final Path logs;
  private final Results results;
  private final Map<Contender, Child> children = new EnumMap<>(Contender.class);

  Lab(Settings settings, Server server, Path logs, Results results) {
    this.settings = settings;
    this.server = server;
    this.logs = logs;
    this.results = results;
  }

  Settings settings() {
    return settings;
  }

  Server server() {
    return server;
  }

  Results results() {
    return results;
  }

  /** Returns the process of a contender, started when it is first asked for. */
  Child child(Contender contender) {
    return children.computeIfAbsent(contender, one -> Child.start(one, logs));
  }

  /** Measures a row: a round to warm up, the rounds that count, one for the counters. */
  void measure(Row row, List<Contender> contenders) {
    for (int round = 0; round <= settings.rounds(); round++) {
      turns(row, contenders, round);
    }
    turns(row, contenders, COUNTING);
  }

  private void turns(Row row, List<Contender> contenders, int round) {
    for (Contender contender : contenders) {
      long begin = System.nanoTime();
      try (Turn turn = new Turn(this, row, contender, round)) {
        row.measure(turn);
      }
      System.out.printf(
          "%s, %s: %s, %.1f s%s%n",
          row.key(),
          round == COUNTING ? "statements" : "round " + round,
          contender.key(),
          (System.nanoTime() - begin) / 1e9,
          said(contender));
    }
  }

  /** Returns the figures of the last turn of a contender. */
  private String said(Contender contender) {
    var text = new StringBuilder();
    List<Sample> samples = results.samples();
    for (int i = samples.size() - 1; i >= 0; i--) {
      Sample sample = samples.get(i);
      if (sample.contender() != contender
          || sample.round() != samples.get(samples.size() - 1).round()) {
        break;
      }
      text.insert(0, ", %s %.4g".formatted(sample.measure(), sample.value()));
    }
    return text.toString();
  }

  @Override
  public void close() {
    children.values().forEach(Child::close);
  }
}
