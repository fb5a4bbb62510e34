// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit;

import dev.belfry.host.Host;
import dev.belfry.run.RunId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Time that moves only when told, for any number of nodes that share it. All they do is done on the
 * thread that moves it, in an order that a seed decides; nothing waits for real.
 *
 * <pre>{@code
 * VirtualTime time = VirtualTime.from(Instant.parse("2026-03-29T00:59:00Z"), 42);
 * Scheduler scheduler = Scheduler.builder()
 *     .store(JobStore.inMemory(time.clock()))
 *     .host(time.newHost())
 *     .register(billing)
 *     .start();
 * time.advance(Duration.ofMinutes(5));
 * }</pre>
 *
 * <p>A handler may call {@link #pause()}: then it stands still, as if it worked, while the test
 * goes on, until it is interrupted or {@linkplain #resumeAll() resumed}. For this, handlers have
 * threads of their own, but one thread runs at a time.
 */
public final class VirtualTime {
  /*
   * Events of all hosts are one heap by (nanos, sequence). A handler's thread and the driving thread
   * hand a baton to each other by semaphores, so there is no concurrency to reason about.
   */
  private static final Duration REAL_PATIENCE = Duration.ofSeconds(10);

  private final TestClock clock;
  private final SplittableRandom random;
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final Semaphore toDriver = new Semaphore(0);
  private final List<Body> paused = new ArrayList<>();
  private @Nullable Body running; // who has the baton; null: the driving thread
  private long nanos;
  private long sequence;

  private VirtualTime(Instant start, long seed) {
    this.clock = TestClock.at(start);
    this.random = new SplittableRandom(seed);
  }

  /**
   * Begins a time line.
   *
   * @param start the first instant
   * @param seed decides all that is left to chance
   */
  public static VirtualTime from(Instant start, long seed) {
    return new VirtualTime(start, seed);
  }

  /** Returns the clock of this time line, for a store. */
  public InstantSource clock() {
    return clock;
  }

  /** Returns the present instant. */
  public Instant now() {
    return clock.instant();
  }

  /** Returns a host for one more node of this time line. */
  public VirtualHost newHost() {
    return new VirtualHost(this, random.split());
  }

  /** Does all that is due now; time stands still. */
  public void runDue() {
    for (Event next = events.peek(); next != null && next.at <= nanos; next = events.peek()) {
      events.remove();
      if (!next.cancelled && !next.host.isClosed()) {
        next.action.run();
      }
    }
  }

  /** Moves time, from event to event, and does what falls due. */
  public void advance(Duration time) {
    long end = nanos + time.toNanos();
    runDue();
    for (Event next = events.peek(); next != null && next.at <= end; next = events.peek()) {
      moveTo(next.at);
      runDue();
    }
    moveTo(end);
  }

  /**
   * Moves time, from event to event, until something is so, or so far.
   *
   * @return whether it is so
   */
  boolean advanceUntil(BooleanSupplier condition, Duration most) {
    long end = nanos + nanosOf(most);
    runDue();
    for (Event next = events.peek();
        !condition.getAsBoolean() && next != null && next.at <= end;
        next = events.peek()) {
      moveTo(next.at);
      runDue();
    }
    boolean isSo = condition.getAsBoolean();
    if (!isSo) {
      moveTo(end);
    }
    return isSo;
  }

  private void moveTo(long newNanos) {
    clock.advance(Duration.ofNanos(newNanos - nanos));
    nanos = newNanos;
  }

  /**
   * Stands still in a handler while the test goes on.
   *
   * @throws InterruptedException if the handler is interrupted
   * @throws IllegalStateException if the caller is not a handler of this time line
   */
  public void pause() throws InterruptedException {
    Body body = running;
    if (body == null || !body.thread.equals(Thread.currentThread())) {
      throw new IllegalStateException("only a handler of this time line can pause");
    }
    body.pause();
  }

  /** Lets all handlers go on that have paused. */
  public void resumeAll() {
    List.copyOf(paused).forEach(Body::resume);
  }

  long nanoTime() {
    return nanos;
  }

  Event add(VirtualHost host, Duration delay, Runnable action) {
    var event = new Event(host, nanos + Math.max(0, nanosOf(delay)), sequence++, action);
    events.add(event);
    return event;
  }

  /** Far enough that no test gets there, and no sum overflows. */
  private static long nanosOf(Duration delay) {
    return delay.compareTo(Duration.ofDays(36_500)) > 0
        ? Duration.ofDays(36_500).toNanos()
        : delay.toNanos();
  }

  boolean await(Future<?> done, Duration timeout) {
    return advanceUntil(done::isDone, timeout);
  }

  /** Something that happens on a host at a time. */
  static final class Event implements Comparable<Event>, Host.Cancellable {
    private final VirtualHost host;
    private final long at;
    private final long order;
    private final Runnable action;
    private boolean cancelled;

    Event(VirtualHost host, long at, long order, Runnable action) {
      this.host = host;
      this.at = at;
      this.order = order;
      this.action = action;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }

    @Override
    public int compareTo(Event other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
    }
  }

  /** A handler's body on a thread of its own, which runs only while it has the baton. */
  final class Body implements Host.Running {
    private final VirtualHost host;
    private final Runnable pass;
    private final Runnable ended;
    private final Semaphore toBody = new Semaphore(0);
    private final Thread thread;
    private boolean interrupted;
    private boolean over;

    Body(VirtualHost host, RunId run, Runnable pass, Runnable ended) {
      this.host = host;
      this.pass = pass;
      this.ended = ended;
      this.thread = new Thread(this::live, "pass of run " + run);
      thread.setDaemon(true); // a body that is paused for ever must not keep the JVM up
    }

    void begin() {
      thread.start();
      letGo();
    }

    private void live() {
      toBody.acquireUninterruptibly();
      try {
        pass.run();
      } finally {
        over = true;
        host.post(ended);
        toDriver.release();
      }
    }

    /** Hands the baton to the body and waits until it pauses or ends. */
    private void letGo() {
      running = this;
      toBody.release();
      try {
        if (!toDriver.tryAcquire(REAL_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new AssertionError(
              "a handler blocks for real; use VirtualTime.pause() instead\n" + stack());
        }
      } catch (InterruptedException e) {
        throw new AssertionError("the test was interrupted", e);
      } finally {
        running = null;
      }
    }

    private void pause() throws InterruptedException {
      if (!interrupted) {
        paused.add(this);
        toDriver.release();
        toBody.acquireUninterruptibly();
      }
      if (interrupted) {
        interrupted = false;
        throw new InterruptedException("interrupted by the scheduler");
      }
    }

    private void resume() {
      if (paused.remove(this)) {
        letGo();
      }
    }

    @Override
    public void interrupt() {
      if (!over) {
        interrupted = true;
        host.post(this::resume);
      }
    }

    @Override
    public String stack() {
      return over
          ? ""
          : Stream.of(thread.getStackTrace())
              .map(frame -> "\tat " + frame)
              .collect(Collectors.joining("\n"));
    }
  }

  /** A node's share of a time line. Closing it, or {@link #kill}, drops all that it had planned. */
  public static final class VirtualHost implements Host {
    private final VirtualTime time;
    private final RandomGenerator random;
    private boolean closed;

    VirtualHost(VirtualTime time, RandomGenerator random) {
      this.time = time;
      this.random = random;
    }

    /** Ends the node as {@code kill -9} does: nothing that it planned happens any more. */
    public void kill() {
      closed = true;
    }

    boolean isClosed() {
      return closed;
    }

    @Override
    public long nanoTime() {
      return time.nanoTime();
    }

    @Override
    public Instant wallTime() {
      return time.now();
    }

    @Override
    public RandomGenerator random() {
      return random;
    }

    @Override
    public void post(Runnable event) {
      time.add(this, Duration.ZERO, event);
    }

    @Override
    public Cancellable after(Duration delay, Runnable event) {
      return time.add(this, delay, event);
    }

    @Override
    public <T extends @Nullable Object> void io(
        Callable<T> call, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> reply) {
      post(
          () -> {
            try {
              T value = call.call();
              post(() -> reply.accept(value, null));
            } catch (Throwable thrown) {
              post(() -> reply.accept(null, thrown));
            }
          });
    }

    @Override
    public Running work(RunId run, Runnable pass, Runnable ended) {
      Body body = time.new Body(this, run, pass, ended);
      post(body::begin);
      return body;
    }

    /** One after another, in an order that the seed decides: one thread runs at a time. */
    @Override
    public void sideBySide(RunId run, List<? extends Runnable> parts) {
      var order = new ArrayList<Runnable>(parts);
      for (int left = order.size(); left > 0; left--) {
        order.remove(random.nextInt(left)).run();
      }
    }

    @Override
    public boolean await(Future<?> done, Duration timeout) {
      return time.await(done, timeout);
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
}
