// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.Job;
import dev.belfry.Plugin;
import dev.belfry.PluginContext;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerClient;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.Pass;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a scheduler ends, and what its plug-ins see of that. */
class ClosingTest {
  private final World world = new World();
  private final List<String> done = new ArrayList<>();
  private final Job<String> slow =
      Job.named("slow", String.class)
          .handler(
              (ctx, name) -> {
                world.time.pause();
                done.add(name);
              });

  @Test
  void close_ofAnIdleScheduler_returnsAtOnceAndLeaves() {
    Scheduler scheduler = world.start(slow);
    scheduler.close();
    scheduler.close();

    assertThat(world.elapsed()).isZero();
    assertThat(world.store.nodes()).isEmpty();
  }

  @Test
  void close_letsHandlersEndWithinTheGracePeriod() {
    Job<String> work =
        Job.named("slow", String.class)
            .handler(
                (ctx, name) -> {
                  world.time.pause();
                  done.add(name);
                });
    Scheduler scheduler = world.start(work);
    RunHandle handle = scheduler.enqueue(work, "a");
    world.time.runDue();
    world.time.newHost().after(Duration.ofSeconds(20), world.time::resumeAll);
    scheduler.close();

    assertThat(world.elapsed()).isEqualTo(Duration.ofSeconds(20));
    assertThat(world.run(handle.id()).status()).isEqualTo(Status.COMPLETED);
    assertThat(world.store.nodes()).isEmpty();
  }

  @Test
  void close_interruptsHandlersAfterTheGracePeriodAndTheAttemptIsNotCounted() {
    Scheduler scheduler = world.start(slow);
    RunHandle handle = scheduler.enqueue(slow, "a");
    world.time.runDue();
    scheduler.close();

    assertThat(world.elapsed()).isEqualTo(Duration.ofSeconds(30));
    assertThat(world.history(handle.id())).containsExactly(Pass.Event.HANDED_BACK);
    assertThat(world.state(handle.id())).isEqualTo(RunState.Scheduled.first(World.START));
    assertThat(world.store.nodes()).isEmpty();
  }

  @Test
  void attemptsCutShort_countAfterTenTimes() {
    RunHandle handle = SchedulerClient.of(world.store, slow).enqueue(slow, "a");
    for (int i = 0; i < 11; i++) {
      Scheduler scheduler = world.start(slow);
      world.time.runDue();
      scheduler.close();
    }

    assertThat(world.history(handle.id()).subList(0, 10)).containsOnly(Pass.Event.HANDED_BACK);
    assertThat(world.history(handle.id()).get(10)).isEqualTo(Pass.Event.RETRIED);
  }

  @Test
  void close_handsBackWhatWasClaimedAheadWithoutAnAttempt() {
    Job<Integer> quick = Job.named("quick", Integer.class).handler((ctx, n) -> done.add("q" + n));
    Scheduler scheduler = world.builder(world.time.newHost(), quick, slow).workers(1).start();
    scheduler.enqueueAll(quick, List.of(1, 2, 3));
    world.time.runDue();
    scheduler.enqueue(slow, "blocks the only worker");
    world.time.runDue();
    List<RunHandle> ahead = scheduler.enqueueAll(quick, List.of(4, 5, 6));
    world.time.runDue();
    scheduler.close();

    assertThat(ahead)
        .allSatisfy(
            handle ->
                assertThat(world.run(handle.id()).state())
                    .isEqualTo(RunState.Scheduled.first(World.START)));
  }

