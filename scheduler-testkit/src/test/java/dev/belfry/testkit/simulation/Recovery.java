// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import java.time.Duration;

/** Kills the node of a run once more, when nothing else goes wrong, and takes the time (I9). */
final class Recovery {
  private static final Duration AT_MOST_TO_BEGIN = Duration.ofMinutes(1);
  private static final Duration MESSAGES = Duration.ofSeconds(1);

  private final World world;

  Recovery(World world) {
    this.world = world;
  }

  void check() {
    world.machines().forEach(Machine::recover);
    world.agenda().runFor(world.lease().multipliedBy(2)); // only then may one reap for another
    world.users().enqueueProbe();
    boolean begun = world.agenda().runUntil(() -> world.probedOn() != null, AT_MOST_TO_BEGIN);
    SimulatedHost first = world.probedOn();
    if (!begun || first == null) {
      world.findings().add(Invariant.ALL_ENDS, "the probe was not started within a minute");
      return;
    }
    for (Machine machine : world.machines()) {
      if (machine.isOn(first)) {
        machine.crash(true);
      }
    }
    Duration bound = world.lease().plus(world.lease().dividedBy(3)).plus(MESSAGES);
    boolean again = world.agenda().runUntil(() -> world.probedOn() != first, bound);
    world
        .findings()
        .check(
            again,
            Invariant.RECOVERED_IN_TIME,
            "the run of " + first + " was not started elsewhere within " + bound);
    world.machines().forEach(Machine::recover);
    if (again) {
      world.allEnds();
    }
  }
}
