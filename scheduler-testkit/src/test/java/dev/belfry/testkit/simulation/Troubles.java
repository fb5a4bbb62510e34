// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/** What is done to processes, the store and clocks, as long as things go wrong. */
final class Troubles {
  private final World world;
  private final Chance chance;
  private final List<Fault> kinds = new ArrayList<>();
  private boolean over;

  Troubles(World world, Chance chance, EnumSet<Fault> faults) {
    this.world = world;
    this.chance = chance;
    var done =
        EnumSet.of(
            Fault.CRASHES,
            Fault.PAUSES,
            Fault.RESTARTS,
            Fault.OUTAGES,
            Fault.PARTITIONS,
            Fault.STORE_CLOCK,
            Fault.NODE_CLOCKS);
    done.retainAll(faults);
    kinds.addAll(done);
  }

  void begin() {
    if (!kinds.isEmpty()) {
      world.agenda().after(between(500, 6_000), this::happen);
    }
  }

  private Duration between(int leastMillis, int mostMillis) {
    return chance.between(Duration.ofMillis(leastMillis), Duration.ofMillis(mostMillis));
  }

  private void happen() {
    if (over) {
      return;
    }
    Machine machine = chance.oneOf(world.machines());
    switch (chance.oneOf(kinds)) {
      case CRASHES -> machine.crash(chance.oneIn(4) && othersStay(machine));
      case PAUSES -> machine.pause(upToLeases(3));
      case RESTARTS -> machine.restart();
      case OUTAGES -> breakDown();
      case PARTITIONS -> cutOff(machine);
      case STORE_CLOCK -> setStoreClock();
      default -> machine.setClock(chance.upToEitherWay(Duration.ofHours(1)));
    }
    begin();
  }

  private boolean othersStay(Machine machine) {
    return world.machines().stream().anyMatch(other -> other != machine && other.isUp());
  }

  private Duration upToLeases(int leases) {
    return chance.between(Duration.ofMillis(100), world.lease().multipliedBy(leases));
  }

  private void breakDown() {
    world.tally().count(Sign.OUTAGE);
    world.trace("store", () -> "down");
    world.weather().setStoreIsDown(true);
    world
        .agenda()
        .after(
            chance.oneIn(3) ? upToLeases(3) : between(100, 6_000),
            () -> {
              world.trace("store", () -> "up");
              world.weather().setStoreIsDown(false);
            });
  }

  private void cutOff(Machine machine) {
    SimulatedHost host = machine.host();
    if (host != null) {
      world.tally().count(Sign.PARTITION);
      world.trace(host.toString(), () -> "cut off");
      world.weather().cutOff(host.toString());
      world.agenda().after(upToLeases(3), () -> world.weather().connect(host.toString()));
    }
  }

  private void setStoreClock() {
    Duration by = chance.upToEitherWay(Duration.ofSeconds(chance.oneIn(3) ? 30 : 3));
    world.tally().count(Sign.STORE_CLOCK_SET);
    world.trace("store", () -> "clock set by " + by);
    world.model().clock().step(by);
  }

  /** Nothing is done any more; what was done passes. */
  void end() {
    over = true;
    world.machines().forEach(Machine::recover);
  }
}
