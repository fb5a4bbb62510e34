// SPDX-License-Identifier: Apache-2.0

package dev.belfry.benchmarks.databases;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The process of one contender. Takes its name, then reads commands, a line each, and answers each
 * with a line. Ends when its standard input does.
 */
final class Worker {
  /** How many of the first waits are left out, in which all is new. */
  private static final int UNSETTLED = 100;

  /** How long runs have to fall asleep. */
  private static final Duration BEFORE_WAKING = Duration.ofSeconds(8);

  private final Contender contender;
  private @Nullable HikariDataSource pool;
  private @Nullable Engine engine;
  private @Nullable Place place;
  private @Nullable Tally tally;
  private long ownAtBegin;

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
      case "crowd" -> crowd(command);
      case "fill" -> fill(Work.valueOf(command.text("work")), command.count("runs"));
      case "enqueue" -> enqueue(command.count("runs"), command.count("callers"));
      case "drain" -> drain(Tally.of(command.count("runs")));
      case "drain-marking" -> drainMarking(command.count("runs"), command.count("each"));
      case "begin" -> begin(Tally.of(command.count("runs")));
      case "hold" -> begin(Tally.holding());
      case "pace" -> pace(command.count("runs"), command.count("rate"));
      case "count" -> Message.of("ok").with("runs", requireNonNull(tally).count());
      case "end" -> end();
      case "twice" -> Message.of("ok").with("runs", engine().recordedTwice());
      case "functions" -> functions(command.count("runs"), command.count("callers"));
      case "wake" -> wake(command.count("runs"));
      case "at-once" -> Message.of("ok").with("runs", engine().mostAtOnce());
      case "left" -> Message.of("ok").with("runs", engine().left());
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
      LockSupport.parkNanos(1_000_000); // so that nobody pays for connecting
    }
    boolean watchful = Boolean.parseBoolean(command.text("watchful"));
    engine = contender.open(new Setup(at, newPool, command.count("workers"), watchful));
    if (Boolean.parseBoolean(command.text("create"))) {
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

  private Message crowd(Message command) throws Exception {
    engine().crowd(command.count("future"), command.count("running"), command.count("ended"));
    return Message.of("ok");
  }

  private Message fill(Work work, int runs) throws Exception {
    Reading begin = Reading.now(place());
    engine().fill(work, runs);
    return Reading.now(place()).since(begin, runs);
  }

  /** Enqueues one by one, by several threads at once. */
  private Message enqueue(int runs, int callers) throws Exception {
    return call(
        runs,
        callers,
        () -> {
          engine().enqueue(1);
          return true;
        });
  }

  /** Carries out functions, by several callers at once, each of which waits for the end of its. */
  private Message functions(int runs, int callers) throws Exception {
    int sum = IntStream.range(0, FunctionRow.STEPS).sum();
    engine().start(Tally.of(runs));
    try {
      return call(
          runs,
          callers,
          () -> {
            int got = engine().function(FunctionRow.STEPS);
            if (got != sum) {
              throw new IllegalStateException("the steps returned " + got + " in all, not " + sum);
            }
            return true;
          });
    } finally {
      engine().stop();
    }
  }

  private Message call(int runs, int callers, Callable<Boolean> once) throws Exception {
    var left = new AtomicInteger(runs);
    Callable<Boolean> caller =
        () -> {
          while (left.getAndDecrement() > 0) {
            once.call();
          }
          return true;
        };
    var threads = Executors.newFixedThreadPool(callers);
    try {
      var calls = new ArrayList<Callable<Boolean>>();
      for (int i = 0; i < callers; i++) {
        calls.add(caller);
      }
      Reading begin = Reading.now(place());
      for (Future<Boolean> call : threads.invokeAll(calls)) {
        call.get();
      }
      return Reading.now(place()).since(begin, runs);
    } finally {
      threads.shutdown();
    }
  }

  /** Starts the clock at the first run, and stops it when the last is in the database. */
  private Message drain(Tally drained) throws Exception {
    engine().start(drained);
    try {
      long first = drained.awaitFirst(60);
      Reading begin = Reading.now(place());
      if (drained.awaitAll(contender.drainSeconds())) {
        engine().settle();
      }
      int ran = drained.count();
      Reading end = Reading.now(place());
      return end.since(new Reading(first, begin.own(), begin.server()), ran);
    } finally {
      engine().stop();
    }
  }

  private Message drainMarking(int runs, int each) throws Exception {
    Place at = place();
    Tally marking = Tally.of(runs).marking(each, () -> Reading.now(at));
    Message answer = drain(marking);
    return answer.with(
        "marks", marking.marks().stream().map(Reading::toText).collect(joining(",")));
  }

  private Message begin(Tally newTally) throws Exception {
    tally = newTally;
    ownAtBegin = Cpu.ofThisProcess();
    engine().start(newTally);
    return Message.of("ok");
  }

  /** Enqueues at a steady rate, on this thread; says how long the calls took. */
  private Message pace(int runs, int rate) throws Exception {
    long begin = System.nanoTime();
    var calls = new ArrayList<Double>();
    for (int i = 0; i < runs; i++) {
      long due = begin + i * 1_000_000_000L / rate;
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      long from = System.nanoTime();
      engine().enqueue(from);
      calls.add((double) System.nanoTime() - from);
    }
    return addQuantiles(Message.of("ok"), calls);
  }

  private static Message addQuantiles(Message message, List<Double> nanos) {
    if (nanos.size() <= UNSETTLED) {
      return message;
    }
    List<Double> settled = nanos.subList(UNSETTLED, nanos.size());
    return message
        .with("p50", Spread.percentile(settled, 0.5) / 1e6)
        .with("p99", Spread.percentile(settled, 0.99) / 1e6);
  }

  /** Ends what was begun; says when the first and the last run were, and what was spent. */
  private Message end() throws Exception {
    Tally counted = requireNonNull(tally);
    engine().settle();
    Message answer =
        Message.of("ok")
            .with("runs", counted.count())
            .with("first", counted.firstNanos())
            .with("last", counted.lastNanos())
            .with("own", Cpu.ofThisProcess() - ownAtBegin);
    engine().stop();
    return addQuantiles(answer, counted.waits());
  }

  /** Has runs sleep, wakes all of them at one instant; says how late they were. */
  private Message wake(int runs) throws Exception {
    Tally woken = Tally.of(runs);
    engine().start(woken);
    try {
      Instant until = Instant.now().plus(BEFORE_WAKING);
      engine().sleep(runs, until);
      if (woken.count() > 0) {
        throw new IllegalStateException(BEFORE_WAKING + " are not enough for all to be asleep");
      }
      if (!woken.awaitAll(60)) {
        throw new IllegalStateException(woken.count() + " of " + runs + " have woken up in 60 s");
      }
      engine().settle();
      List<Double> late = woken.waits();
      return addQuantiles(Message.of("ok"), late)
          .with("all", late.stream().mapToDouble(nanos -> nanos).max().orElseThrow() / 1e6);
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
