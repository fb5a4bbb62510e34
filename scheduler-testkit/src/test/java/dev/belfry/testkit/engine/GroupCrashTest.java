// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.Job;
import dev.belfry.RunGroup;
import dev.belfry.run.GroupEnd;
import dev.belfry.run.Run;
import dev.belfry.run.Status;
import dev.belfry.testkit.CrashMatrix;
import dev.belfry.testkit.TestScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A node may die before and after each operation of the store: a group is followed by one run all
 * the same, which is told of each end once.
 */
class GroupCrashTest {
  private static void publish(TestScheduler t) {
    var counts = new ArrayList<Integer>();
    Job<Integer> page =
        Job.named("page", Integer.class)
            .onEnd((ctx, end) -> {})
            .handler((ctx, number) -> ctx.sleep("read", Duration.ofSeconds(number)));
    Job<GroupEnd> publish =
        Job.named("publish", GroupEnd.class).handler((ctx, end) -> counts.add(end.completed()));
    t.register(page, publish);
    t.client().enqueueGroup(RunGroup.named("book").addAll(page, List.of(1, 1, 3)).then(publish));
    t.client().enqueueGroup(RunGroup.named("empty").then(publish));

    t.advance(Duration.ofHours(6));

    assertThat(t.runsOf("page")).hasSize(3).extracting(Run::status).containsOnly(Status.COMPLETED);
    assertThat(t.runsOf("publish"))
        .extracting(Run::status)
        .containsExactly(Status.COMPLETED, Status.COMPLETED);
    assertThat(counts).contains(0, 3).containsOnly(0, 3);
  }

  @Test
  void everyGroupIsFollowedOnce_whereverANodeDies() {
    assertThat(CrashMatrix.of(GroupCrashTest::publish).run()).isGreaterThan(40);
  }
}
