// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.RunId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** The ticks that have fired, in memory, whatever becomes of their schedules. */
final class MemoryTicks {
  /*
   * Old ticks are forgotten, but for the latest of them: it stays as a mark, and nothing at or
   * before it fires. So a mark is the first tick that is left of its schedule.
   */
  private final MemoryOrder<Tick> ticks =
      new MemoryOrder<>(
          Comparator.comparing((Tick tick) -> tick.schedule).thenComparing(tick -> tick.nominal));
  private final Queue<Tick> asFired = new ArrayDeque<>();

  boolean hasFired(String schedule, Instant nominal) {
    Tick tick = firstFrom(schedule, nominal);
    return tick != null && (tick.nominal.equals(nominal) || tick.isMark());
  }

  boolean hasFired(String schedule, Instant nominal, RunId run) {
    Tick tick = firstFrom(schedule, nominal);
    return tick != null && tick.nominal.equals(nominal) && run.equals(tick.run);
  }

  void fired(String schedule, Instant nominal, RunId run) {
    var tick = new Tick(schedule, nominal, run);
    ticks.add(tick);
    asFired.add(tick);
  }

  /** Forgets ticks of before a time, at most {@code limit}, those that fired first. */
  void purge(Instant time, int limit) {
    for (int purged = 0; purged < limit; purged++) {
      Tick oldest = asFired.peek();
      if (oldest == null || !oldest.nominal.isBefore(time)) {
        return;
      }
      asFired.remove();
      forget(oldest);
    }
  }

  /** Makes a tick the mark, unless one that is later has become it. */
  private void forget(Tick tick) {
    Tick first = firstFrom(tick.schedule, Instant.MIN);
    while (first != null && first.nominal.isBefore(tick.nominal)) {
      ticks.remove(first);
      first = firstFrom(tick.schedule, Instant.MIN);
    }
    tick.run = null;
  }

  private @Nullable Tick firstFrom(String schedule, Instant nominal) {
    Tick tick = ticks.first(other -> other.isBefore(schedule, nominal));
    return tick == null || !tick.schedule.equals(schedule) ? null : tick;
  }

  private static final class Tick {
    private final String schedule;
    private final Instant nominal;
    private @Nullable RunId run;

    Tick(String schedule, Instant nominal, RunId run) {
      this.schedule = schedule;
      this.nominal = nominal;
      this.run = run;
    }

    boolean isMark() {
      return run == null;
    }

    boolean isBefore(String otherSchedule, Instant otherNominal) {
      int order = schedule.compareTo(otherSchedule);
      return order < 0 || (order == 0 && nominal.isBefore(otherNominal));
    }
  }
}
