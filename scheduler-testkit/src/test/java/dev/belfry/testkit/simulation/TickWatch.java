// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import dev.belfry.store.Firing;
import dev.belfry.store.ScheduleRow;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Checks that ticks come once and not early, and from which one on they are owed (I5). */
final class TickWatch {
  private final World world;
  private final Set<Tick> started = new HashSet<>();

  private final Map<String, Instant> firstOwed = new HashMap<>();

  private record Tick(String schedule, Instant nominal) {}

  TickWatch(World world) {
    this.world = world;
  }

  /** Takes note of schedules that were declared for the first time: no tick before is owed. */
  void declared(Instant now) {
    for (String id : SimulatedJobs.TICKING) {
      Optional<Instant> next = world.model().memory().schedule(id).flatMap(ScheduleRow::nextAt);
      if (next.isPresent() && firstOwed.putIfAbsent(id, next.get()) == null) {
        world
            .findings()
            .check(
                SimulatedJobs.ticksOf(id).stream()
                    .noneMatch(tick -> tick.isAfter(now) && tick.isBefore(next.get())),
                Invariant.NO_TICK_LOST,
                id + " was declared at " + now + ", its first tick is " + next.get());
      }
    }
  }

  /** Returns the ticks of a schedule that were to come when it was made. */
  List<Instant> owed(String schedule) {
    Instant first = firstOwed.get(schedule);
    return SimulatedJobs.ticksOf(schedule).stream()
        .filter(tick -> first != null && !tick.isBefore(first))
        .toList();
  }

  void fired(Firing firing, Instant now) {
    world
        .findings()
        .check(
            !firing.nominal().isAfter(now),
            Invariant.NOT_EARLY,
            "tick " + firing.nominal() + " of " + firing.schedule() + " was fired at " + now);
    if (firing.tick() instanceof Firing.Start) {
      world
          .findings()
          .check(
              started.add(new Tick(firing.schedule(), firing.nominal())),
              Invariant.ONE_RUN_FOR_A_TICK,
              "tick " + firing.nominal() + " of " + firing.schedule() + " was fired twice");
      world.tally().count(Sign.TICK_FIRED);
    } else if (firing.tick() instanceof Firing.Park) {
      world.tally().count(Sign.TICK_PARKED);
    }
    if (firing.missed().isPresent()) {
      world.tally().count(Sign.TICKS_MISSED);
    }
  }
}
