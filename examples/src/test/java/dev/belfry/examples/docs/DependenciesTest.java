// SPDX-License-Identifier: Apache-2.0
package dev.belfry.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.GroupHandle;
import dev.belfry.Job;
import dev.belfry.On;
import dev.belfry.ResultJob;
import dev.belfry.RunGroup;
import dev.belfry.Scheduler;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.GroupEnd;
import dev.belfry.run.Status;
import dev.belfry.store.JobStore;
import dev.belfry.testkit.VirtualTime;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The code in the page on dependencies. */
class DependenciesTest {
  record Project(String id) {}

  record Draft(String project, String text) {}

  private final List<String> done = new ArrayList<>();

  private String write(Project project) throws IOException {
    if (project.id().equals("p3")) {
      throw new IOException("no repository");
    }
    return "news of " + project.id();
  }

  @Test
  void jobs_comeAfterEachOther() {
    ResultJob<Project, String> generate =
        Job.named("generate", Project.class)
            .retry(RetryPolicy.none())
            .onFailure((ctx, end) -> done.add(end.job() + " " + end.reason()))
            .returning(String.class, (ctx, project) -> write(project));

    Job<Draft> publish =
        Job.named("publish", Draft.class)
            .after(generate, (project, text) -> new Draft(project.id(), text.orElseThrow()))
            .on(On.SUCCESS)
            .onlyIf(draft -> !draft.project().equals("p2"))
            .handler((ctx, draft) -> done.add("published " + draft.text()));

    var time = VirtualTime.from(Instant.parse("2026-03-02T08:00:00Z"), 1);
    try (Scheduler scheduler =
        Scheduler.builder()
            .store(JobStore.inMemory(time.clock()))
            .host(time.newHost())
            .register(generate, publish)
            .start()) {
      List.of("p1", "p2", "p3").forEach(id -> scheduler.enqueue(generate, new Project(id)));
      time.advance(Duration.ofMinutes(1));
    }

    assertThat(done)
        .containsExactlyInAnyOrder(
            "published news of p1", "generate java.io.IOException: no repository");
  }

  record Page(String book, int number) {}

  private void read(Page page) {
    done.add(page.book() + " " + page.number());
  }

  @Test
  void groupOfRuns_isFollowedByOne() {
    Job<Page> importPage = Job.named("import-page", Page.class).handler((ctx, page) -> read(page));
    Job<GroupEnd> publishBook =
        Job.named("publish-book", GroupEnd.class)
            .handler(
                (ctx, end) -> done.add(end.name() + ": " + end.completed() + " of " + end.total()));

    var time = VirtualTime.from(Instant.parse("2026-03-02T08:00:00Z"), 1);
    try (Scheduler scheduler =
        Scheduler.builder()
            .store(JobStore.inMemory(time.clock()))
            .host(time.newHost())
            .register(importPage, publishBook)
            .start()) {
      List<Page> pages = List.of(new Page("emma", 1), new Page("emma", 2));
      GroupHandle group =
          scheduler.enqueueGroup(
              RunGroup.named("emma").addAll(importPage, pages).then(publishBook));
      time.advance(Duration.ofMinutes(1));
      assertThat(scheduler.run(group.id()).orElseThrow().status()).isEqualTo(Status.COMPLETED);
    }

    assertThat(done).containsExactlyInAnyOrder("emma 1", "emma 2", "emma: 2 of 2");
    assertThat(done).endsWith("emma: 2 of 2");
  }
}
