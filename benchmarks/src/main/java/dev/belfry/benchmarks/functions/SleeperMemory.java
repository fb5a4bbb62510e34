// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.functions;

import dev.belfry.Job;
import dev.belfry.Scheduler;
import dev.belfry.benchmarks.Heap;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.stream.IntStream;

/**
 * Prints the bytes and threads that runs take while they sleep: in the in-memory store, with their
 * input and the result of a step before. In a database they take none.
 *
 * <p>Takes the number of runs; default: 100,000.
 */
final class SleeperMemory {
  private static final Job<Integer> SLEEPER =
      Job.named("sleeper", Integer.class)
          .handler(
              (ctx, input) -> {
                ctx.step("before", Integer.class, () -> input);
                ctx.sleep("a-day", Duration.ofDays(1));
              });

  private SleeperMemory() {}

  public static void main(String[] args) throws InterruptedException {
    int count = args.length == 0 ? 100_000 : Integer.parseInt(args[0]);
    try (Scheduler scheduler = Scheduler.builder().register(SLEEPER).start()) {
      scheduler.enqueueAll(SLEEPER, IntStream.range(0, 1_000).boxed().toList());
      settle(scheduler);
      int threads = ManagementFactory.getThreadMXBean().getThreadCount();
      Heap before = Heap.walk();
      scheduler.enqueueAll(SLEEPER, IntStream.range(0, count).boxed().toList());
      settle(scheduler);
      System.out.printf(
          "%,d sleeping runs: %d threads more%n",
          count, ManagementFactory.getThreadMXBean().getThreadCount() - threads);
      Heap.walk().minus(before).print("heap of each", count);
    }
  }

  private static void settle(Scheduler scheduler) throws InterruptedException {
    if (!scheduler.awaitIdle(Duration.ofMinutes(5))) {
      throw new IllegalStateException("not all runs are asleep after 5 minutes");
    }
  }
}
