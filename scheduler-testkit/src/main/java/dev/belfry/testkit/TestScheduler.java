// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit;

import static java.util.Objects.requireNonNull;

import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.ResultHandle;
import dev.belfry.ResultJob;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerBuilder;
import dev.belfry.SchedulerClient;
import dev.belfry.run.EventId;
import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import dev.belfry.run.RunQuery;
import dev.belfry.store.JobStore;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
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
 * this node starts on time nevertheless. Handlers are called with their real context. A handler
 * that catches what ends a pass fails the test: the method that moves time throws. For one thread.
 */
public final class TestScheduler implements AutoCloseable {
  private final Instant start;
  private final long seed;
  private final VirtualTime time;
  private final JobStore store;
  private final TestNodes nodes;
  private boolean inline;

  private TestScheduler(Instant start, long seed, StoreFactory stores, int doomedAt) {
    this.start = requireNonNull(start, "start");
    this.seed = seed;
    this.time = VirtualTime.from(start, seed);
    this.store = stores.open(time.clock());
    this.nodes = new TestNodes(time, store, doomedAt);
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
    return start(start, seed, new StoreFactory.InMemory());
  }

  /**
   * Begins at an instant on a store of one's own.
   *
   * @param seed decides all that is left to chance
   * @param stores opens the store, which the caller closes
   */
  public static TestScheduler start(Instant start, long seed, StoreFactory stores) {
    return new TestScheduler(start, seed, stores, TestNodes.NO_DOOM);
  }

  /** Begins at an instant, and dies at a moment. */
  static TestScheduler doomed(Instant start, StoreFactory stores, int moment) {
    return new TestScheduler(start, 0, stores, moment);
  }

  /**
   * Registers jobs. When it is called again later, that is as a restart with more jobs: the store
   * keeps what it has.
   */
  public TestScheduler register(Job<?>... newJobs) {
    nodes.register(List.of(newJobs));
    return this;
  }

  /**
   * Says more of the scheduler, such as plug-ins, listeners or the number of workers; default:
   * nothing. When it is called again later, that is as a restart.
   */
  public TestScheduler configure(UnaryOperator<SchedulerBuilder> newSettings) {
    nodes.configure(requireNonNull(newSettings, "settings"));
    return this;
  }

  /** From now on whatever is enqueued or sent here is done at once, if it is due. */
  public TestScheduler runInline() {
    inline = true;
    return this;
  }

  /**
   * From now on each pass ends after a step or transaction of it, and the next pass goes over what
   * is stored: a test that passes nevertheless shows that its handlers bear to be done again. Code
   * outside of steps is then done more often.
   */
  public TestScheduler replayAfterEachStep() {
    nodes.replayAfterEachStep();
    return this;
  }

  /**
   * Asserts that it does no harm to do a run again: does one, and then the same one from its
   * beginning in another world, with the same ids and keys, as after a crash that lost all that was
   * stored of it.
   *
   * @param snapshot returns what the handler has done to the world by now, as a copy
   * @throws AssertionError if there is something else after the second time than after the first
   */
  public static <I extends @Nullable Object> void assertIdempotent(
      Job<I> job, I input, Supplier<?> snapshot) {
    try (TestScheduler first = start(Instant.EPOCH)) {
      first.run(job, input);
    }
    Object once = snapshot.get();
    try (TestScheduler second = start(Instant.EPOCH)) {
      second.run(job, input);
    }
    Object twice = snapshot.get();
    if (!Objects.equals(once, twice)) {
      throw new AssertionError(
          "job \""
              + job.name()
              + "\" is not idempotent: after a run there is "
              + once
              + ", after the same run again "
              + twice);
    }
  }

  /** Returns the scheduler, for all that has no short way here. */
  public Scheduler scheduler() {
    return nodes.scheduler();
  }

  /**
   * Returns who enqueues and asks in this test: the scheduler, or, in a {@link CrashMatrix},
   * somebody who does not die with it.
   */
  public SchedulerClient client() {
    return nodes.client();
  }

  /**
   * Ends the node as {@code kill -9} does: what it was about is left as it is. The next call of
   * another method starts one again, which takes over what the dead one held within three hours.
   */
  public void crash() {
    nodes.crash();
  }

  /** Returns the time line, for handlers that stand still, and for nodes of one's own. */
  public VirtualTime time() {
    return time;
  }

  /** Returns the store as it is, for nodes of one's own; the scheduler goes through its faults. */
  public JobStore store() {
    return store;
  }

  /** Returns what goes wrong here; nothing by default. */
  public Faults faults() {
    return nodes.faults();
  }

  Doom doom() {
    return nodes.doom();
  }

  /** Returns the present instant. */
  public Instant now() {
    return time.now();
  }

  // What comes in

  /** Enqueues a run of a job without input. */
  public RunHandle enqueue(Job<@Nullable Void> job) {
    return done(client().enqueue(job));
  }

