// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.Scheduler;
import dev.belfry.jdbc.JdbcJobStore;
import dev.belfry.run.Pass;
import dev.belfry.run.RunId;
import dev.belfry.run.RunQuery;
import dev.belfry.run.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9}, twenty times in a row on one H2 file, loses nothing and records nothing twice.
 */
class KillTest {
  private static final int ROUNDS = 20;
  private static final int RUNS_PER_ROUND = 200;

  private final SplittableRandom random = new SplittableRandom(20);
  private final Set<RunId> acknowledged = new LinkedHashSet<>();
  private final List<String> found = new ArrayList<>();
  @TempDir private Path directory;

  @Test
  void processKilledTwentyTimes_losesNoRunAndRecordsNoneTwice() throws Exception {
    Path database = directory.resolve("app");
    Path effects = directory.resolve("effects");

    long begin = System.nanoTime();
    for (int round = 0; round < ROUNDS; round++) {
      killOnce(round, database, effects);
    }
    Audit audit;
    try (JdbcJobStore store = JdbcJobStore.embedded(database);
        Scheduler last =
            Scheduler.builder().store(store).register(KillVictim.job(effects)).start()) {
      assertThat(last.awaitIdle(Duration.ofSeconds(60))).as(() -> notEnded(last)).isTrue();
      audit =
          new Audit()
              .acknowledged(store, acknowledged)
              .starts(store, startsByRun(Files.readAllLines(effects)));
    }

    long running = found.stream().filter(line -> !line.startsWith("found 0 ")).count();
    long inFlight = found.stream().filter(line -> !line.equals("found 0 0")).count();
    System.out.printf(
        "KillTest: %d kills in %.1f s; of %d next starts %d found runs in flight, %d running ones;"
            + " %d acknowledged, %d handlers done; %s%n",
        ROUNDS,
        (System.nanoTime() - begin) / 1e9,
        found.size(),
        inFlight,
        running,
        acknowledged.size(),
        Files.readAllLines(effects).size(),
        audit);
    assertThat(audit.violations()).isEmpty();
    assertThat(inFlight).as("starts that found work: %s", found).isGreaterThan(ROUNDS / 2);
    assertThat(running).as("starts that found running runs: %s", found).isGreaterThan(ROUNDS / 4);
    assertThat(acknowledged).hasSizeGreaterThan(ROUNDS * RUNS_PER_ROUND / 4);
    assertThat(audit.count(Pass.Event.LOST)).isGreaterThan(ROUNDS);
    assertThat(audit.count(Pass.Event.COMPLETED)).isEqualTo(acknowledged.size());
  }

  /** Says of some runs that have not ended where they are. */
  private static String notEnded(Scheduler scheduler) {
    RunQuery open = RunQuery.all().in(Status.SCHEDULED, Status.RUNNING, Status.BLOCKED).limit(5);
    return scheduler.runs(open).items().stream()
        .map(run -> scheduler.explain(run.id()))
        .collect(Collectors.joining("\n"));
  }

  private void killOnce(int round, Path database, Path effects)
      throws IOException, InterruptedException {
    try (Child child =
        Child.start(
            KillVictim.class,
            database.toString(),
            effects.toString(),
            Integer.toString(RUNS_PER_ROUND))) {
      note(child.linesUntil("main"));
      if (round % 5 == 0) {
        pause(300); // while it makes the schema, opens the file, takes over
      } else if (round % 5 == 1) {
        note(child.linesUntil("enqueued")); // while it works and nothing else
        pause(200);
      } else {
        note(child.linesUntil("started"));
        for (int acks = random.nextInt(RUNS_PER_ROUND - 20); acks >= 0; acks--) {
          note(List.of(child.nextLine().orElseThrow()));
        }
        pause(20);
      }
      note(child.kill());
    }
  }

  /** Lets a moment of chance pass: what matters is that it is not the same each time. */
  private void pause(int maxMillis) {
    LockSupport.parkNanos(Duration.ofMillis(random.nextInt(maxMillis)).toNanos());
  }

  private void note(List<String> lines) {
    for (String line : lines) {
      if (line.startsWith("ack ")) {
        acknowledged.add(RunId.parse(line.substring(4)));
      } else if (line.startsWith("found ")) {
        found.add(line);
      }
    }
  }

  private static Map<RunId, List<Long>> startsByRun(List<String> effects) {
    var starts = new HashMap<RunId, List<Long>>();
    for (String line : effects) {
      Optional<String[]> words = Optional.of(line.split(" ")).filter(w -> w.length == 2);
      words.ifPresent(
          w ->
              starts
                  .computeIfAbsent(RunId.parse(w[0]), id -> new ArrayList<>())
                  .add(Long.valueOf(w[1])));
    }
    return starts;
  }
}
