// SPDX-License-Identifier: Apache-2.0

package dev.belfry.benchmarks.databases;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One contender's turn in one round: its process, an own database, and where to write down what was
 * measured. For one thread.
 */
final class Turn implements AutoCloseable {
  private static final long PATIENCE_NANOS = 180_000_000_000L;

  private final Lab lab;
  private final Row row;
  private final Contender contender;
  private final int round;
  private final Place place;
  private final Child child;
  private final List<Child> others = new ArrayList<>();
  private int workers;
  private boolean watchful;
  private boolean open;
  private @Nullable Connection snapshot;

  Turn(Lab lab, Row row, Contender contender, int round) {
    this.lab = lab;
    this.row = row;
    this.contender = contender;
    this.round = round;
    this.place = lab.server().place("bench");
    this.child = lab.child(contender, 0);
    this.workers = lab.settings().workers();
  }

  Contender contender() {
    return contender;
  }

  /** Returns the contender's process, which lives on for the next turn. */
  Child child() {
    return child;
  }

  Place place() {
    return place;
  }

  Settings settings() {
    return lab.settings();
  }

  /** Has the contender watch its nodes closely, from when it is opened on. */
  void watchful(boolean now) {
    this.watchful = now;
  }

  /** Has the contender carry out so many handlers at once, from when it is opened on. */
  void workers(int now) {
    this.workers = now;
  }

  /** Opens the contender in an empty database. */
  void open() {
    lab.server().empty(place);
    open = true;
    child.ask(openCommand().with("create", true));
  }

  /** Opens the contender in a database that is full already. */
  void openCrowded() {
    lab.crowd(contender, place);
    open = true;
    child.ask(openCommand().with("create", false));
  }

  /** Returns a further process of the contender, opened in the same database. */
  Child another() {
    Child other = lab.child(contender, others.size() + 1);
    others.add(other);
    other.ask(openCommand().with("create", false));
    return other;
  }

  /** Kills a process that {@link #another} returned, as {@code kill -9} does. */
  void kill(Child other) {
    others.remove(other);
    lab.kill(contender, other);
  }

  private Message openCommand() {
    return lab.openCommand(place).with("workers", workers).with("watchful", watchful);
  }

  Message ask(Message command) {
    return child.ask(command);
  }

  /** Enqueues runs, and brings the database to rest. */
  void fill(Work work, int runs) {
    child.ask(Message.of("fill").with("runs", runs).with("work", work));
    lab.server().calm(place);
  }

  /** Opens a snapshot of the database, which stays open as long as this turn. */
  void pin() {
    snapshot = lab.server().pin(place);
  }

  /** Waits until processes have carried out a number of runs together. */
  void await(int runs, Child... processes) throws InterruptedException {
    long begin = System.nanoTime();
    while (true) {
      int ran = 0;
      for (Child process : processes) {
        ran += process.ask(Message.of("count")).count("runs");
      }
      if (ran >= runs) {
        return;
      }
      if (System.nanoTime() - begin > PATIENCE_NANOS) {
        throw new IllegalStateException(ran + " of " + runs + " runs in 180 s");
      }
      Thread.sleep(20);
    }
  }

  /** Writes down a value under a name. */
  void record(String measure, double value) {
    lab.results().add(new Sample(place.product(), row.key(), contender, round, measure, value));
  }

  /**
   * Carries out a command that answers with runs, time and processors, and writes these down; or,
   * in the round that counts, what it made the server do.
   */
  void measure(Message command) {
    if (round == Lab.COUNTING) {
      count(command);
      return;
    }
    Map<String, Long> before = lab.server().counters();
    Message answer = child.ask(command);
    Map<String, Long> after = lab.server().counters();
    double runs = answer.value("runs");
    record("rate", runs * 1e6 / answer.value("micros"));
    record("jvm", answer.value("own") / runs);
    record("server", answer.value("server") / runs);
    recordCounter("wal", before, after, runs);
  }

  private void count(Message command) {
    lab.server().countStatements(true);
    try {
      Map<String, Long> before = lab.server().counters();
      Message answer = child.ask(command);
      close(); // a connection's counts are known when it has ended
      Map<String, Long> after = lab.server().counters();
      double runs = answer.value("runs");
      recordCounter("statements", before, after, runs);
      recordCounter("commits", before, after, runs);
    } finally {
      lab.server().countStatements(false);
    }
  }

  private void recordCounter(
      String counter, Map<String, Long> before, Map<String, Long> after, double runs) {
    Long from = before.get(counter);
    Long to = after.get(counter);
    if (from != null && to != null) {
      record(counter, (to - from) / runs);
    }
  }

  @Override
  public void close() {
    unpin();
    others.forEach(other -> other.ask(Message.of("close")));
    others.clear();
    if (open) {
      open = false;
      child.ask(Message.of("close"));
    }
  }

  private void unpin() {
    if (snapshot != null) {
      try {
        snapshot.close();
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
      snapshot = null;
    }
  }
}
