// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/**
 * The process of one contender. Takes its name, then reads commands, a line each, and answers each
 * with a line. Ends when its standard input does.
 */
final class Worker {
  private final Contender contender;
  private @Nullable HikariDataSource pool;
  private @Nullable Engine engine;
  private @Nullable Place place;

  private Worker(Contender contender) {
    this.contender = contender;
  }

  public static void main(String[] args) throws IOException {
    PrintStream answers = System.out;
    System.setOut(System.err); // what libraries print is no answer
    var worker = new Worker(Contender.of(args[0]));
    var commands = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      answers.println(worker.answer(line));
      answers.flush();
    }
    Runtime.getRuntime().halt(0); // whatever still runs
  }

  private Message answer(String line) {
    try {
      return carryOut(Message.parse(line));
    } catch (Exception e) {
      e.printStackTrace();
      return Message.of("failed").with("why", e);
    }
  }

  private Message carryOut(Message command) throws Exception {
    return switch (command.word()) {
      case "open" -> open(command);
      case "fill" -> fill(command.count("runs"));
      case "drain" -> drain(command.count("runs"));
      case "close" -> close();
      default -> throw new IllegalArgumentException("no command \"" + command.word() + "\"");
    };
  }

  private Message open(Message command) throws Exception {
    Place at = Place.of(command);
    int connections = command.count("connections");
    var config = new HikariConfig();
    config.setJdbcUrl(at.url());
    config.setMaximumPoolSize(connections);
    config.setMinimumIdle(connections);
    var newPool = new HikariDataSource(config);
    pool = newPool;
    place = at;
    while (newPool.getHikariPoolMXBean().getTotalConnections() < connections) {
      Thread.sleep(1); // so that nobody pays for connecting
    }
    engine = contender.open(new Setup(at, newPool, command.count("workers")));
    if (command.text("create").equals("true")) {
      engine.create();
    }
    return Message.of("ok");
  }

  private Engine engine() {
    return requireNonNull(engine, "engine");
  }

  private Place place() {
    return requireNonNull(place, "place");
  }

  private Message fill(int runs) throws Exception {
    Reading begin = Reading.now(place());
    engine().fill(runs);
    return Reading.now(place()).since(begin, runs);
  }

  /** Starts with the clock at the first run, and stops it when the last is in the database. */
  private Message drain(int runs) throws Exception {
    var tally = new Tally(runs);
    engine().start(tally);
    try {
      long first = tally.awaitFirst(60);
      Reading begin = Reading.now(place());
      if (tally.awaitAll(contender.drainSeconds())) {
        engine().settle();
      }
      int ran = tally.count();
      Reading end = Reading.now(place());
      return end.since(new Reading(first, begin.own(), begin.server()), ran);
    } finally {
      engine().stop();
    }
  }

  private Message close() throws Exception {
    if (engine != null) {
      engine.close();
      engine = null;
    }
    if (pool != null) {
      pool.close();
      pool = null;
    }
    return Message.of("ok");
  }
}
