// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import dev.belfry.EnqueueOptions;
import dev.belfry.RunGroup;
import dev.belfry.Scheduler;
import dev.belfry.run.EventId;
import dev.belfry.run.RunId;
import dev.belfry.run.Unique;
import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Those who want runs. What fails they do again, by the same key or id, until it is acknowledged.
 */
final class Users {
  private static final List<String> JOBS =
      List.of(
          SimulatedJobs.PLAIN,
          SimulatedJobs.PLAIN,
          SimulatedJobs.LIMITED,
          SimulatedJobs.LIMITED,
          SimulatedJobs.ORDERED,
          SimulatedJobs.BATCHED,
          SimulatedJobs.TIMED,
          SimulatedJobs.FUNCTION,
          SimulatedJobs.FUNCTION);

  private final World world;
  private final Chance chance;
  private final EnumSet<Fault> faults;
  private final Set<EventId> sent = new LinkedHashSet<>();
  private final List<RunId> groups = new ArrayList<>();
  private final Set<Integer> asked = new LinkedHashSet<>(); // functions that are answered at once
  private int undone;

  Users(World world, Chance chance, EnumSet<Fault> faults) {
    this.world = world;
    this.chance = chance;
    this.faults = faults;
  }

  /** Plans all that users will want, within a time. */
  void begin(Duration within) {
    for (int i = chance.between(15, 40); i > 0; i--) {
      Order order = world.orders().add(chance.oneOf(JOBS));
      at(chance.between(Duration.ZERO, within), machine -> enqueue(machine, order));
      if (chance.oneIn(5)) {
        at(chance.between(Duration.ZERO, within), machine -> enqueue(machine, order));
      }
      if (order.job().equals(SimulatedJobs.FUNCTION)) {
        if (chance.oneIn(2)) {
          answer(order.number(), chance.between(Duration.ZERO, within));
        } else {
          asked.add(order.number());
        }
      }
      if (faults.contains(Fault.CANCELS) && chance.oneIn(5)) {
        at(chance.between(Duration.ZERO, within), machine -> cancel(machine, order));
      }
    }
    for (int i = chance.between(0, 4); i > 0; i--) {
      int number = world.orders().add(SimulatedJobs.SUBSCRIBER).number();
      EventId id = newEvent();
      at(
          chance.between(Duration.ZERO, within),
          machine -> {
            machine.scheduler().send(SimulatedJobs.PLACED, number, id);
            sent.add(id);
          });
    }
    for (int i = chance.between(0, 2); i > 0; i--) {
      at(chance.between(Duration.ZERO, within), this::enqueueGroup);
    }
  }

  /** Answers a function that is about to wait, unless that was done or will be. */
  void answerSoon(int number) {
    if (asked.remove(number)) {
      answer(number, chance.between(Duration.ZERO, Duration.ofMillis(50)));
    }
  }

  private void answer(int number, Duration after) {
    EventId id = newEvent();
    at(after, machine -> machine.scheduler().send(SimulatedJobs.GO, number, id));
  }

  private EventId newEvent() {
    return new EventId(new UUID(chance.numbers().nextLong(), chance.numbers().nextLong()));
  }

  private void at(Duration time, Consumer<Machine> action) {
    undone++;
    world.agenda().after(time, () -> until(action));
  }

  /** Does something until it is done. */
  private void until(Consumer<Machine> action) {
    List<Machine> serving = world.machines().stream().filter(Machine::serves).toList();
    try {
      if (!serving.isEmpty()) {
        action.accept(chance.oneOf(serving));
        undone--;
        return;
      }
    } catch (StoreException | Killed notNow) {
      // again, then
    } catch (IllegalStateException closing) {
      // elsewhere, then
    }
    world
        .agenda()
        .after(chance.between(Duration.ofMillis(100), Duration.ofSeconds(1)), () -> until(action));
  }

  private void enqueue(Machine machine, Order order) {
    Unique key = Unique.within(Duration.ofDays(1), order.key());
    try {
      order.acknowledge(
          machine
              .scheduler()
              .enqueue(
                  machine.jobs().of(order), order.number(), EnqueueOptions.now().withUnique(key))
              .id());
    } catch (StoreException failed) {
      if (world.bug() == PlantedBug.UNKNOWN_TAKEN_FOR_FAILURE && failed.kind() == Kind.UNKNOWN) {
        order.askAnew();
      }
      throw failed;
    }
  }

  private void cancel(Machine machine, Order order) {
    Optional<RunId> run = order.acknowledged();
    if (run.isPresent()) {
      order.cancel();
      machine.scheduler().cancel(run.get(), "a user");
    }
  }

  /** A group has no key, so what fails is not done again: it is there, or it is not. */
  private void enqueueGroup(Machine machine) {
    var numbers = new ArrayList<Integer>();
    for (int i = chance.between(1, 4); i > 0; i--) {
      numbers.add(world.orders().add(SimulatedJobs.MEMBER).number());
    }
    Scheduler scheduler = machine.scheduler();
    RunGroup group =
        RunGroup.named("group")
            .addAll(machine.jobs().member(), numbers)
            .then(machine.jobs().summary());
    try {
      groups.add(scheduler.enqueueGroup(group).id());
    } catch (StoreException unknown) {
      // whoever has no way to ask again leaves it at that
    }
  }

  /** Has one more run made, now. */
  void enqueueProbe() {
    Order order = world.orders().add(SimulatedJobs.PROBE);
    at(Duration.ZERO, machine -> enqueue(machine, order));
  }

  /** Returns whether all was acknowledged. */
  boolean areServed() {
    return undone == 0;
  }

  /** Returns the events that were sent and acknowledged, and that start a run. */
  Set<EventId> sent() {
    return Set.copyOf(sent);
  }

  /** Returns the groups that were acknowledged. */
  List<RunId> groups() {
    return List.copyOf(groups);
  }
}
