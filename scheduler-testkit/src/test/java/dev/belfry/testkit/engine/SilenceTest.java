// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.Job;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerEvent;
import dev.belfry.run.NodeId;
import dev.belfry.run.Pass;
import dev.belfry.schedule.Schedule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls to the store that never return: on a connection that leads nowhere, say. */
class SilenceTest {
  private final World world = new World();
  private final SilentHost host = new SilentHost(world.time.newHost());
  private final List<String> done = new ArrayList<>();
  private final Job<String> quick =
      Job.named("quick", String.class).handler((ctx, name) -> done.add(name));
  private final Job<Void> pulse =
      Job.named("pulse")
          .schedule(Schedule.every(Duration.ofMinutes(1)))
          .handler(ctx -> done.add("tick"));

  private Scheduler start(Job<?>... jobs) {
    Scheduler scheduler =
        Scheduler.builder()
            .store(world.faults.store())
            .host(host)
            .listener(world.events::add)
            .register(jobs)
            .start();
    world.time.advance(Duration.ofSeconds(30));
    return scheduler;
  }

  private void silenceNext(String method) {
    world.faults.beforeNext(method, arguments -> host.silence());
  }

  private NodeId node() {
    return world.store.nodes().get(0).id();
  }

  @Test
  void renewalWithoutAnAnswer_isFollowedByAnotherBeforeTheLeaseEnds() {
    start(quick);
    NodeId node = node();
    silenceNext("renew");

    world.time.advance(Duration.ofHours(1));

    assertThat(host.silenced()).isEqualTo(1);
    assertThat(node()).isEqualTo(node);
    assertThat(world.events(SchedulerEvent.StoreLost.class)).isEmpty();
  }

  @Test
  void renewalThatIsAnsweredAnHourLate_changesNothing() {
    Scheduler scheduler = start(quick);
    NodeId node = node();
    silenceNext("renew");
    world.time.advance(Duration.ofHours(1));
    int renewals = world.faults.calls("renew");

    host.answer();
    world.time.advance(Duration.ofMinutes(1));

    assertThat(world.faults.calls("renew") - renewals).isBetween(19, 21);
    assertThat(node()).isEqualTo(node);
    scheduler.enqueue(quick, "a");
    world.time.advance(Duration.ofSeconds(1));
    assertThat(done).containsExactly("a");
  }

  @Test
  void storeThatNeverAnswersARenewal_costsFewThreads() {
    start(quick);
    for (int call = 0; call < 3_600; call++) {
      silenceNext("renew");
      world.time.advance(Duration.ofSeconds(1));
    }

    assertThat(host.silenced()).isBetween(5, 30);
  }

  @Test
  void exchangeWithoutAnAnswer_isGivenUpAndWhatItClaimedIsFound() {
    Scheduler scheduler = start(quick);
    silenceNext("exchange");
    RunHandle handle = scheduler.enqueue(quick, "a");
    world.time.advance(Duration.ofMinutes(1));
    assertThat(done).isEmpty();

    world.time.advance(Duration.ofMinutes(2));

    assertThat(host.silenced()).isEqualTo(1);
    assertThat(done).containsExactly("a");
    assertThat(world.history(handle.id())).containsExactly(Pass.Event.COMPLETED);
    assertThat(world.events(SchedulerEvent.StoreLost.class))
        .extracting(lost -> lost.cause().getMessage())
        .containsExactly("the store has not answered for 120 s");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dueTicks", "fire"})
  void callOfTheTickerWithoutAnAnswer_isGivenUpAndNoTickIsLost(String method) {
    start(pulse);
    silenceNext(method);

    world.time.advance(Duration.ofMinutes(10));

    assertThat(host.silenced()).isEqualTo(1);
    assertThat(world.runsOf("pulse").size()).isBetween(7, 11); // LATEST leaves out what is late
    assertThat(world.runsOf("pulse"))
        .extracting(run -> run.trigger().nominal().orElseThrow())
        .doesNotHaveDuplicates();
  }
}
