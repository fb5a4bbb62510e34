// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.Job;
import dev.belfry.On;
import dev.belfry.SchedulerClient;
import dev.belfry.run.Run;
import dev.belfry.run.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * A node may die before and after each operation of the store: what comes after a run starts once,
 * here and on a node that knows no other job.
 */
class DependencyCrashTest {
  private static final Job<String> PARENT =
      Job.named("parent", String.class).onEnd((ctx, end) -> {}).handler((ctx, in) -> {});
  private static final Job<String> HERE =
      Job.named("here", String.class).after(PARENT).on(On.SUCCESS).handler((ctx, in) -> {});
  private static final Job<String> ELSEWHERE =
      Job.named("elsewhere", String.class).after(PARENT).on(On.ALWAYS).handler((ctx, in) -> {});

  /** A world in which one node dies. */
  private static final class Doomed {
    private final World world = new World();
    private final DoomedNode node;

    Doomed(int at) {
      node = new DoomedNode(world, at);
    }

    void run() {
      world.start(ELSEWHERE);
      node.start(PARENT, HERE);
      SchedulerClient.of(world.store, PARENT).enqueue(PARENT, "in");
      world.time.advance(Duration.ofSeconds(10));
      world.start(PARENT, HERE);
      world.time.advance(Duration.ofMinutes(1));
    }
  }

  @Test
  void everyDependantStartsOnce_whereverANodeDies() {
    var undisturbed = new Doomed(-1);
    undisturbed.run();
    int crashes = 0;

    for (int at = -1; at <= undisturbed.node.moments(); at++) {
      var doomed = new Doomed(at);
      doomed.run();
      for (String job : new String[] {"parent", "here", "elsewhere", "parent/onEnd"}) {
        assertThat(doomed.world.runsOf(job))
            .as("runs of %s after a crash at %s", job, at)
            .extracting(Run::status)
            .containsExactly(Status.COMPLETED);
      }
      assertThat(doomed.world.store.inbox(10)).as("left after a crash at %s", at).isEmpty();
      crashes += doomed.node.isDead() ? 1 : 0;
    }

    assertThat(crashes).isGreaterThan(40);
  }
}
