// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.Job;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerEvent;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.Failure;
import dev.belfry.run.Pass;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import dev.belfry.store.Demand;
import dev.belfry.store.Lane;
import dev.belfry.store.NodeInfo;
import dev.belfry.testkit.VirtualTime.VirtualHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Leases, dead nodes, and a store that does not answer. */
class NodesTest {
  private final World world = new World();
  private final List<String> done = new ArrayList<>();
  private final Job<String> quick =
      Job.named("quick", String.class).handler((ctx, name) -> done.add(name));
  private final Job<String> slow =
      Job.named("slow", String.class)
          .handler(
              (ctx, name) -> {
                world.time.pause();
                done.add(name + ", attempt " + ctx.attempt());
              });

  /** Has a node claim a run while it is alone, and kills it. */
  private RunHandle runOfAKilledNode(Job<String> job) {
    VirtualHost doomed = world.time.newHost();
    RunHandle handle = world.builder(doomed, job).start().enqueue(job, "a");
    world.time.runDue();
    assertThat(world.run(handle.id()).status()).isEqualTo(Status.RUNNING);
    doomed.kill();
    return handle;
  }

  @Test
  void runOfAKilledNode_isTakenOverWithinTwelveSeconds() {
    VirtualHost idle = world.time.newHost();
    world.builder(idle, quick).start(); // alive for a full lease before the other one dies
    world.time.advance(Duration.ofSeconds(30));
    RunHandle handle = runOfAKilledNode(slow);
    Scheduler rescuer = world.builder(world.time.newHost(), slow).start();

    world.time.advance(Duration.ofSeconds(12));

    assertThat(world.history(handle.id())).containsExactly(Pass.Event.LOST);
    assertThat(world.state(handle.id()))
        .isInstanceOfSatisfying(
            RunState.Running.class, running -> assertThat(running.attempt()).isEqualTo(2));
    world.time.resumeAll();
    world.time.runDue();
    assertThat(done).contains("a, attempt 2");
    assertThat(world.history(handle.id())).containsExactly(Pass.Event.LOST, Pass.Event.COMPLETED);
    assertThat(rescuer.run(handle.id())).isPresent();
  }

  @Test
  void runThatKillsItsNodes_endsFailedWhenItsAttemptsAreUsedUp() {
    Job<String> poison =
        Job.named("poison", String.class)
            .retry(RetryPolicy.defaults().withMaxAttempts(2))
            .handler((ctx, name) -> world.time.pause());
    RunHandle handle = runOfAKilledNode(poison);
    VirtualHost second = world.time.newHost();
    world.builder(second, poison).start();
    world.time.advance(Duration.ofSeconds(30));
    assertThat(world.run(handle.id()).status()).isEqualTo(Status.RUNNING);
    second.kill();
    world.builder(world.time.newHost(), poison).start();
    world.time.advance(Duration.ofSeconds(30));

    assertThat(world.history(handle.id()))
        .containsExactly(Pass.Event.LOST, Pass.Event.LOST, Pass.Event.FAILED);
    assertThat(world.state(handle.id()))
        .isInstanceOfSatisfying(
            RunState.Failed.class,
            failed ->
                assertThat(failed.failure())
                    .isEqualTo(
                        Failure.of(
                            "node lost", "the node that held attempt 2 died or lost its lease")));
  }

  @Test
  void outageLongerThanTheLease_losesNothingAndRunsNothingTwice() {
    Scheduler one = world.start(slow, quick);
    Scheduler two = world.start(slow, quick);
    world.time.advance(Duration.ofSeconds(30));
    List<RunHandle> running = one.enqueueAll(slow, List.of("a", "b", "c", "d"));
    List<RunHandle> waiting = new ArrayList<>();
    world.time.advance(Duration.ofSeconds(1));
    world.faults.goDown();
    world.time.advance(Duration.ofSeconds(10));
    world.time.resumeAll(); // handlers end while nothing can be written
    world.time.advance(Duration.ofSeconds(10));
    world.faults.comeBack();
    waiting.add(two.enqueue(quick, "after"));
    world.time.advance(Duration.ofSeconds(15));

    assertThat(running)
        .allSatisfy(
            run -> assertThat(world.history(run.id())).containsExactly(Pass.Event.COMPLETED));
    assertThat(world.run(waiting.get(0).id()).status()).isEqualTo(Status.COMPLETED);
    assertThat(done)
        .containsExactlyInAnyOrder(
            "a, attempt 1", "b, attempt 1", "c, attempt 1", "d, attempt 1", "after");
    assertThat(world.events(SchedulerEvent.StoreLost.class)).hasSize(2);
    assertThat(world.events(SchedulerEvent.StoreBack.class)).hasSize(2);
    assertThat(world.events(SchedulerEvent.NodeRejoined.class)).isEmpty();
  }

