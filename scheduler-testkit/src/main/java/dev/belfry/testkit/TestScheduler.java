// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit;

import static java.util.Objects.requireNonNull;

import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.ResultHandle;
import dev.belfry.ResultJob;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerEvent;
import dev.belfry.run.EventId;
import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import dev.belfry.run.RunQuery;
import dev.belfry.run.Status;
import dev.belfry.store.JobStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A scheduler for tests: the engine of production on a time that moves only when told, and a store
 * in memory. Nothing happens but in {@link #runDue}, {@link #advance} and the like, which return
 * when all that is due has been done.
 *
 * <pre>{@code
 * try (TestScheduler t = TestScheduler.start(Instant.parse("2026-03-29T00:59:00Z"))) {
 *   t.register(billing);
 *   t.send(ORDER_PLACED, order);
 *   t.runDue();
 *   t.advance(ofMinutes(5));
 *   t.assertThatRun("billing").completed().step("charge").attempts(3);
 * }
 * }</pre>
 *
 * <p>It polls and renews its lease once an hour, so that a year passes in moments; what is due on
 * this node starts on time nevertheless. For one thread.
 */
public final class TestScheduler implements AutoCloseable {
  private static final Duration RARELY = Duration.ofHours(1);
  private static final int MOST_MOVES = 10_000;

  private final VirtualTime time;
  private final JobStore store;
  private final List<Job<?>> jobs = new ArrayList<>();
  private @Nullable Scheduler scheduler; // null: not started since jobs were registered
  private long passes;

  private TestScheduler(Instant start, long seed) {
    this.time = VirtualTime.from(start, seed);
    this.store = JobStore.inMemory(time.clock());
  }

  /** Begins at an instant. */
  public static TestScheduler start(Instant start) {
    return start(start, 0);
  }

  /**
   * Begins at an instant.
   *
   * @param seed decides all that is left to chance; default: 0
   */
  public static TestScheduler start(Instant start, long seed) {
    return new TestScheduler(requireNonNull(start, "start"), seed);
  }

  /**
   * Registers jobs. When it is called again later, that is as a restart with more jobs: the store
   * keeps what it has.
   */
  public TestScheduler register(Job<?>... newJobs) {
    close();
    jobs.addAll(List.of(newJobs));
    return this;
  }

  /** Returns the scheduler, for all that has no short way here. */
  public Scheduler scheduler() {
    Scheduler started = scheduler;
    if (started == null) {
      started =
          Scheduler.builder()
              .store(store)
              .host(time.newHost())
              .lease(RARELY)
              .pollInterval(RARELY)
              .listener(this::hear)
              .register(jobs.toArray(Job<?>[]::new))
              .start();
      scheduler = started;
    }
    return started;
  }

  private void hear(SchedulerEvent event) {
    if (event instanceof SchedulerEvent.RunStarted) {
      passes++;
    }
  }

  /** Returns the time line, for handlers that stand still, and for nodes of one's own. */
  public VirtualTime time() {
    return time;
  }

  /** Returns the present instant. */
  public Instant now() {
    return time.now();
  }

  // What comes in

  /** Enqueues a run of a job without input. */
  public RunHandle enqueue(Job<@Nullable Void> job) {
    return scheduler().enqueue(job);
  }

  /** Enqueues a run. */
  public <I extends @Nullable Object> RunHandle enqueue(Job<I> job, I input) {
    return scheduler().enqueue(job, input);
  }

  /** Enqueues a run whose result is of interest. */
  public <I extends @Nullable Object, O extends @Nullable Object> ResultHandle<O> enqueue(
      ResultJob<I, O> job, I input) {
    return scheduler().enqueue(job, input);
  }

  /** Sends an event. */
  public <E> EventId send(EventType<E> type, E data) {
    return scheduler().send(type, data);
  }

  // Time

  /** Does all that is due now; time stands still. */
  public void runDue() {
    scheduler();
    time.runDue();
  }

  /** Moves time, and does what falls due, each at its time. */
  public void advance(Duration by) {
    if (by.isNegative()) {
      throw new IllegalArgumentException("time goes forward only, was " + by);
    }
    scheduler();
    time.advance(by);
  }

  /** Moves time to an instant, and does what falls due, each at its time. */
  public void advanceTo(Instant instant) {
    advance(Duration.between(now(), instant));
  }

  /**
   * Moves time to where a handler starts or goes on next, and does what is due then; time stands
   * still if that is now.
   *
   * @throws AssertionError if nothing is to start, or what is to start is paused or has no room
   */
  public void advanceToNextRun() {
    if (!movesToNextRun()) {
      throw new AssertionError("nothing starts any more; there is:\n" + timeline());
    }
  }

  private boolean movesToNextRun() {
    long before = passes;
    runDue();
    for (int moves = 0; passes == before && moves < MOST_MOVES; moves++) {
      Optional<Instant> next = NextStart.after(now(), scheduler());
      if (next.isEmpty()) {
        boolean late = !pending().isEmpty() && time.advanceUntil(() -> passes > before, RARELY);
        time.runDue();
        return late; // what is due now starts at the next poll, or is paused or has no room
      }
      time.advanceUntil(() -> passes > before, Duration.between(now(), next.get()));
    }
    time.runDue();
    return passes > before;
  }

  /**
   * Moves time until all runs have ended that there are, retries and sleeps included, and those
   * that come meanwhile. Ticks that are to come later count not.
   *
   * @throws AssertionError if a run does not end by itself: it is blocked or paused, or it waits
   *     for something that does not come
   */
  public void drain() {
    runDue();
    for (int moves = 0; !pending().isEmpty(); moves++) {
      if (moves == MOST_MOVES || !movesToNextRun()) {
        throw new AssertionError("runs are left that do not end; there is:\n" + timeline());
      }
    }
  }

  private List<Run> pending() {
    return scheduler()
        .runs(
            RunQuery.all()
                .in(Status.SCHEDULED, Status.WAITING, Status.BLOCKED, Status.RUNNING)
                .limit(1))
        .items();
  }

  // What there is

  /**
   * Returns assertions on the only run of a job.
   *
   * @throws AssertionError if there is none, or there are several; the message lists what there is
   */
  public RunAssert assertThatRun(String job) {
    List<Run> runs = runsOf(job);
    if (runs.size() != 1) {
      throw new AssertionError(
          "job \"" + job + "\" has " + runs.size() + " runs, expected 1; there is:\n" + timeline());
    }
    return new RunAssert(scheduler(), runs.get(0));
  }

  /**
   * Returns assertions on a run.
   *
   * @throws AssertionError if there is no such run
   */
  public RunAssert assertThatRun(RunId run) {
    return new RunAssert(
        scheduler(),
        scheduler()
            .run(run)
            .orElseThrow(
                () -> new AssertionError("there is no run " + run + "; there is:\n" + timeline())));
  }

  /**
   * Returns assertions on the runs of a job that have not ended.
   *
   * @throws AssertionError if there is none; the message lists what there is
   */
  public EnqueuedAssert enqueued(String job) {
    return new EnqueuedAssert(job, store, this::timeline);
  }

  /** Returns the runs of a job, oldest first; at most the newest 1,000. */
  public List<Run> runsOf(String job) {
    var runs = new ArrayList<>(scheduler().runs(RunQuery.ofJob(job).limit(1_000)).items());
    Collections.reverse(runs);
    return runs;
  }

  /**
   * Returns what has become of all runs, oldest first: state, passes, parts. For people; at most
   * the newest 1,000.
   */
  public String timeline() {
    return Timeline.of(scheduler());
  }

  /** Ends the scheduler. The next call of another method starts one again on the same store. */
  @Override
  public void close() {
    Scheduler started = scheduler;
    scheduler = null;
    if (started != null) {
      started.close();
    }
  }
}
