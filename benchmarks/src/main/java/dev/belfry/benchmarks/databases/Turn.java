// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * One contender's turn in one round: its process, an own database, and where to write down what was
 * measured.
 */
final class Turn implements AutoCloseable {
  private final Lab lab;
  private final Row row;
  private final Contender contender;
  private final int round;
  private final Child child;
  private final Place place;

  Turn(Lab lab, Row row, Contender contender, int round) {
    this.lab = lab;
    this.row = row;
    this.contender = contender;
    this.round = round;
    this.child = lab.child(contender);
    this.place = lab.server().empty("bench");
  }

  Contender contender() {
    return contender;
  }

  Child child() {
    return child;
  }

  Place place() {
    return place;
  }

  Server server() {
    return lab.server();
  }

  Settings settings() {
    return lab.settings();
  }

  /** Opens the contender in the database of this turn. */
  void open() {
    child.ask(openCommand().with("create", true));
  }

  Message openCommand() {
    return place.addTo(
        Message.of("open")
            .with("workers", settings().workers())
            .with("connections", settings().connections()));
  }

  /** Returns whether this is the round in which statements are counted and time is not taken. */
  boolean counts() {
    return round == Lab.COUNTING;
  }

  /** Writes down a value under a name. */
  void record(String measure, double value) {
    lab.results().add(new Sample(place.product(), row.key(), "", contender, round, measure, value));
  }

  /**
   * Carries out a command that answers with runs, time and processors, and writes these down; or,
   * in the round that counts, what it made the server do. The contender is closed in the end.
   */
  void measure(Supplier<Message> command) {
    if (counts()) {
      count(command);
      return;
    }
    Map<String, Long> before = server().counters();
    Message answer = command.get();
    Map<String, Long> after = server().counters();
    double runs = answer.number("runs");
    record("rate", runs * 1e6 / answer.number("micros"));
    record("jvm", answer.number("own") / runs);
    record("server", answer.number("server") / runs);
    if (after.containsKey("wal")) {
      record("wal", (after.get("wal") - before.get("wal")) / runs);
    }
    close();
  }

  private void count(Supplier<Message> command) {
    // a backend tells its counts at the latest when it ends
    server().countStatements(true);
    Map<String, Long> before = new HashMap<>(server().counters());
    Message answer = command.get();
    close();
    Map<String, Long> after = server().counters();
    server().countStatements(false);
    double runs = answer.number("runs");
    for (String counter : new String[] {"statements", "commits"}) {
      if (after.containsKey(counter)) {
        record(counter, (after.get(counter) - before.get(counter)) / runs);
      }
    }
  }

  @Override
  public void close() {
    child.ask(Message.of("close"));
  }
}
