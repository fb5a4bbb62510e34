// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import dev.belfry.store.Ending;
import dev.belfry.store.Hint;
import dev.belfry.store.JobStore;
import dev.belfry.store.Outcome;
import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What lies between one process and the store: calls take their time, get lost, are applied without
 * an answer, or only after the caller has given them up.
 */
final class StoreLine {
  private final World world;
  private final SimulatedHost host;
  private final JobStore store;

  StoreLine(World world, SimulatedHost host) {
    this.world = world;
    this.host = host;
    this.store =
        (JobStore)
            Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {JobStore.class}, this::call);
  }

  /** Returns the store as the process sees it. */
  JobStore store() {
    return store;
  }

  private @Nullable Object call(
      Object proxy, Method method, @Nullable Object @Nullable [] arguments) {
    var call = new StoreCall(host, method, arguments == null ? new Object[0] : arguments);
    return switch (call.name()) {
      case "onHint" -> listen(call.argument(0));
      case "open", "close", "codec", "records", "toString" -> call.of(world.model().memory());
      default -> make(call);
    };
  }

  private @Nullable Object make(StoreCall call) {
    SimulatedThread thread = host.current();
    Request request = thread == null ? world.request() : null;
    travel(thread, request);
    refuseIfPoisoned(call);
    Weather.Fate fate = world.weather().fateOf(call);
    Object answer = null;
    if (fate == Weather.Fate.LATE) {
      Duration later = world.weather().lateness();
      world.trace(host.toString(), () -> call.name() + " is late by " + later);
      world.agenda().after(later, () -> applyUnheard(call));
    } else if (fate.isApplied()) {
      answer = world.model().apply(call);
    }
    if (fate != Weather.Fate.GOOD) {
      world.trace(host.toString(), () -> call.name() + " " + fate);
      world.tally().count(fate.sign());
      world.model().unheard(answer);
      if (request != null && fate.kind() == Kind.UNKNOWN) {
        request.beSilentFor(world.weather().silence());
      }
    }
    if (thread != null && world.weather().isSlowToAnswer()) {
      thread.pauseQuietly(world.weather().latency());
      host.checkAlive();
    }
    if (fate != Weather.Fate.GOOD) {
      throw new StoreException(fate.kind(), "simulated: " + call.name() + " " + fate, null);
    }
    return answer;
  }

  private void travel(@Nullable SimulatedThread thread, @Nullable Request request) {
    if (thread != null) {
      host.checkAlive();
      thread.pauseQuietly(world.weather().latency());
    } else if (request == null) {
      host.checkAlive(); // a start, or a user's call
    } else if (!request.isFirst()) {
      host.checkAlive();
      world.setRequest(null);
      world.agenda().runFor(world.weather().pauseBetweenCalls());
      world.agenda().runUntil(() -> !host.isPaused() || host.isGone(), Duration.ofMinutes(1));
      world.setRequest(request);
      host.checkAlive();
    }
  }

  private void applyUnheard(StoreCall call) {
    try {
      world.model().unheard(world.model().apply(call));
    } catch (StoreException unheard) {
      // nobody listens any more
    }
  }

  /** Some outcomes are such as the store will never take. */
  private void refuseIfPoisoned(StoreCall call) {
    if (call.is("exchange")) {
      for (Outcome outcome : call.<List<Outcome>>argument(1)) {
        if (outcome.ending() instanceof Ending.Completed
            && world.orders().isRefused(outcome.run())) {
          world.tally().count(Sign.REFUSED_FOR_EVER);
          if (world.bug() == PlantedBug.GROUP_FAILED_BY_ONE_OUTCOME) {
            call.<List<Outcome>>argument(1).forEach(other -> world.orders().refuse(other.run()));
          }
          throw new StoreException(Kind.PERMANENT, "simulated: a value out of range", null);
        }
      }
    }
  }

  /** Word of new work comes at once from this process; from others by chance, late, or twice. */
  private JobStore.Subscription listen(Consumer<? super Hint> listener) {
    return world
        .model()
        .memory()
        .onHint(
            hint -> {
              if (world.model().isApplyingFor(host)) {
                host.post(() -> listener.accept(hint));
              } else {
                world
                    .weather()
                    .hints()
                    .forEach(delay -> host.after(delay, () -> listener.accept(hint)));
              }
            });
  }
}
