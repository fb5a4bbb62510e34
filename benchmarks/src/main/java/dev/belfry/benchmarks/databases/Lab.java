// SPDX-License-Identifier: Apache-2.0

package dev.belfry.benchmarks.databases;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Where rows are measured: a server, and processes for each contender, kept over the rounds. */
final class Lab implements AutoCloseable {
  /** The round in which statements and commits are counted and no time is taken. */
  static final int COUNTING = Integer.MAX_VALUE;

  private final Settings settings;
  private final Server server;
  private final Path logs;
  private final Results results;
  private final Map<Contender, List<Child>> children = new EnumMap<>(Contender.class);
  private final Set<Contender> crowds = EnumSet.noneOf(Contender.class);

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

  /**
   * Returns a process of a contender, started when it is first asked for.
   *
   * @param index 0 for the one that takes part in all turns
   */
  Child child(Contender contender, int index) {
    List<Child> known = children.computeIfAbsent(contender, one -> new ArrayList<>());
    while (known.size() <= index) {
      known.add(Child.start(contender, logs));
    }
    return known.get(index);
  }

  Message openCommand(Place place) {
    return place.addTo(
        Message.of("open")
            .with("workers", settings.workers())
            .with("connections", settings.connections())
            .with("watchful", false));
  }

  /** Makes a database in which a contender has much that is not to be carried out now. */
  void crowd(Contender contender, Place place) {
    Place crowded = server.place("crowd_" + contender.name().toLowerCase(Locale.ROOT));
    if (crowds.add(contender)) {
      server.empty(crowded);
      Child child = child(contender, 0);
      child.ask(openCommand(crowded).with("create", true));
      int many = settings.crowd();
      child.ask(crowdCommand(many / 100));
      server.calm(crowded); // the rest is filled in faster
      child.ask(crowdCommand(many - many / 100));
      child.ask(Message.of("close"));
      server.calm(crowded);
    }
    server.copy(crowded, place);
  }

  private static Message crowdCommand(int many) {
    return Message.of("crowd").with("future", many).with("running", many / 10).with("ended", many);
  }

  /** Measures rows, taking turns: rounds to warm up, those that count, one for the counters. */
  void measure(List<Row> rows) {
    int rounds = settings.rounds();
    int warmUps = settings.warmUps();
    for (int round = 1 - warmUps; round <= rounds; round++) {
      for (Row row : rows) {
        if (round > -row.warmUps(warmUps) && round <= row.rounds(rounds)) {
          turns(row, round);
        }
      }
    }
    if (!server.counters().isEmpty()) {
      rows.stream().filter(Row::counts).forEach(row -> turns(row, COUNTING));
    }
  }

  private void turns(Row row, int round) {
    Product product = server.place("bench").product();
    for (Contender contender : settings.contenders(row, product)) {
      long begin = System.nanoTime();
      int known = results.samples().size();
      String what =
          "%s, %s, %s: %s"
              .formatted(
                  product.title(),
                  row.key(),
                  round == COUNTING ? "statements" : "round " + round,
                  contender.key());
      try (Turn turn = new Turn(this, row, contender, round)) {
        row.measure(turn);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      } catch (RuntimeException e) {
        fail(what, contender, e);
      }
      List<Sample> samples = results.samples();
      var text = new StringBuilder();
      for (Sample sample : samples.subList(known, samples.size())) {
        text.append(", %s %.4g".formatted(sample.measure(), sample.value()));
      }
      System.out.printf("%s, %.1f s%s%n", what, (System.nanoTime() - begin) / 1e9, text);
    }
  }

  /** Goes on with the others, and with a new process of the one that failed. */
  private void fail(String what, Contender contender, RuntimeException why) {
    String failure = what + ": " + why.getMessage();
    System.out.println("FAILED " + failure);
    results.addFailure(failure);
    end(contender);
  }

  /** Kills one process of a contender; another takes its place when it is asked for. */
  void kill(Contender contender, Child child) {
    child.close();
    children.getOrDefault(contender, List.of()).remove(child);
  }

  /** Ends the processes of a contender; others take their places when they are asked for. */
  void end(Contender contender) {
    List<Child> broken = children.remove(contender);
    if (broken != null) {
      broken.forEach(Child::close);
    }
  }

  @Override
  public void close() {
    children.values().forEach(all -> all.forEach(Child::close));
  }
}
