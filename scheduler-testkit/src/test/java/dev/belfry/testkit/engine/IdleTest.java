// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.EnqueueOptions;
import dev.belfry.Job;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerClient;
import dev.belfry.run.Status;
import dev.belfry.schedule.Schedule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When nothing is due or running, and when it only seems so. */
class IdleTest {
  private final World world = new World();
  private final List<String> done = new ArrayList<>();
  private final Job<String> greet =
      Job.named("greet", String.class).handler((ctx, name) -> done.add(name));

  /** Inserts a run as another process does, of which no hint tells, in a lane not known yet. */
  private RunHandle enqueuedElsewhere() {
    return SchedulerClient.of(world.store, greet)
        .enqueue(greet, "from elsewhere", EnqueueOptions.now().withPriority(3));
  }

  @Test
  void awaitIdle_returnsWhenNothingIsDue() throws Exception {
    try (Scheduler scheduler = world.start(greet)) {
      scheduler.enqueueAll(greet, List.of("a", "b", "c"));
      scheduler.enqueue(greet, "tomorrow", EnqueueOptions.after(Duration.ofDays(1)));

      assertThat(scheduler.awaitIdle(Duration.ofMinutes(1))).isTrue();
      assertThat(done).containsExactlyInAnyOrder("a", "b", "c");
      assertThat(world.elapsed()).isLessThan(Duration.ofSeconds(3));
    }
  }

  @Test
  void awaitIdle_waitsForARunInALaneThatIsNotKnownYet() throws Exception {
    world.faults.loseHints();
    Scheduler scheduler = world.start(greet);
    world.time.advance(Duration.ofSeconds(10));
    RunHandle handle = enqueuedElsewhere();

    assertThat(scheduler.awaitIdle(Duration.ofSeconds(10))).isTrue();
    assertThat(world.run(handle.id()).status()).isEqualTo(Status.COMPLETED);
  }

  @ParameterizedTest
  @ValueSource(ints = {10_000, 10_300, 10_600, 10_900, 11_200, 11_500, 11_800, 12_100})
  void awaitIdle_waitsForAnswersThatAreSlow(int calledAt) throws Exception {
    world.faults.loseHints();
    var slow = new WatchedHost(world.time.newHost(), Duration.ofMillis(700));
    Scheduler scheduler = world.builder(world.time.newHost(), greet).host(slow).start();
    world.time.advance(Duration.ofMillis(calledAt)); // at any time between two polls
    RunHandle handle = enqueuedElsewhere();

    assertThat(scheduler.awaitIdle(Duration.ofSeconds(30))).isTrue();
    assertThat(world.run(handle.id()).status()).isEqualTo(Status.COMPLETED);
  }

  @Test
  void awaitIdle_waitsForATickThatIsDue() throws Exception {
    Job<@Nullable Void> tick =
        Job.named("tick")
            .schedule(Schedule.every(Duration.ofMinutes(1)))
            .handler(ctx -> done.add("tick"));
    world.start(tick).close();
    world.time.advance(Duration.ofMinutes(1));
    Scheduler scheduler = world.start(tick);

    assertThat(scheduler.awaitIdle(Duration.ofSeconds(10))).isTrue();
    assertThat(done).containsExactly("tick");
  }

  @Test
  void awaitIdle_whileAHandlerGoesOn_givesUpInTime() throws Exception {
    Job<String> slow = Job.named("slow", String.class).handler((ctx, in) -> world.time.pause());
    Scheduler scheduler = world.start(slow);
    scheduler.enqueue(slow, "a");

    assertThat(scheduler.awaitIdle(Duration.ofMinutes(5))).isFalse();
    assertThat(world.elapsed()).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void awaitIdle_ofAClosedScheduler_returnsAtOnce() throws Exception {
    Scheduler scheduler = world.start(greet);
    scheduler.close();

    assertThat(scheduler.awaitIdle(Duration.ofMinutes(5))).isTrue();
    assertThat(world.elapsed()).isZero();
  }
}
