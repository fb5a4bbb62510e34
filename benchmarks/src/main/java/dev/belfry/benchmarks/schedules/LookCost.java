// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.schedules;

import dev.belfry.store.Amendment;
import dev.belfry.store.DueTicks;
import dev.belfry.store.Firing;
import dev.belfry.store.JobStore;
import dev.belfry.store.Payload;
import dev.belfry.store.ScheduleRow;
import dev.belfry.store.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A look at which one schedule is due, and a look with the firing of that one, in the in-memory
 * store, by the number of schedules that are registered. One is due in each second.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@State(Scope.Benchmark)
public class LookCost {
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
  private static final Set<String> JOBS = Set.of("check");

  @Param({"1000", "1000000"})
  int registered;

  private Instant now = START;
  private final JobStore store = JobStore.inMemory(() -> now);

  /** Registers the schedules. */
  @Setup
  public void register() {
    var input = Payload.of("json", "null".getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < registered; i++) {
      store.amend(
          List.of(
              new Amendment.CreateSchedule(
                  "site-%07d".formatted(i * 7919L % registered),
                  "check",
                  "every PT1H",
                  input,
                  List.of(),
                  Optional.of(START.plusSeconds(i)))));
    }
  }

  /** Looks at one that is due and stays so. */
  @Benchmark
  public DueTicks look() {
    return store.dueTicks(JOBS, Set.of(), 200);
  }

  /** Looks at the next one and moves it to the end. */
  @Benchmark
  public List<Verdict> lookAndSkip() {
    ScheduleRow due = look().due().get(0);
    Instant tick = due.nextAt().orElseThrow();
    now = tick.plusSeconds(1);
    return store.fire(
        List.of(
            new Firing(
                due.id(),
                due.version(),
                tick,
                due.lastRun(),
                new Firing.Skip(),
                Optional.of(tick.plus(Duration.ofSeconds(registered))),
                Optional.empty())));
  }
}
