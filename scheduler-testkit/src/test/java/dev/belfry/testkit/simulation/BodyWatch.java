// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import dev.belfry.run.RunId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks what handlers see: who else goes on, and what steps remember (I2, I4, I7, I8). */
final class BodyWatch {
  private final World world;
  private final Map<RunId, List<Body>> going = new HashMap<>();
  private final Set<Pass> begun = new HashSet<>();
  private final Set<Pass> returned = new HashSet<>();
  private final Map<Part, Integer> values = new HashMap<>();
  private final Set<Part> calledAtMostOnce = new HashSet<>();

  private record Pass(RunId run, long fence) {}

  private record Part(RunId run, String step) {}

  BodyWatch(World world) {
    this.world = world;
  }

  boolean hasReturned(RunId run, long fence) {
    return returned.contains(new Pass(run, fence));
  }

  /** Notes that a handler begins. */
  Body begin(SimulatedHost host, RunId run, long fence, int attempt) {
    host.checkAlive();
    var pass = new Pass(run, fence);
    Findings findings = world.findings();
    findings.check(
        begun.add(pass), Invariant.FENCE_GROWS, run + " was started twice under fence " + fence);
    findings.check(
        attempt <= SimulatedJobs.MOST_ATTEMPTS,
        Invariant.ATTEMPTS_BOUNDED,
        run + " was started as attempt " + attempt + " of " + SimulatedJobs.MOST_ATTEMPTS);
    List<Body> others = going.computeIfAbsent(run, id -> new ArrayList<>());
    for (Body other : others) {
      findings.check(
          wasLost(other.pass) || wasLost(pass),
          Invariant.NO_OVERLAP,
          run + " was started on " + host + " while it goes on under fence " + other.pass.fence());
      world.tally().count(Sign.BODIES_OVERLAPPED);
    }
    var body = new Body(host, pass);
    others.add(body);
    world.trace(host.toString(), () -> "handler of " + run + "/" + fence + " begins");
    return body;
  }

  private boolean wasLost(Pass pass) {
    return world.model().watch().runs().wasLost(pass.run(), pass.fence());
  }

  /** Notes that a step is called. */
  void calls(SimulatedHost host, RunId run, String step, boolean atMostOnce) {
    host.checkAlive();
    var part = new Part(run, step);
    world
        .findings()
        .check(
            !values.containsKey(part),
            Invariant.STEP_REMEMBERED,
            "step " + step + " of " + run + " was called again after it had returned");
    if (atMostOnce) {
      world
          .findings()
          .check(
              calledAtMostOnce.add(part),
              Invariant.AT_MOST_ONCE,
              "step " + step + " of " + run + " was called twice");
    }
  }

  /** Notes what a handler was told that a step has returned. */
  void remembers(RunId run, String step, int value) {
    Integer before = values.put(new Part(run, step), value);
    world
        .findings()
        .check(
            before == null || before == value,
            Invariant.STEP_REMEMBERED,
            "step " + step + " of " + run + " was " + before + " and is " + value);
    if (before != null) {
      world.tally().count(Sign.STEP_REPLAYED);
    }
  }

  /** A handler's body, from its begin to its end. */
  final class Body implements AutoCloseable {
    private final SimulatedHost host;
    private final Pass pass;

    private Body(SimulatedHost host, Pass pass) {
      this.host = host;
      this.pass = pass;
    }

    /** Notes that it is about to return. */
    void returns() {
      host.checkAlive();
      returned.add(pass);
    }

    @Override
    public void close() {
      going.get(pass.run()).remove(this);
      if (!host.isKilled()) {
        world.trace(
            host.toString(), () -> "handler of " + pass.run() + "/" + pass.fence() + " ends");
      }
    }
  }
}
