// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import static dev.belfry.admin.operations.Stage.BLUE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.EnqueueOptions;
import dev.belfry.Job;
import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import dev.belfry.run.RunQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pages of runs for somebody who is confined to two tags, where the store looks for one. */
class ConfinedPagesTest {
  private final Job<String> red =
      Job.named("red-job", String.class).tags("red").handler((ctx, input) -> {});
  private final Job<String> blue =
      Job.named("blue-job", String.class).tags("blue").handler((ctx, input) -> {});
  private final Job<String> bare = Job.named("bare-job", String.class).handler((ctx, input) -> {});

  private final Stage stage = new Stage(red, blue, bare);

  @AfterEach
  void close() {
    stage.close();
  }

  private RunId later(Job<String> job, String... tags) {
    return stage
        .time
        .client()
        .enqueue(job, "x", EnqueueOptions.after(Duration.ofHours(10)).withTags(tags))
        .id();
  }

  @Test
  void pages_ofSeveralTags_showEachRunOnce() {
    var all = new ArrayList<RunId>();
    for (int i = 0; i < 6; i++) {
      all.add(later(blue));
      all.add(later(blue, "navy"));
      all.add(later(bare, "navy"));
      later(red);
    }
    Collections.reverse(all);

    for (int size = 1; size <= all.size() + 1; size++) {
      assertThat(paged(RunQuery.all().limit(size))).isEqualTo(all);
    }
  }

  @Test
  void filterByATag_isOneMoreCondition() {
    var wanted = new ArrayList<RunId>();
    for (int i = 0; i < 4; i++) {
      wanted.add(later(blue, "nightly"));
      later(red, "nightly");
      later(bare, "nightly");
      later(blue);
    }
    Collections.reverse(wanted);

    for (int size = 1; size <= 6; size++) {
      assertThat(paged(RunQuery.all().tagged("nightly").limit(size))).isEqualTo(wanted);
      assertThat(paged(RunQuery.all().tagged("red").limit(size))).isEmpty();
    }
    assertThat(paged(RunQuery.all().tagged("blue").limit(2))).hasSize(8);
  }

  private List<RunId> paged(RunQuery query) {
    var all = new ArrayList<RunId>();
    var page = stage.runs().list(BLUE, query);
    all.addAll(page.items().stream().map(Run::id).toList());
    while (page.more()) {
      assertThat(page.items()).hasSize(query.limit());
      page = stage.runs().list(BLUE, query.olderThan(all.get(all.size() - 1)));
      all.addAll(page.items().stream().map(Run::id).toList());
    }
    return all;
  }
}
