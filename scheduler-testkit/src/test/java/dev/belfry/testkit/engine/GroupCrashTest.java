// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.Job;
import dev.belfry.RunGroup;
import dev.belfry.SchedulerClient;
import dev.belfry.run.GroupEnd;
import dev.belfry.run.Run;
import dev.belfry.run.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A node may die before and after each operation of the store: a group is followed by one run all
 * the same, which is told of each end once.
 */
class GroupCrashTest {
  private static final class Doomed {
    private final World world = new World();
    private final DoomedNode node;
    private final List<Integer> counts = new ArrayList<>();

    Doomed(int at) {
      node = new DoomedNode(world, at);
    }

    void run() {
      Job<Integer> page =
          Job.named("page", Integer.class)
              .onEnd((ctx, end) -> {})
              .handler((ctx, number) -> ctx.sleep("read", Duration.ofSeconds(number)));
      Job<GroupEnd> publish =
          Job.named("publish", GroupEnd.class).handler((ctx, end) -> counts.add(end.completed()));
      node.start(page, publish);
      SchedulerClient client = SchedulerClient.of(world.store, page, publish);
      client.enqueueGroup(RunGroup.named("book").addAll(page, List.of(1, 1, 3)).then(publish));
      client.enqueueGroup(RunGroup.named("empty").then(publish));
      world.time.advance(Duration.ofSeconds(15));
      world.start(page, publish);
      world.time.advance(Duration.ofMinutes(1));
    }
  }

  @Test
  void everyGroupIsFollowedOnce_whereverANodeDies() {
    var undisturbed = new Doomed(-1);
    undisturbed.run();
    int crashes = 0;

    for (int at = 1; at <= undisturbed.node.moments(); at++) {
      var doomed = new Doomed(at);
      doomed.run();
      assertThat(doomed.world.runsOf("page"))
          .as("runs of the group after a crash at %s", at)
          .hasSize(3)
          .extracting(Run::status)
          .containsOnly(Status.COMPLETED);
      assertThat(doomed.world.runsOf("publish"))
          .as("runs after the groups after a crash at %s", at)
          .extracting(Run::status)
          .containsExactly(Status.COMPLETED, Status.COMPLETED);
      assertThat(doomed.counts).as("counts after a crash at %s", at).contains(0, 3);
      assertThat(doomed.counts).as("counts after a crash at %s", at).containsOnly(0, 3);
      assertThat(doomed.world.store.inbox(10)).as("left after a crash at %s", at).isEmpty();
      crashes += doomed.node.isDead() ? 1 : 0;
    }

    assertThat(crashes).isGreaterThan(40);
  }
}
