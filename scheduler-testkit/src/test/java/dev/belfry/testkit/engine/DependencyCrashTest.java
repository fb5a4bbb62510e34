// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.Job;
import dev.belfry.On;
import dev.belfry.Scheduler;
import dev.belfry.run.Run;
import dev.belfry.run.Status;
import dev.belfry.testkit.CrashMatrix;
import dev.belfry.testkit.TestScheduler;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A node may die before and after each operation of the store: what comes after a run starts once,
 * here and on a node that knows no other job.
 */
class DependencyCrashTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Job<String> PARENT =
      Job.named("parent", String.class).onEnd((ctx, end) -> {}).handler((ctx, in) -> {});
  private static final Job<String> HERE =
      Job.named("here", String.class).after(PARENT).on(On.SUCCESS).handler((ctx, in) -> {});
  private static final Job<String> ELSEWHERE =
      Job.named("elsewhere", String.class).after(PARENT).on(On.ALWAYS).handler((ctx, in) -> {});

  private static void depend(TestScheduler t) {
    Scheduler.builder()
        .store(t.store())
        .host(t.time().newHost())
        .lease(HOUR)
        .pollInterval(HOUR)
        .register(ELSEWHERE)
        .start();
    t.register(PARENT, HERE).enqueue(PARENT, "in");

    t.advance(Duration.ofHours(6));

    for (String job : List.of("parent", "here", "elsewhere", "parent/onEnd")) {
      assertThat(t.runsOf(job))
          .as("runs of %s", job)
          .extracting(Run::status)
          .containsExactly(Status.COMPLETED);
    }
  }

  @Test
  void everyDependantStartsOnce_whereverANodeDies() {
    assertThat(CrashMatrix.of(DependencyCrashTest::depend).run()).isGreaterThan(20);
  }
}