  /** Enqueues a run. */
  public <I extends @Nullable Object> RunHandle enqueue(Job<I> job, I input) {
    return done(client().enqueue(job, input));
  }

  /** Enqueues a run whose result is of interest. */
  public <I extends @Nullable Object, O extends @Nullable Object> ResultHandle<O> enqueue(
      ResultJob<I, O> job, I input) {
    return done(client().enqueue(job, input));
  }

  /** Sends an event. */
  public <E> EventId send(EventType<E> type, E data) {
    return done(client().send(type, data));
  }

  private <T> T done(T result) {
    nodes.wakeForClient();
    if (inline) {
      runDue();
    }
    return result;
  }

  /**
   * Does a run of a job from its beginning to its end, through all that it sleeps and waits for.
   *
   * @param job registered, if it is not yet
   * @return assertions on the run
   * @throws AssertionError if a run does not end by itself
   */
  public <I extends @Nullable Object> RunAssert run(Job<I> job, I input) {
    if (!nodes.know(job)) {
      register(job);
    }
    RunHandle handle = enqueue(job, input);
    drain();
    return assertThatRun(handle.id());
  }

  // Time

  /** Does all that is due now; time stands still. */
  public void runDue() {
    nodes.beginUnlessDead();
    time.runDue();
    nodes.refuseMistakes();
  }

  /** Moves time, and does what falls due, each at its time. */
  public void advance(Duration by) {
    if (by.isNegative()) {
      throw new IllegalArgumentException("time goes forward only, was " + by);
    }
    nodes.beginUnlessDead();
    time.advance(by);
    nodes.refuseMistakes();
  }

  /** Moves time to an instant, and does what falls due, each at its time. */
  public void advanceTo(Instant instant) {
    advance(Duration.between(now(), instant));
  }

  /**
   * Moves time to a reading of a zone's clock, and does what falls due. A reading that is shown
   * twice means the first; one that is skipped, the instant at which the clock would have shown it.
   */
  public void advanceTo(LocalDateTime reading, ZoneId zone) {
    advanceTo(reading.atZone(zone).toInstant());
  }

  /** Returns what the clocks of a zone show. */
  public LocalDateTime localTime(ZoneId zone) {
    return LocalDateTime.ofInstant(now(), zone);
  }

  /**
   * Returns when the clocks of a zone are changed next, and by how much.
   *
   * @throws IllegalArgumentException if they never are
   */
  public ZoneOffsetTransition nextClockChange(ZoneId zone) {
    ZoneOffsetTransition next = zone.getRules().nextTransition(now());
    if (next == null) {
      throw new IllegalArgumentException("the clocks of " + zone + " are not changed any more");
    }
    return next;
  }

  /**
   * Moves time to where a handler starts or goes on next, and does what is due then; time stands
   * still if that is now.
   *
   * @throws AssertionError if nothing is to start, or what is to start is paused or has no room
   */
  public void advanceToNextRun() {
    if (!moves().toNextRun()) {
      throw new AssertionError("nothing starts any more; there is:\n" + timeline());
    }
  }

  /**
   * Moves time until all runs have ended that there are, retries and sleeps included, and those
   * that come meanwhile. Ticks that are to come later count not.
   *
   * @throws AssertionError if a run does not end by itself: it is blocked or paused, or it waits
   *     for something that does not come
   */
  public void drain() {
    if (!moves().untilAllHaveEnded()) {
      throw new AssertionError("runs are left that do not end; there is:\n" + timeline());
    }
  }

  private Moves moves() {
    return new Moves(this, nodes);
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
    return new RunAssert(nodes.reader(), store, runs.get(0));
  }

  /**
   * Returns assertions on a run.
   *
   * @throws AssertionError if there is no such run
   */
  public RunAssert assertThatRun(RunId run) {
    return new RunAssert(
        nodes.reader(),
        store,
        nodes
            .reader()
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
    var runs = new ArrayList<>(nodes.reader().runs(RunQuery.ofJob(job).limit(1_000)).items());
    Collections.reverse(runs);
    return runs;
  }

  /**
   * Returns what has become of all runs, oldest first: state, passes, parts. For people; at most
   * the newest 1,000.
   */
  public String timeline() {
    return Timeline.of(nodes.reader());
  }

  /**
   * Returns all that may tell why a test has failed: the time, what has become of all runs, what is
   * to come, and how to have it again. For people.
   */
  public String report() {
    return "it is "
        + now()
        + "; there is:\n"
        + timeline()
        + "\nto come:\n"
        + NextStart.words(nodes.reader())
        + "\nagain: "
        + (nodes.isDoomed() ? "CrashMatrix.from" : "@SchedulerTest")
        + "(start = \""
        + start
        + "\", seed = "
        + seed
        + ")";
  }

  /** Ends the scheduler. The next call of another method starts one again on the same store. */
  @Override
  public void close() {
    nodes.close();
  }

  /** Ends it without a trace. */
  void abandon() {
    nodes.abandon();
  }
}
