// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit;

import static java.util.Objects.requireNonNull;

import dev.belfry.host.Host;
import dev.belfry.run.RunId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
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
 * goes on, until it is interrupted or {@linkplain #resumeAll() resumed}. Several threads may be
 * there for this, but one runs at a time.
 */
public final class VirtualTime {
  private final Instant start;
  private final SplittableRandom random;
  private final VirtualLoop loop = new VirtualLoop();

  private VirtualTime(Instant start, long seed) {
    this.start = requireNonNull(start, "start");
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
    return this::now;
  }

  /** Returns the present instant. */
  public Instant now() {
    return start.plusNanos(loop.nanos());
  }

  /** Returns a host for one more node of this time line. */
  public VirtualHost newHost() {
    return new VirtualHost(this, random.split());
  }

  /** Does all that is due now; time stands still. */
  public void runDue() {
    loop.drive(loop.nanos(), () -> false);
  }

  /** Moves time, from event to event, and does what falls due. */
  public void advance(Duration time) {
    long end = loop.nanos() + time.toNanos();
    loop.drive(end, () -> false);
    loop.moveTo(end);
  }

  /**
   * Moves time, from event to event, until something is so, or so far.
   *
   * @return whether it is so
   */
  boolean advanceUntil(BooleanSupplier condition, Duration most) {
    long end = loop.nanos() + VirtualLoop.nanosOf(most);
    loop.drive(end, condition);
    boolean isSo = condition.getAsBoolean();
    if (!isSo) {
      loop.moveTo(end);
    }
    return isSo;
  }

  /**
   * Stands still in a handler while the test goes on.
   *
   * @throws InterruptedException if the handler is interrupted
   * @throws IllegalStateException if the caller is not a handler of this time line
   */
  public void pause() throws InterruptedException {
    loop.present()
        .orElseThrow(() -> new IllegalStateException("only a handler of this time line can pause"))
        .pause();
  }

  /**
   * Stands still in a handler, and with it all that its node does.
   *
   * @throws IllegalStateException if the caller is not a handler of this time line
   */
  void standStillInside(Duration time) {
    loop.present()
        .orElseThrow(
            () -> new IllegalStateException("only a handler of this time line can stand still"))
        .standStill(time);
  }

  /** Lets all handlers go on that have paused. */
  public void resumeAll() {
    loop.resumeAll();
  }

  boolean await(Future<?> done, Duration timeout) {
    return advanceUntil(done::isDone, timeout);
  }

  /** A node's share of a time line. Closing it, or {@link #kill}, drops all that it had planned. */
  public static final class VirtualHost implements Host {
    private final VirtualTime time;
    private final RandomGenerator random;
    private HostWatch watch = new HostWatch() {};
    private Duration skew = Duration.ZERO;
    private Duration latency = Duration.ZERO;
    private long stillUntil;
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

    /** Has somebody see what passes on this host do. */
    void watch(HostWatch newWatch) {
      watch = newWatch;
    }

    /** Puts off whatever is to happen until a time is over. */
    void standStill(Duration length) {
      stillUntil = Math.max(stillUntil, time.loop.nanos() + VirtualLoop.nanosOf(length));
    }

    /** Returns how long this host stands still yet. */
    long stillFor() {
      return stillUntil - time.loop.nanos();
    }

    void skew(Duration ahead) {
      skew = ahead;
    }

    void delayAnswers(Duration each) {
      latency = each;
    }

    @Override
    public long nanoTime() {
      return time.loop.nanos();
    }

    @Override
    public Instant wallTime() {
      return time.now().plus(skew);
    }

    @Override
    public RandomGenerator random() {
      return random;
    }

    @Override
    public void post(Runnable event) {
      time.loop.add(this, Duration.ZERO, event);
    }

    @Override
    public Cancellable after(Duration delay, Runnable event) {
      return time.loop.add(this, delay, event);
    }

    @Override
    public <T extends @Nullable Object> void io(
        Callable<T> call, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> reply) {
      post(
          () -> {
            try {
              T value = call.call();
              after(latency, () -> reply.accept(value, null));
            } catch (Throwable thrown) {
              after(latency, () -> reply.accept(null, thrown));
            }
          });
    }

    @Override
    public Running work(RunId run, Runnable pass, Runnable ended) {
      var body = new VirtualBody(time.loop, this, run, pass, ended);
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
    public void beforeBody(RunId run, String job, String part, int attempt) {
      watch.before(new BodyCall(run, job, part, attempt));
    }

    @Override
    public boolean goesOn(RunId run) {
      return watch.goesOn(run);
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
