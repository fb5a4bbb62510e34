// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.schedules;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.belfry.Job;
import dev.belfry.Scheduler;
import dev.belfry.jdbc.JdbcJobStore;
import dev.belfry.schedule.Schedule;
import dev.belfry.store.Amendment;
import dev.belfry.store.JobStore;
import dev.belfry.store.Payload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Prints what each tick costs when many schedules are due in one second: from the first look until
 * all runs are inserted, and until all are completed. Beside it the same number of runs enqueued
 * and completed without schedules, and for H2 the rows alone, written by plain JDBC.
 *
 * <p>Takes {@code memory} or {@code h2}, the number of schedules that are due, the number
 * registered in all, and the rounds; default: memory 10000 10000 8.
 */
final class TickCost {
  private static final int BATCH = 1_000;

  private final JobStore store;
  private final Watched watched;
  private final int due;
  private final Job<@Nullable Void> job = Job.named("check").handler(ctx -> {});

  private TickCost(JobStore store, int due) {
    this.store = store;
    this.watched = new Watched(store);
    this.due = due;
  }

  public static void main(String[] args) throws Exception {
    boolean h2 = args.length > 0 && args[0].equals("h2");
    int due = number(args, 1, 10_000);
    int registered = number(args, 2, due);
    int rounds = number(args, 3, 8);
    if (!h2) {
      new TickCost(JobStore.inMemory(), due).measure(registered, rounds);
      return;
    }
    Path folder = Files.createTempDirectory("belfry-ticks");
    try {
      new TickCost(JdbcJobStore.embedded(folder.resolve("store")), due).measure(registered, rounds);
      for (int round = 1; round <= rounds; round++) {
        System.out.printf("plain JDBC: %6.1f us%n", PlainRows.write(folder, due));
      }
    } finally {
      delete(folder);
    }
  }

  private static int number(String[] args, int index, int otherwise) {
    return args.length > index ? Integer.parseInt(args[index]) : otherwise;
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  private void measure(int registered, int rounds) throws InterruptedException {
    try (Scheduler scheduler = Scheduler.builder().store(watched.asStore()).register(job).start()) {
      register(registered);
      for (int round = 1; round <= rounds; round++) {
        System.out.println(ticks(round % 2 == 0));
        System.out.println(runs(scheduler));
      }
    }
  }

  private void register(int registered) {
    var input = Payload.of(store.codec().id(), "null".getBytes(UTF_8));
    var batch = new ArrayList<Amendment>();
    for (int i = 0; i < registered; i++) {
      batch.add(
          new Amendment.CreateSchedule(
              id(i),
              job.name(),
              "at 2100-01-01T00:00:00Z",
              input,
              List.of(),
              Optional.of(Instant.parse("2100-01-01T00:00:00Z"))));
      flush(batch, BATCH);
    }
    flush(batch, 1);
  }

  private void flush(List<Amendment> batch, int size) {
    if (batch.size() >= size) {
      store.amend(batch);
      batch.clear();
    }
  }

  private static String id(int i) {
    return "site-%07d".formatted(i);
  }

  /** Has all be due in one second to come, each with a text of its own or all with the same. */
  private String ticks(boolean own) throws InterruptedException {
    Instant tick = store.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(5);
    var batch = new ArrayList<Amendment>();
    watched.expectTicks(due);
    for (int i = 0; i < due; i++) {
      Schedule schedule =
          own
              ? Schedule.at(tick, Instant.parse("2100-01-01T00:00:00Z").plusSeconds(i))
              : Schedule.at(tick);
      batch.add(new Amendment.ChangeSchedule(id(i), schedule.toString(), Optional.of(tick)));
      flush(batch, BATCH);
    }
    flush(batch, 1);
    watched.await();
    return "ticks:      " + watched.ticksToLine() + (own ? "; own texts" : "");
  }

  private String runs(Scheduler scheduler) throws InterruptedException {
    watched.expectRuns(due);
    scheduler.enqueueAll(job, Collections.<@Nullable Void>nCopies(due, null));
    long enqueuedAt = System.nanoTime();
    watched.await();
    return "plain runs: " + watched.runsToLine(enqueuedAt);
  }
}
