// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import dev.belfry.Scheduler;
import dev.belfry.store.StoreException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where a process is started again when it has ended. */
final class Machine {
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final World world;
  private final String name;
  private final Chance chance;
  private final int workers;
  private Duration skew;
  private int boots;
  private @Nullable SimulatedHost host;
  private @Nullable SimulatedJobs jobs;
  private @Nullable Scheduler scheduler;
  private boolean stays; // down, until all is well again

  Machine(World world, String name, Chance chance, Duration skew) {
    this.world = world;
    this.name = name;
    this.chance = chance;
    this.skew = skew;
    this.workers = chance.between(1, 6);
  }

  /** Starts its process, unless there is one. */
  void boot() {
    if (isUp() || world.isOver()) {
      return;
    }
    boots++;
    SimulatedHost fresh = world.newHost(name + "." + boots, chance.split());
    fresh.setSkew(skew);
    fresh.whenKilled(
        () -> {
          if (!world.isOver()) {
            world.tally().count(Sign.CRASH);
          }
          bootAfter(chance.between(Duration.ofMillis(200), Duration.ofSeconds(8)));
        });
    var known = new SimulatedJobs(world, fresh);
    host = fresh;
    jobs = known;
    try {
      scheduler =
          Scheduler.builder()
              .name(name)
              .store(new StoreLine(world, fresh).store())
              .host(fresh)
              .workers(workers)
              .lease(world.lease())
              .pollInterval(world.poll())
              .grace(Duration.ofSeconds(2))
              .register(known.all())
              .start();
      world.trace(fresh.toString(), () -> "started");
    } catch (StoreException notNow) {
      host = null;
      bootAfter(AGAIN);
    }
  }

  private void bootAfter(Duration time) {
    if (!stays) {
      world.agenda().after(time, this::boot);
    }
  }

  /** Kills its process. */
  void crash(boolean forLong) {
    if (host != null && isUp()) {
      stays = forLong;
      host.kill();
    }
  }

  /** Closes its process in order, and starts another then. */
  void restart() {
    SimulatedHost closing = host;
    Scheduler old = scheduler;
    if (closing != null && old != null && isUp()) {
      world.tally().count(Sign.RESTART);
      world.trace(closing.toString(), () -> "closing");
      closing.begin(
          () -> {
            old.close();
            bootAfter(chance.between(Duration.ZERO, Duration.ofSeconds(3)));
          },
          () -> {});
    }
  }

  void pause(Duration time) {
    if (host != null && isUp()) {
      SimulatedHost paused = host;
      world.tally().count(Sign.PAUSE);
      world.trace(paused.toString(), () -> "stands still for " + time);
      paused.pause(time);
    }
  }

  void setClock(Duration newSkew) {
    skew = newSkew;
    if (host != null) {
      host.setSkew(newSkew);
    }
  }

  /** Ends all that keeps its process from being up. */
  void recover() {
    stays = false;
    boot();
  }

  boolean isUp() {
    return host != null && !host.isGone();
  }

  /** Returns whether a user can be served by its process now. */
  boolean serves() {
    return host != null && isUp() && !host.isPaused();
  }

  boolean isOn(SimulatedHost other) {
    return other == host;
  }

  @Nullable SimulatedHost host() {
    return host;
  }

  SimulatedJobs jobs() {
    if (jobs == null) {
      throw new IllegalStateException(name + " was never up");
    }
    return jobs;
  }

  Scheduler scheduler() {
    if (scheduler == null) {
      throw new IllegalStateException(name + " was never up");
    }
    return scheduler;
  }

  @Override
  public String toString() {
    return name;
  }
}
