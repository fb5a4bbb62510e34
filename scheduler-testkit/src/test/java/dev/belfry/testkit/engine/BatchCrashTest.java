// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.BatchItem;
import dev.belfry.Job;
import dev.belfry.SchedulerClient;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.Run;
import dev.belfry.run.Status;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A node may die before and after each operation of the store: no run of a batch is lost. */
class BatchCrashTest {
  private static final Job<String> JOB =
      Job.named("batch", String.class)
          .retry(RetryPolicy.fixed(Duration.ofSeconds(1)).withMaxAttempts(3))
          .batch(
              3,
              Duration.ofSeconds(5),
              (ctx, items) -> {
                for (BatchItem<String> item : items) {
                  if (item.input().equals("bad")) {
                    item.fail(new IllegalStateException("bad"));
                  }
                }
              });

  /** A world in which one node dies. */
  private static final class Doomed {
    private final World world = new World();
    private final DoomedNode node;

    Doomed(int at) {
      node = new DoomedNode(world, at);
    }

    void run() {
      node.start(JOB);
      SchedulerClient client = SchedulerClient.of(world.store, JOB);
      client.enqueueAll(JOB, List.of("a", "bad", "c", "d"));
      world.time.advance(Duration.ofSeconds(10));
      world.start(JOB);
      world.time.advance(Duration.ofMinutes(2));
    }
  }

  @Test
  void everyRunComesToItsOwnEnd_whereverANodeDies() {
    var undisturbed = new Doomed(-1);
    undisturbed.run();
    int crashes = 0;

    for (int at = -1; at <= undisturbed.node.moments(); at++) {
      var doomed = new Doomed(at);
      doomed.run();
      assertThat(doomed.world.runsOf("batch"))
          .as("runs after a crash at %s", at)
          .extracting(Run::status)
          .containsExactly(Status.COMPLETED, Status.FAILED, Status.COMPLETED, Status.COMPLETED);
      crashes += doomed.node.isDead() ? 1 : 0;
    }

    assertThat(crashes).isGreaterThan(20);
  }
}
