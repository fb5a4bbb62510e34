// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import dev.belfry.store.Firing;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/** Checks that ticks come once and not early (I5). */
final class TickWatch {
  private final World world;
  private final Set<Tick> started = new HashSet<>();

  private record Tick(String schedule, Instant nominal) {}

  TickWatch(World world) {
    this.world = world;
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
