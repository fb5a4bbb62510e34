// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import dev.belfry.run.RunId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** All that users want of a simulation, by number. */
final class Orders {
  private static final List<Order.Plan> FAILURES =
      List.of(Order.Plan.FAIL_ONCE, Order.Plan.FAIL_TWICE, Order.Plan.FAIL_ALWAYS);
  private static final List<Order.Plan> POISON =
      List.of(Order.Plan.KILL_ONCE, Order.Plan.KILL_ALWAYS);

  private final Chance chance;
  private final EnumSet<Fault> faults;
  private final Duration lease;
  private final List<Order> all = new ArrayList<>();
  private final Set<RunId> refused = new HashSet<>();

  Orders(Chance chance, EnumSet<Fault> faults, Duration lease) {
    this.chance = chance;
    this.faults = faults;
    this.lease = lease;
  }

  Order add(String job) {
    var order = new Order(all.size(), job, plan(job), work());
    all.add(order);
    return order;
  }

  Order get(int number) {
    return all.get(number);
  }

  List<Order> all() {
    return List.copyOf(all);
  }

  private Order.Plan plan(String job) {
    if (faults.contains(Fault.FAILURES) && chance.oneIn(4)) {
      return chance.oneOf(FAILURES);
    } else if (faults.contains(Fault.POISON) && chance.oneIn(10)) {
      return chance.oneOf(POISON);
    } else if (faults.contains(Fault.REFUSED_OUTCOMES)
        && !job.equals(SimulatedJobs.BATCHED)
        && chance.oneIn(4)) {
      return Order.Plan.BE_REFUSED;
    }
    return Order.Plan.RETURN;
  }

  /** Most work is short; some takes longer than a lease. */
  private Duration work() {
    Duration most =
        chance.oneIn(3)
            ? lease.multipliedBy(2)
            : chance.oneIn(2) ? Duration.ofSeconds(1) : Duration.ofMillis(50);
    return chance.between(Duration.ofMillis(1), most);
  }

  /** Has the store refuse whatever says that a run has completed. */
  void refuse(RunId run) {
    refused.add(run);
  }

  boolean isRefused(RunId run) {
    return refused.contains(run);
  }
}
