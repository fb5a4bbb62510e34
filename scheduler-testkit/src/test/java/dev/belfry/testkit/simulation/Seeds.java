// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Many simulations, one after another, on as many threads as there are processors. */
final class Seeds {
  private static final int MOST_REPORTED = 10;

  private final long first;
  private final long count;
  private final AtomicLong next;
  private final Tally tally = new Tally();
  private final List<Simulated> violating = new ArrayList<>();
  private final long begin = System.nanoTime();
  private long virtualSeconds;

  private Seeds(long first, long count) {
    this.first = first;
    this.count = count;
    this.next = new AtomicLong(first);
  }

  /** Simulates one seed. */
  static Simulated simulate(long seed, @Nullable PlantedBug bug, boolean traced) {
    try (var turns = new Turns()) {
      return new World(seed, turns, bug, traced).run();
    }
  }

  /** Simulates so many seeds, from one on. */
  static Seeds run(long first, long count) throws InterruptedException {
    var seeds = new Seeds(first, count);
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
      var thread = new Thread(seeds::work, "seeds " + i);
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    seeds.violating.sort(Comparator.comparingLong(Simulated::seed));
    return seeds;
  }

  private void work() {
    try (var turns = new Turns()) {
      for (long seed = next.getAndIncrement();
          seed < first + count;
          seed = next.getAndIncrement()) {
        add(new World(seed, turns, null, false).run());
      }
    }
  }

  private synchronized void add(Simulated one) {
    tally.add(one.tally());
    virtualSeconds += one.lasted().toSeconds();
    if (!one.violations().isEmpty()) {
      violating.add(one);
    }
  }

  Tally tally() {
    return tally;
  }

  /** Returns what a person needs who is to mend what was found. */
  List<String> reports() {
    return violating.stream().limit(MOST_REPORTED).map(Simulated::report).toList();
  }

  /** Returns what was simulated, in a line. */
  @Override
  public String toString() {
    double seconds = (System.nanoTime() - begin) / 1e9;
    return String.format(
        Locale.ROOT,
        "Simulation: seeds %d to %d, %d of them violate something, %.0f s, %.0f seeds/s, %.0f virtual hours, %s",
        first,
        first + count - 1,
        violating.size(),
        seconds,
        count / seconds,
        virtualSeconds / 3_600.0,
        tally);
  }
}
