// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.Job;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.Status;
import dev.belfry.run.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/**
 * Who gets workers when they are scarce, and that nobody asks the store again and again for them. A
 * loop that never rests would keep virtual time from going on: hence the limit in real time.
 */
@Timeout(value = 10, threadMode = ThreadMode.SEPARATE_THREAD)
class FairnessTest {
  private final World world = new World();
  private final List<String> starts = new ArrayList<>();

  private static Job.Builder<String> job(String name) {
    return Job.named(name, String.class);
  }

  /** Works until it is resumed, unless the input says otherwise. */
  private void work(String job, String input) throws InterruptedException {
    starts.add(job + " " + input);
    if (!input.equals("short")) {
      world.time.pause();
    }
  }

  @Test
  void lanesOfOnePriority_takeTurnsWhenWorkersAreScarce() {
    Job<String> busy = job("busy").handler((ctx, in) -> work("busy", in));
    Job<String> other = job("other").handler((ctx, in) -> work("other", in));
    Scheduler scheduler = world.builder(world.time.newHost(), busy, other).workers(1).start();
    scheduler.enqueueAll(busy, IntStream.range(0, 20).mapToObj(i -> "" + i).toList());
    scheduler.enqueueAll(other, List.of("0", "1"));

    for (int i = 0; i < 6; i++) {
      world.time.advance(Duration.ofSeconds(5));
      world.time.resumeAll();
    }

    assertThat(starts)
        .containsExactly("busy 0", "other 0", "busy 1", "other 1", "busy 2", "busy 3");
  }

  @Test
  void fullQueueBesideAnIdleOne_isNotAskedAgainAndAgain() {
    Job<String> full = job("full").queue("full").handler((ctx, in) -> work("full", in));
    Job<String> idle = job("idle").queue("idle").handler((ctx, in) -> work("idle", in));
    Scheduler scheduler =
        world.builder(world.time.newHost(), full, idle).queue("full", 1).queue("idle", 1).start();
    scheduler.enqueueAll(full, List.of("a", "b"));
    world.time.runDue();
    int before = world.faults.calls("exchange");

    world.time.advance(Duration.ofSeconds(20));

    assertThat(starts).containsExactly("full a");
    assertThat(world.faults.calls("exchange") - before).isLessThan(20);
  }

  @Test
  void singleAttemptsThatWaitForAWorker_areNotAskedForAgainAndAgain() {
    Job<String> once = job("once").retry(RetryPolicy.none()).handler((ctx, in) -> work("once", in));
    Scheduler scheduler = world.builder(world.time.newHost(), once).workers(1).start();
    scheduler.enqueue(once, "short"); // so quick that it is worth while to claim ahead
    world.time.advance(Duration.ofSeconds(1));
    scheduler.enqueueAll(once, List.of("a", "b"));
    world.time.runDue();
    int before = world.faults.calls("exchange");

    world.time.advance(Duration.ofSeconds(20));

    assertThat(starts).containsExactly("once short", "once a");
    assertThat(world.faults.calls("exchange") - before).isLessThan(20);
  }

  @Test
  void singleAttempts_areClaimedForFreeWorkersOnlyAcrossLanes() {
    Job<String> one = job("one").retry(RetryPolicy.none()).handler((ctx, in) -> work("one", in));
    Job<String> two = job("two").retry(RetryPolicy.none()).handler((ctx, in) -> work("two", in));
    Scheduler scheduler = world.builder(world.time.newHost(), one, two).workers(1).start();
    scheduler.enqueue(one, "short");
    world.time.advance(Duration.ofSeconds(1));
    scheduler.pause(Target.all(), "operator");
    RunHandle first = scheduler.enqueue(one, "a");
    RunHandle second = scheduler.enqueue(two, "b");
    world.time.advance(Duration.ofSeconds(3));

    scheduler.resume(Target.all(), "operator");
    world.time.runDue();

    assertThat(Stream.of(first, second).map(run -> world.run(run.id()).status()))
        .containsExactlyInAnyOrder(Status.RUNNING, Status.SCHEDULED);
  }

  @Test
  void shortRunsWithSlotsOfTheirKeys_areClaimedAhead() {
    assertThat(claimedWhileOneWorks(job("keyed").limitRuns(2, in -> in)))
        .containsExactly(Status.RUNNING, Status.RUNNING, Status.RUNNING);
  }

  @Test
  void shortRunsThatShareSlots_areClaimedForFreeWorkersOnly() {
    assertThat(claimedWhileOneWorks(job("shared").limitRuns(2)))
        .containsExactly(Status.RUNNING, Status.SCHEDULED, Status.SCHEDULED);
  }

  /** Returns what becomes of three runs, for which there is one worker, of a job of short runs. */
  private List<Status> claimedWhileOneWorks(Job.Builder<String> builder) {
    Job<String> job = builder.handler((ctx, in) -> work("limited", in));
    Scheduler scheduler = world.builder(world.time.newHost(), job).workers(1).start();
    scheduler.enqueue(job, "short");
    world.time.advance(Duration.ofSeconds(1));

    List<RunHandle> runs = scheduler.enqueueAll(job, List.of("a", "b", "c"));
    world.time.advance(Duration.ofSeconds(1));

    return runs.stream().map(run -> world.run(run.id()).status()).toList();
  }

  @Test
  void hintsForJobsOfOtherNodes_costTheStoreNothing() {
    Job<String> mine = job("mine").handler((ctx, in) -> {});
    Job<String> theirs = job("theirs").handler((ctx, in) -> starts.add(in));
    world.start(mine);
    Scheduler other =
        Scheduler.builder().store(world.store).host(world.time.newHost()).register(theirs).start();
    world.time.advance(Duration.ofSeconds(10));
    List<Integer> before = calls();

    IntStream.range(0, 100).forEach(i -> other.enqueue(theirs, "" + i));
    world.time.runDue();

    assertThat(starts).hasSize(100);
    assertThat(calls()).isEqualTo(before);
  }

  private List<Integer> calls() {
    return Stream.of("exchange", "catalog", "dueTicks", "inbox").map(world.faults::calls).toList();
  }
}
