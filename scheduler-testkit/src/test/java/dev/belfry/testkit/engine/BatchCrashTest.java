// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.BatchItem;
import dev.belfry.Job;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.Run;
import dev.belfry.run.Status;
import dev.belfry.testkit.CrashMatrix;
import dev.belfry.testkit.TestScheduler;
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

  private static void batch(TestScheduler t) {
    t.register(JOB).client().enqueueAll(JOB, List.of("a", "bad", "c", "d"));

    t.advance(Duration.ofHours(6));

    assertThat(t.runsOf("batch"))
        .extracting(Run::status)
        .containsExactly(Status.COMPLETED, Status.FAILED, Status.COMPLETED, Status.COMPLETED);
  }

  @Test
  void everyRunComesToItsOwnEnd_whereverANodeDies() {
    assertThat(CrashMatrix.of(BatchCrashTest::batch).run()).isGreaterThan(15);
  }
}