  @Test
  void close_withAHandlerThatWillNotEnd_keepsItsLeaseUntilItDoes() {
    var stubborn =
        Job.named("stubborn", String.class)
            .handler(
                (ctx, name) -> {
                  boolean released = false;
                  while (!released) {
                    try {
                      world.time.pause();
                      released = true;
                    } catch (InterruptedException ignored) {
                      done.add("ignored an interrupt");
                    }
                  }
                });
    Scheduler scheduler = world.start(stubborn);
    RunHandle handle = scheduler.enqueue(stubborn, "a");
    world.time.runDue();
    scheduler.close();
    Scheduler other = world.start(stubborn);
    world.time.advance(Duration.ofMinutes(5));

    assertThat(done).containsExactly("ignored an interrupt");
    assertThat(world.run(handle.id()).status()).isEqualTo(Status.RUNNING);
    assertThat(world.store.nodes()).hasSize(2);

    world.time.resumeAll();
    world.time.advance(Duration.ofSeconds(5));
    assertThat(world.history(handle.id())).containsExactly(Pass.Event.COMPLETED);
    assertThat(world.store.nodes()).hasSize(1);
    other.close();
  }

  @Test
  void close_whileTheStoreIsDown_returnsAndOthersTakeOver() {
    Scheduler scheduler = world.start(slow);
    RunHandle handle = scheduler.enqueue(slow, "a");
    world.time.runDue();
    world.faults.goDown();
    world.time.resumeAll();
    scheduler.close();
    assertThat(world.elapsed()).isEqualTo(Duration.ofSeconds(35));

    world.faults.comeBack();
    world.start(slow);
    world.time.advance(Duration.ofSeconds(30));
    assertThat(world.history(handle.id())).containsExactly(Pass.Event.LOST);
  }

  @Test
  void plugin_givesJobsGetsTheClientAndIsClosedBeforeTheWorkersStop() {
    var seen = new ArrayList<String>();
    var plugin =
        new Plugin() {
          @Override
          public List<Job<?>> jobs() {
            return List.of(slow);
          }

          @Override
          public void started(PluginContext context) {
            seen.add("started");
            context.client().enqueue(slow, "from the plug-in");
          }

          @Override
          public void close() {
            seen.add("closed with " + world.store.nodes().size() + " node");
          }
        };
    Scheduler scheduler = world.builder(world.time.newHost()).with(plugin).start();
    world.time.runDue();
    world.time.resumeAll();
    world.time.runDue();
    scheduler.close();

    assertThat(done).containsExactly("from the plug-in");
    assertThat(seen).containsExactly("started", "closed with 1 node");
  }

  @Test
  void close_withAHandlerGivenUpAsStuck_leavesAtOnce() {
    var stuck =
        Job.named("stuck", String.class)
            .timeout(Duration.ofSeconds(1))
            .retry(RetryPolicy.none())
            .handler(
                (ctx, name) -> {
                  while (true) {
                    try {
                      world.time.pause();
                    } catch (InterruptedException ignored) {
                      done.add("ignored an interrupt");
                    }
                  }
                });
    Scheduler scheduler = world.start(stuck);
    RunHandle handle = scheduler.enqueue(stuck, "a");
    world.time.advance(Duration.ofSeconds(30));
    assertThat(world.run(handle.id()).status()).isEqualTo(Status.TIMED_OUT);

    scheduler.close();

    assertThat(world.elapsed()).isEqualTo(Duration.ofSeconds(30));
    assertThat(world.store.nodes()).isEmpty();
  }

  @Test
  void handlerThatEndsLongAfterItsStoreIsGone_keepsNothingGoing() {
    var lingering =
        Job.named("lingering", String.class)
            .handler(
                (ctx, name) -> {
                  try {
                    world.time.pause();
                  } catch (InterruptedException ignored) {
                    world.time.pause();
                  }
                });
    Scheduler scheduler = world.start(lingering);
    scheduler.enqueue(lingering, "a");
    world.time.advance(Duration.ofSeconds(1));
    scheduler.close();
    world.faults.goDown();
    world.time.advance(Duration.ofMinutes(1));

    world.time.resumeAll();
    world.time.advance(Duration.ofMinutes(1));
    int before = world.faults.calls("renew");
    world.time.advance(Duration.ofMinutes(10));

    assertThat(world.faults.calls("renew") - before).isZero();
  }
}
