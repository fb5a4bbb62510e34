// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import dev.belfry.run.RunQuery;
import dev.belfry.run.Status;
import dev.belfry.store.RunRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One simulation: all that a seed decides, from its begin to its end. */
final class World {
  static final Instant START = Instant.parse("2026-03-02T08:00:00Z");

  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final RunQuery OPEN =
      RunQuery.all().in(Status.SCHEDULED, Status.WAITING, Status.BLOCKED, Status.RUNNING).limit(20);

  private final long seed;
  private final Turns turns;
  private final @Nullable PlantedBug bug;
  private final @Nullable StringBuilder trace;
  private final Agenda agenda = new Agenda();
  private final Tally tally = new Tally();
  private final Findings findings =
      new Findings((broken, what) -> trace("!", () -> broken + ": " + what));
  private final EnumSet<Fault> faults;
  private final Duration troubled;
  private final Duration lease;
  private final Duration poll;
  private final Weather weather;
  private final Orders orders;
  private final BodyWatch bodies = new BodyWatch(this);
  private final ModelStore model;
  private final Users users;
  private final Troubles troubles;
  private final List<Machine> machines = new ArrayList<>();
  private final List<SimulatedHost> hosts = new ArrayList<>();
  private @Nullable Request request;
  private @Nullable SimulatedHost probedOn;
  private boolean over;

  World(long seed, Turns turns, @Nullable PlantedBug bug, boolean traced) {
    this.seed = seed;
    this.turns = turns;
    this.bug = bug;
    this.trace = traced ? new StringBuilder() : null;
    var chance = new Chance(seed);
    this.faults = Fault.drawn(chance);
    this.lease = Duration.ofSeconds(chance.oneOf(List.of(2, 3, 5, 9)));
    this.poll = Duration.ofMillis(chance.oneOf(List.of(500, 2_000)));
    this.troubled = Duration.ofSeconds(chance.between(30, 60));
    this.weather = new Weather(chance.split(), faults, lease);
    this.orders = new Orders(chance.split(), faults, lease);
    this.model = new ModelStore(this, new StoreClock(agenda), bug);
    this.users = new Users(this, chance.split(), faults);
    this.troubles = new Troubles(this, chance.split(), faults);
    int nodes = chance.between(2, 5);
    for (int i = 1; i <= nodes; i++) {
      Duration skew =
          faults.contains(Fault.NODE_CLOCKS)
              ? chance.upToEitherWay(Duration.ofMinutes(5))
              : Duration.ZERO;
      machines.add(new Machine(this, "n" + i, chance.split(), skew));
    }
    trace("seed " + seed, () -> machines + ", lease " + lease + ", poll " + poll + ", " + faults);
  }

  /** Lets it all happen. */
  Simulated run() {
    try {
      for (int i = 0; i < machines.size(); i++) {
        agenda.after(Duration.ofMillis(300L * i), machines.get(i)::boot);
      }
      users.begin(troubled);
      troubles.begin();
      agenda.runUntil(() -> !findings.isEmpty(), troubled);
      trace("*", () -> "the faults stop");
      weather.clear();
      troubles.end();
      boolean ends = agenda.runUntil(() -> !findings.isEmpty(), lease.multipliedBy(3)) || allEnds();
      if (findings.isEmpty() && ends) {
        new Recovery(this).check();
      }
      if (findings.isEmpty()) {
        new EndCheck(this).check();
      }
    } finally {
      over = true;
      hosts.forEach(SimulatedHost::kill);
      agenda.runFor(Duration.ZERO);
    }
    return new Simulated(
        seed,
        findings.violations(),
        tally,
        agenda.elapsed(),
        trace == null ? "" : trace.toString());
  }

  /** Waits until all has ended. */
  boolean allEnds() {
    Duration most = PATIENCE;
    while (findings.isEmpty() && !most.isNegative()) {
      if (users.areServed() && nothingIsOpen() && ticksHaveCome()) {
        return true;
      }
      Duration step = Duration.ofSeconds(2);
      agenda.runUntil(() -> !findings.isEmpty(), step);
      most = most.minus(step);
    }
    if (findings.isEmpty()) {
      findings.add(Invariant.ALL_ENDS, "left open: " + openRuns() + whatUsersWaitFor());
    }
    return false;
  }

  private boolean nothingIsOpen() {
    boolean delivered = model.memory().inbox(1).isEmpty(); // else another run may follow
    return delivered && model.memory().runs(OPEN).items().isEmpty();
  }

  private boolean ticksHaveCome() {
    return SimulatedJobs.TICKING.stream()
        .allMatch(id -> model.memory().schedule(id).flatMap(row -> row.nextAt()).isEmpty());
  }

  private String whatUsersWaitFor() {
    return users.areServed() ? "" : ", and users are not served";
  }

  private List<String> openRuns() {
    return model.memory().runs(OPEN).items().stream()
        .map(RunRecord::run)
        .map(run -> run.job() + " " + run.id() + " " + run.state())
        .toList();
  }

  // Who and what there is

  Agenda agenda() {
    return agenda;
  }

  Turns turns() {
    return turns;
  }

  Tally tally() {
    return tally;
  }

  Findings findings() {
    return findings;
  }

  Weather weather() {
    return weather;
  }

  Orders orders() {
    return orders;
  }

  BodyWatch bodies() {
    return bodies;
  }

  ModelStore model() {
    return model;
  }

  Users users() {
    return users;
  }

  List<Machine> machines() {
    return machines;
  }

  Duration lease() {
    return lease;
  }

  Duration poll() {
    return poll;
  }

  @Nullable PlantedBug bug() {
    return bug;
  }

  boolean isOver() {
    return over;
  }

  SimulatedHost newHost(String name, Chance chance) {
    var host = new SimulatedHost(this, name, chance);
    hosts.add(host);
    return host;
  }

  // What is going on

  /** Returns what is being carried out on the driver's stack; null if that is no request. */
  @Nullable Request request() {
    return request;
  }

  void setRequest(@Nullable Request now) {
    request = now;
  }

  /** Notes where the probe was started last. */
  void probed(SimulatedHost on) {
    probedOn = on;
  }

  @Nullable SimulatedHost probedOn() {
    return probedOn;
  }

  /** Notes what happens, if this simulation is to be read. */
  void trace(String who, Supplier<String> what) {
    if (trace != null) {
      long micros = agenda.nanos() / 1_000;
      trace.append(
          String.format(
              Locale.ROOT, "%4d.%06d %-6s ", micros / 1_000_000, micros % 1_000_000, who));
      trace.append(what.get()).append('\n');
    }
  }
}
