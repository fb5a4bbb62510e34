// SPDX-License-Identifier: Apache-2.0
package dev.belfry.host;

import dev.belfry.run.RunId;
import java.lang.reflect.InvocationTargetException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A host of real threads: one for the loop, as many as needed for store calls and for passes. */
final class ThreadHost implements Host {
  /*
   * The loop takes all events that are there at once, so that a burst costs one lock. Timers are a
   * heap by (nanos, sequence): equal deadlines fire in the order in which they were set.
   *
   * The loop's thread and the workers are no daemons: a JVM whose main thread has ended stays up
   * until the host is closed, and while a handler runs. Store calls are made on daemon threads: an
   * answer that nobody waits for must not keep the JVM up.
   */
  private static final Logger log = LoggerFactory.getLogger(Host.class);

  private final String name;
  private final RandomGenerator random;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private final ExecutorService io;
  private final ExecutorService workers;
  private final AtomicInteger underWay = new AtomicInteger();
  private List<Runnable> events = new ArrayList<>();
  private long timerSequence;
  private int cancelledTimers;
  private boolean started;
  private boolean closed;

  ThreadHost(String name, boolean virtualThreads) {
    this.name = name;
    long salt = new SecureRandom().nextLong(); // two JVMs never draw the same, however they began
    this.random = () -> ThreadLocalRandom.current().nextLong() ^ salt;
    this.io = pool("io", true);
    this.workers = virtualThreads ? virtualWorkers() : pool("worker", false);
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Instant wallTime() {
    return Instant.now();
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  @Override
  public void post(Runnable event) {
    lock.lock();
    try {
      if (!closed) {
        startLoop();
        events.add(event);
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Cancellable after(Duration delay, Runnable event) {
    var timer = new Timer(System.nanoTime() + Math.max(0, nanosOf(delay)), event);
    lock.lock();
    try {
      if (!closed) {
        startLoop();
        timer.sequence = timerSequence++;
        timers.add(timer);
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
    return timer;
  }

  @Override
  public <T extends @Nullable Object> void io(
      Callable<T> call, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> reply) {
    Runnable task =
        () -> {
          try {
            T value = call.call();
            answered(() -> reply.accept(value, null));
          } catch (Throwable thrown) { // whatever it is, the loop decides what to do about it
            answered(() -> reply.accept(null, thrown));
          }
        };
    underWay.incrementAndGet();
    try {
      io.execute(task);
    } catch (Throwable noThread) { // OutOfMemoryError: unable to create native thread
      answered(() -> reply.accept(null, noThread));
    }
  }

  private void answered(Runnable reply) {
    underWay.decrementAndGet();
    post(reply);
  }

  @Override
  public int underWay() {
    return underWay.get();
  }

  @Override
  public Running work(RunId run, Runnable pass, Runnable ended) {
    var work = new Work(pass, ended);
    workers.execute(work);
    return work;
  }

  @Override
  public boolean await(Future<?> done, Duration timeout) throws InterruptedException {
    try {
      done.get(Math.max(0, nanosOf(timeout)), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException notYet) {
      return false;
    } catch (ExecutionException | CancellationException ended) {
      return true;
    }
  }

  @Override
  public Cancellable onExit(Runnable action) {
    var hook = new Thread(action, "belfry-" + name + "-exit");
    Runtime.getRuntime().addShutdownHook(hook);
    return () -> {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException exiting) {
        // the hook is what calls this, or about to
      }
    };
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
    io.shutdown();
    workers.shutdown();
  }

  /** Called under the lock. */
  private void startLoop() {
    if (!started) {
      started = true;
      var thread = new Thread(this::loop, "belfry-" + name);
      thread.setDaemon(false); // else it would be what the caller's thread happens to be
      thread.start();
    }
  }

  private void loop() {
    List<Runnable> batch = new ArrayList<>();
    while (nextBatch(batch)) {
      for (Runnable event : batch) {
        try {
          event.run();
        } catch (Throwable bug) { // the loop outlives everything, also an OutOfMemoryError
          complain(bug);
        }
      }
      batch.clear();
    }
  }

  private static void complain(Throwable bug) {
    try {
      log.error("an event of the control loop failed; the loop goes on", bug);
    } catch (Throwable ignored) {
      // a logger that fails must not end the loop either, and there is nobody else to tell
    }
  }

  /** Waits for something to do; false once the host is closed. */
  private boolean nextBatch(List<Runnable> batch) {
    lock.lock();
    try {
      while (!closed) {
        batch.addAll(events);
        events = events.size() > 10_000 ? new ArrayList<>() : emptied(events);
        long now = System.nanoTime();
        for (Timer first = timers.peek(); first != null && first.at - now <= 0; ) {
          timers.remove();
          if (first.cancelled) {
            cancelledTimers--;
          } else {
            first.passed = true;
            batch.add(first.event);
          }
          first = timers.peek();
        }
        if (!batch.isEmpty()) {
          return true;
        }
        awaitChange(now);
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  private static List<Runnable> emptied(List<Runnable> list) {
    list.clear();
    return list;
  }

  @SuppressWarnings("WaitNotInLoop") // nextBatch() loops
  private void awaitChange(long now) {
    Timer first = timers.peek();
    try {
      if (first == null) {
        changed.await();
      } else {
        changed.awaitNanos(first.at - now);
      }
    } catch (InterruptedException stray) {
      // nobody may interrupt the loop; the flag is cleared and the loop goes on
    }
  }

  /** Keeps the heap from filling with timeouts of passes that ended long before. */
  private void dropCancelled() {
    if (cancelledTimers > 1_000 && cancelledTimers > timers.size() / 2) {
      timers.removeIf(timer -> timer.cancelled);
      cancelledTimers = 0;
    }
  }

  private static long nanosOf(Duration duration) {
    try {
      return duration.toNanos();
    } catch (ArithmeticException centuries) {
      return duration.isNegative() ? Long.MIN_VALUE / 4 : Long.MAX_VALUE / 4;
    }
  }

  private ExecutorService pool(String kind, boolean daemon) {
    var number = new AtomicInteger();
    return new ThreadPoolExecutor(
        0,
        Integer.MAX_VALUE,
        30,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        task -> {
          var thread =
              new Thread(task, "belfry-" + name + "-" + kind + "-" + number.incrementAndGet());
          thread.setDaemon(daemon);
          return thread;
        });
  }

  static boolean virtualThreadsAvailable() {
    return Runtime.version().feature() >= 21;
  }

  private static ExecutorService virtualWorkers() {
    if (!virtualThreadsAvailable()) {
      throw new IllegalArgumentException(
          "virtual threads need Java 21 or later, this is Java " + Runtime.version().feature());
    }
    try { // found at run time, because the code is compiled for Java 17
      return (ExecutorService)
          Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("this JVM offers no virtual threads", e);
    }
  }

  /** A pass on its thread. The lock keeps a late interrupt from the thread's next pass. */
  private final class Work implements Runnable, Running {
    private final Runnable pass;
    private final Runnable ended;
    private @Nullable Thread thread;
    private boolean interruptOnStart;

    Work(Runnable pass, Runnable ended) {
      this.pass = pass;
      this.ended = ended;
    }

    @Override
    public void run() {
      begin();
      try {
        pass.run();
      } catch (Throwable bug) { // passes catch what handlers throw
        complain(bug);
      } finally {
        end();
        post(ended);
      }
    }

    private synchronized void begin() {
      thread = Thread.currentThread();
      if (interruptOnStart) {
        thread.interrupt();
      }
    }

    private synchronized void end() {
      thread = null;
      Thread.interrupted(); // what the handler left behind is not for the next one
    }

    @Override
    public synchronized void interrupt() {
      if (thread != null) {
        thread.interrupt();
      } else {
        interruptOnStart = true;
      }
    }

    @Override
    public synchronized String stack() {
      return thread == null
          ? ""
          : Stream.of(thread.getStackTrace())
              .map(frame -> "\tat " + frame)
              .collect(Collectors.joining("\n"));
    }
  }

  /** An event at a time. Its state is guarded by the lock. */
  private final class Timer implements Cancellable, Comparable<Timer> {
    private final long at;
    private final Runnable event;
    private long sequence;
    private boolean cancelled;
    private boolean passed;

    Timer(long at, Runnable event) {
      this.at = at;
      this.event = event;
    }

    @Override
    public void cancel() {
      lock.lock();
      try {
        if (!cancelled && !passed) {
          cancelled = true;
          cancelledTimers++;
          dropCancelled();
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public int compareTo(Timer other) {
      long difference = at - other.at; // nanoTime may wrap around
      return difference != 0 ? Long.signum(difference) : Long.compare(sequence, other.sequence);
    }
  }
}
