// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.SchedulerClient;
import dev.belfry.run.Run;
import dev.belfry.run.Status;
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
          .handler(
              (ctx, user) -> ctx.sleep("nap", Duration.ofSeconds(user.equals("bob") ? 20 : 60)));

  private static final class Doomed {
    private final World world = new World();
    private final DoomedNode node;

    Doomed(int at) {
      node = new DoomedNode(world, at);
    }

    void run() {
      node.start(GREET);
      SchedulerClient client = SchedulerClient.of(world.store, GREET);
      client.enqueueAll(GREET, List.of("ann", "bob", "ann"));
      world.time.advance(Duration.ofSeconds(5));
      client.send(GONE, "ann");
      world.time.advance(Duration.ofSeconds(10));
      world.start(GREET);
      world.time.advance(Duration.ofMinutes(3));
    }
  }

  @Test
  void eventCancelsTheRunsOfItsKey_whereverANodeDies() {
    var undisturbed = new Doomed(-1);
    undisturbed.run();
    int crashes = 0;

    for (int at = 1; at <= undisturbed.node.moments(); at++) {
      var doomed = new Doomed(at);
      doomed.run();
      assertThat(doomed.world.runsOf("greet"))
          .as("runs after a crash at %s", at)
          .extracting(Run::status)
          .containsExactly(Status.CANCELLED, Status.COMPLETED, Status.CANCELLED);
      assertThat(doomed.world.store.inbox(10)).as("left after a crash at %s", at).isEmpty();
      crashes += doomed.node.isDead() ? 1 : 0;
    }

    assertThat(crashes).isGreaterThan(40);
  }
}
