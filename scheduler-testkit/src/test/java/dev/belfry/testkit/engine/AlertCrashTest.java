// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.AlertRule;
import dev.belfry.Alerts;
import dev.belfry.Job;
import dev.belfry.retry.NonRetryableException;
import dev.belfry.run.Run;
import dev.belfry.run.Status;
import dev.belfry.testkit.CrashMatrix;
import dev.belfry.testkit.TestScheduler;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * A node may die before and after each operation of the store: an alert is one run all the same,
 * and so is its end.
 */
class AlertCrashTest {
  private static final Job<String> JOB =
      Job.named("work", String.class)
          .alert(AlertRule.consecutiveFailures(2))
          .handler(
              (ctx, input) -> {
                if (input.equals("disk")) {
                  throw new NonRetryableException("no disk");
                }
              });

  private static void failAndRecover(TestScheduler t) {
    t.register(JOB).enqueue(JOB, "disk");
    t.enqueue(JOB, "disk");
    t.advance(Duration.ofHours(6));
    t.enqueue(JOB, "fine");

    t.advance(Duration.ofHours(6));

    assertThat(t.runsOf(Alerts.JOB))
        .extracting(Run::status)
        .containsExactly(Status.COMPLETED, Status.COMPLETED);
  }

  @Test
  void alertAndItsEnd_areToldOnce_whereverANodeDies() {
    assertThat(CrashMatrix.of(AlertCrashTest::failAndRecover).run()).isGreaterThan(40);
  }
}
