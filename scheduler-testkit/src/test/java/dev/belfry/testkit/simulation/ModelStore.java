// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.store.Claimed;
import dev.belfry.store.Demand;
import dev.belfry.store.Exchanged;
import dev.belfry.store.JobStore;
import dev.belfry.store.NodeCard;
import dev.belfry.store.Outcome;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The store of a simulation: the one in memory, each of whose calls is one commit, which the store
 * contract holds to what databases do. Where it is kinder than they are, it is made as they are.
 */
final class ModelStore {
  /*
   * A database's claim looks at its node in a snapshot that a reaper's commit may overtake, so that
   * it gives runs to a node that is dead by then. The store in memory does not. Here such a claim is
   * made for a node that is born dead: its runs are held by nobody who lives, and the next reaper
   * finds them.
   */
  private static final Duration STILLBORN = Duration.ofNanos(1_000);

  private final World world;
  private final StoreClock clock;
  private final JobStore memory;
  private final Watch watch;
  private final Model model;
  private final Set<Pass> unheard = new HashSet<>();
  private @Nullable SimulatedHost applying;

  private record Pass(RunId run, long fence) {}

  /** What a call comes to. */
  @FunctionalInterface
  interface Model {
    @Nullable Object apply(StoreCall call);
  }

  ModelStore(World world, StoreClock clock, @Nullable PlantedBug bug) {
    this.world = world;
    this.clock = clock;
    this.memory = JobStore.inMemory(clock);
    this.watch = new Watch(world, memory);
    this.model = bug == null ? this::sound : bug.plantedIn(world, this::sound);
  }

  /** Returns the store itself, for those who look at it from outside. */
  JobStore memory() {
    return memory;
  }

  StoreClock clock() {
    return clock;
  }

  Watch watch() {
    return watch;
  }

  /** Returns whether what is committed at present is a process's own. */
  boolean isApplyingFor(SimulatedHost host) {
    return applying == host;
  }

  /** Notes that the caller did not get an answer. */
  void unheard(@Nullable Object answer) {
    if (answer instanceof Exchanged exchanged) {
      exchanged.claimed().forEach(claim -> unheard.add(new Pass(claim.id(), claim.fence())));
    }
  }

  /** Returns whether the answer that has told of a claim was lost. */
  boolean isUnheard(Claimed claim) {
    return unheard.contains(new Pass(claim.id(), claim.fence()));
  }

  /** Commits a call. */
  @Nullable Object apply(StoreCall call) {
    SimulatedHost before = applying;
    applying = call.host();
    try {
      Object answer = model.apply(call);
      world.trace(call.host().toString(), () -> TraceWords.of(call, answer));
      watch.saw(call, answer);
      return answer;
    } finally {
      applying = before;
    }
  }

  private @Nullable Object sound(StoreCall call) {
    if (call.is("exchange") && watch.leases().isOver(call.argument(0), clock.instant())) {
      return exchangeOfAnExpired(call);
    }
    return call.of(memory);
  }

  private @Nullable Object exchangeOfAnExpired(StoreCall call) {
    NodeId node = call.argument(0);
    List<Demand> demands = call.argument(2);
    boolean dead = memory.nodes().stream().noneMatch(living -> living.id().equals(node));
    Exchanged own = (Exchanged) call.of(memory);
    if (!dead || demands.isEmpty() || own == null) {
      return own;
    }
    NodeId stillborn = memory.join(new NodeCard("late", "", Set.of()), stillbornLease());
    Exchanged late = memory.exchange(stillborn, List.<Outcome>of(), demands);
    if (!late.claimed().isEmpty()) {
      world.tally().count(Sign.LATE_CLAIM);
    }
    return new Exchanged(
        own.verdicts(),
        late.claimed(),
        late.nextDue(),
        late.now(),
        own.cancels(),
        own.catalogVersion(),
        own.inbox());
  }

  private Duration stillbornLease() {
    return world.bug() == PlantedBug.LATE_CLAIM_NEVER_REAPED ? Duration.ofDays(365) : STILLBORN;
  }
}