  @Test
  void nodeDeclaredDead_dropsWhatItHeldTellsItsHandlersAndJoinsAnew() {
    var told = new ArrayList<Boolean>();
    Job<String> work =
        Job.named("slow", String.class)
            .handler(
                (ctx, name) -> {
                  try {
                    world.time.pause();
                  } finally {
                    told.add(ctx.cancelled());
                  }
                });
    Scheduler one = world.start(work);
    RunHandle handle = one.enqueue(work, "a");
    world.time.advance(Duration.ofSeconds(1));
    world.faults.goDown(); // for this node only: its rival talks to the store itself
    Scheduler rival =
        Scheduler.builder().store(world.store).host(world.time.newHost()).register(work).start();
    world.time.advance(Duration.ofSeconds(25));
    assertThat(world.history(handle.id())).containsExactly(Pass.Event.LOST);

    world.faults.comeBack();
    world.time.advance(Duration.ofSeconds(10));

    assertThat(told).containsExactly(true);
    assertThat(world.events(SchedulerEvent.NodeRejoined.class))
        .containsExactly(new SchedulerEvent.NodeRejoined(1));
    assertThat(world.store.nodes()).hasSize(2);
    world.time.resumeAll();
    world.time.runDue();
    assertThat(world.history(handle.id())).containsExactly(Pass.Event.LOST, Pass.Event.COMPLETED);
    assertThat(rival.run(handle.id())).isPresent();
  }

  @Test
  void deadNodesLateClaim_getsNothing() {
    world.start(quick);
    VirtualHost doomed = world.time.newHost();
    world.builder(doomed, slow).start();
    NodeInfo dead = world.store.nodes().get(1);
    doomed.kill();
    world.time.advance(Duration.ofSeconds(30));
    assertThat(world.store.nodes()).hasSize(1);

    // A store may commit a claim of a node that was marked dead while the claim was under way; this
    // one refuses, which is better still.
    int lane =
        world.store.catalog().lanes().stream()
            .filter(l -> l.job().equals("slow"))
            .map(Lane::id)
            .findFirst()
            .orElseThrow();
    var late =
        world.store.exchange(
            dead.id(), List.of(), List.of(new Demand(List.of(new Demand.Quota(lane, 5)), 5)));

    assertThat(late.claimed()).isEmpty();
  }

  @Test
  void idleNode_asksTheStoreLessThanOnceASecond() {
    world.start(quick);
    world.time.advance(Duration.ofMinutes(1));
    int before = calls();
    world.time.advance(Duration.ofMinutes(10));

    assertThat(calls() - before).isLessThan(10 * 60);
  }

  private int calls() {
    return List.of("exchange", "renew", "reap", "heldBy", "dueTicks", "catalog", "inbox").stream()
        .mapToInt(world.faults::calls)
        .sum();
  }

  @Test
  void callThatFailsForAMinuteWhileOthersSucceed_isOneOutage() {
    world.start(quick);
    world.time.advance(Duration.ofSeconds(10));
    world.faults.refuse("exchange", any -> true);
    world.time.advance(Duration.ofMinutes(1));
    assertThat(world.events(SchedulerEvent.StoreLost.class)).hasSize(1);
    assertThat(world.events(SchedulerEvent.StoreBack.class)).isEmpty();

    world.faults.mend();
    world.time.advance(Duration.ofSeconds(10));

    assertThat(world.events(SchedulerEvent.StoreLost.class)).hasSize(1);
    assertThat(world.events(SchedulerEvent.StoreBack.class))
        .singleElement()
        .satisfies(
            back ->
                assertThat(back.after()).isBetween(Duration.ofSeconds(58), Duration.ofSeconds(70)));
  }
}
