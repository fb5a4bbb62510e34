// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import dev.belfry.host.Host;
import dev.belfry.run.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A process with a node, from its start to its end. It may be paused, and killed. */
final class SimulatedHost implements Host {
  /*
   * Handlers have threads of their own, as they work for long. Calls to the store are made on the
   * driver's stack. One that makes several has the rest of the world go on between them by running
   * the agenda from within; so of two such calls the later one ends first, which is as good an order
   * as any other, and costs no thread.
   */
  private final World world;
  private final String name;
  private final Chance chance;
  private final RandomGenerator numbers;
  private final long origin;
  private final Set<SimulatedThread> threads = new LinkedHashSet<>();
  private Duration skew = Duration.ZERO;
  private long pausedUntil;
  private boolean killed;
  private boolean closed;
  private Runnable whenKilled = () -> {};

  SimulatedHost(World world, String name, Chance chance) {
    this.world = world;
    this.name = name;
    this.chance = chance;
    this.numbers = chance.split().numbers();
    this.origin = numbers.nextLong(1L << 50);
  }

  // What is done to it

  /** Says what follows from the death of the process. */
  void whenKilled(Runnable action) {
    whenKilled = action;
  }

  /** Ends the process as {@code kill -9} does. */
  void kill() {
    if (!killed) {
      killed = true;
      whenKilled.run();
      world.trace(name, () -> "killed");
      world
          .agenda()
          .after(Duration.ZERO, () -> List.copyOf(threads).forEach(SimulatedThread::unwind));
    }
  }

  /** Has the process stand still for so long, as SIGSTOP does. */
  void pause(Duration time) {
    pausedUntil = Math.max(pausedUntil, world.agenda().nanos() + time.toNanos());
  }

  /** Sets its wall clock. */
  void setSkew(Duration newSkew) {
    skew = newSkew;
  }

  Duration skew() {
    return skew;
  }

  boolean isKilled() {
    return killed;
  }

  boolean isGone() {
    return killed || closed;
  }

  boolean isPaused() {
    return pausedUntil > world.agenda().nanos();
  }

  /** Ends whoever goes on in a process that was killed. */
  void checkAlive() {
    if (killed) {
      throw new Killed();
    }
  }

  @Override
  public String toString() {
    return name;
  }

  // Its threads

  /** Returns the thread of this host that has its turn; null if that is none. */
  @Nullable SimulatedThread current() {
    Turns.Actor actor = world.turns().current();
    for (SimulatedThread thread : threads) {
      if (actor != null && thread.isOf(actor)) {
        return thread;
      }
    }
    return null;
  }

  /** Has the handler that calls it work for a time. */
  void work(Duration time) throws InterruptedException {
    SimulatedThread current = current();
    if (current == null) {
      throw new IllegalStateException("only what runs on a thread of this host works");
    }
    current.work(time);
  }

  /** Does something on a thread of its own. */
  SimulatedThread begin(Runnable task, Runnable ended) {
    var thread = new SimulatedThread(this, world.turns(), task, ended);
    threads.add(thread);
    post(thread::go);
    return thread;
  }

  void forget(SimulatedThread thread) {
    threads.remove(thread);
  }

  // What the engine wants

  @Override
  public long nanoTime() {
    return origin + world.agenda().nanos();
  }

  @Override
  public Instant wallTime() {
    return World.START.plus(world.agenda().elapsed()).plus(skew);
  }

  @Override
  public RandomGenerator random() {
    return numbers;
  }

  @Override
  public void post(Runnable event) {
    after(Duration.ZERO, event);
  }

  @Override
  public Cancellable after(Duration delay, Runnable event) {
    return enter(delay, new Event(event, false));
  }

  /** Has a thread go on, which may outlive the node. */
  Cancellable wake(Duration delay, Runnable thread) {
    return enter(delay, new Event(thread, true));
  }

  private Cancellable enter(Duration delay, Event event) {
    world.agenda().after(delay, event);
    return event;
  }

  /** What happens in a process, unless it is dead by then; if it stands still, then later. */
  private final class Event implements Runnable, Cancellable {
    private final Runnable action;
    private final boolean outlivesNode;
    private boolean cancelled;

    Event(Runnable action, boolean outlivesNode) {
      this.action = action;
      this.outlivesNode = outlivesNode;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }

    @Override
    public void run() {
      if (cancelled) {
        return;
      } else if (isPaused()) {
        world.agenda().at(pausedUntil, this);
      } else if (!killed && (outlivesNode || !closed)) {
        try {
          action.run();
        } catch (Killed unwound) {
          // the rest of this event does not happen
        } catch (RuntimeException bug) {
          world.findings().add(Invariant.LOOP_SURVIVES, name + ": " + bug);
        }
      }
    }
  }

  @Override
  public <T extends @Nullable Object> void io(
      Callable<T> call, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> reply) {
    world.agenda().after(world.weather().latency(), () -> send(call, reply));
  }

  /** A request of a process that stands still has left it, or leaves it when it goes on. */
  private <T extends @Nullable Object> void send(
      Callable<T> call, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> reply) {
    if (isPaused() && chance.oneIn(2)) {
      world.agenda().at(pausedUntil, () -> send(call, reply));
    } else {
      carryOut(call, reply);
    }
  }

  private <T extends @Nullable Object> void carryOut(
      Callable<T> call, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> reply) {
    if (killed && chance.oneIn(2)) {
      return; // it had not left the process
    }
    Runnable answer;
    Request before = world.request();
    var request = new Request();
    world.setRequest(request);
    try {
      T value = call.call();
      answer = () -> reply.accept(value, null);
    } catch (Killed unwound) {
      return;
    } catch (Throwable thrown) {
      answer = () -> reply.accept(null, thrown);
    } finally {
      world.setRequest(before);
    }
    enter(world.weather().latency().plus(request.silence()), new Event(answer, false));
  }

  @Override
  public Running work(RunId run, Runnable pass, Runnable ended) {
    return begin(pass, ended);
  }

  /** One after another, in an order that the seed decides. */
  @Override
  public void sideBySide(RunId run, List<? extends Runnable> parts) {
    var order = new ArrayList<Runnable>(parts);
    for (int left = order.size(); left > 0; left--) {
      order.remove(numbers.nextInt(left)).run();
    }
  }

  @Override
  public boolean await(Future<?> done, Duration timeout) throws InterruptedException {
    SimulatedThread current = current();
    if (current != null) {
      return current.await(done, timeout);
    }
    return world.agenda().runUntil(() -> done.isDone() || killed, timeout);
  }

  @Override
  public Cancellable onExit(Runnable action) {
    return () -> {};
  }

  @Override
  public void close() {
    closed = true;
  }
}
