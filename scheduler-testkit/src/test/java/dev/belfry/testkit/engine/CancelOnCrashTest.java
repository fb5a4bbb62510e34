// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.run.Run;
import dev.belfry.run.Status;
import dev.belfry.testkit.CrashMatrix;
import dev.belfry.testkit.TestScheduler;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A node may die before and after each operation of the store: an event cancels the runs of its key
 * all the same, and no others.
 */
class CancelOnCrashTest {
  private static final EventType<String> GONE =
      EventType.of("user/gone", String.class).keyedBy(user -> user);
  private static final Job<String> GREET =
      Job.named("greet", String.class)
          .cancelOn(GONE, user -> user)
          .handler((ctx, user) -> ctx.sleep("nap", Duration.ofHours(user.equals("bob") ? 1 : 10)));

  private static void greet(TestScheduler t) {
    t.register(GREET).client().enqueueAll(GREET, List.of("ann", "bob", "ann"));
    t.advance(Duration.ofMinutes(5));
    t.send(GONE, "ann");

    t.advance(Duration.ofHours(20));

    assertThat(t.runsOf("greet"))
        .extracting(Run::status)
        .containsExactly(Status.CANCELLED, Status.COMPLETED, Status.CANCELLED);
  }

  @Test
  void eventCancelsTheRunsOfItsKey_whereverANodeDies() {
    assertThat(CrashMatrix.of(CancelOnCrashTest::greet).run()).isGreaterThan(30);
  }
}
