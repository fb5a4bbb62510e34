// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.EnqueueOptions;
import dev.belfry.Job;
import dev.belfry.Plugin;
import dev.belfry.SchedulerEvent;
import dev.belfry.SchedulerListener;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.Run;
import dev.belfry.run.Status;
import dev.belfry.run.Trigger;
import dev.belfry.run.Unique;
import dev.belfry.testkit.CrashMatrix;
import dev.belfry.testkit.TestScheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Many runs that a handler starts at once are started once each, wherever a node dies. */
class EnqueueAllTest {
  private static final Job<Integer> PAGE =
      Job.named("page", Integer.class).handler((ctx, number) -> {});

  private static void printBook(TestScheduler t) {
    Job<String> book =
        Job.named("book", String.class)
            .retry(RetryPolicy.fixed(Duration.ofSeconds(1)))
            .handler(
                (ctx, name) -> {
                  Map<String, Integer> pages = new TreeMap<>(Map.of("a", 1, "b", 2, "c", 3));
                  ctx.enqueueAll(
                      "pages", PAGE, pages, page -> EnqueueOptions.now().withTags("page=" + page));
                });
    t.register(PAGE, book);
    Run parent = t.client().run(t.enqueue(book, "novel").id()).orElseThrow();

    t.advance(Duration.ofHours(6));

    assertThat(t.runsOf("page"))
        .hasSize(3)
        .allMatch(run -> run.status() == Status.COMPLETED)
        .allMatch(run -> run.trigger().equals(Trigger.parent(parent.id())));
    assertThat(t.runsOf("page").stream().flatMap(run -> run.tags().stream()))
        .containsExactlyInAnyOrder("page=1", "page=2", "page=3");
  }

  @Test
  void eachIsStartedOnce_whereverANodeDies() {
    assertThat(CrashMatrix.of(EnqueueAllTest::printBook).run()).isGreaterThan(10);
  }

  @Test
  void uniqueKeys_areRefused() {
    Job<String> book =
        Job.named("book", String.class)
            .retry(RetryPolicy.none())
            .handler(
                (ctx, name) ->
                    ctx.enqueueAll(
                        "pages",
                        PAGE,
                        Map.of("a", 1),
                        page -> EnqueueOptions.now().withUnique(Unique.whileActive("k"))));
    try (TestScheduler t = TestScheduler.start(Instant.EPOCH)) {
      t.register(PAGE, book);
      t.enqueue(book, "novel");
      t.drain();

      Run run = t.runsOf("book").get(0);
      assertThat(t.client().passes(run.id()).get(0).failure().orElseThrow().message())
          .isEqualTo("runs that are started together have no unique key, had \"k\"; use enqueue");
      assertThat(t.runsOf("page")).isEmpty();
    }
  }

  @Test
  void listenersOfPlugins_hearWhatHappens() {
    var heard = new ArrayList<String>();
    SchedulerListener listener =
        event -> {
          if (event instanceof SchedulerEvent.RunEnded ended) {
            heard.add(ended.job());
          }
        };
    try (TestScheduler t = TestScheduler.start(Instant.EPOCH)) {
      t.configure(
          builder ->
              builder.with(
                  new Plugin() {
                    @Override
                    public List<SchedulerListener> listeners() {
                      return List.of(listener);
                    }
                  }));
      t.register(PAGE);
      t.enqueue(PAGE, 1);
      t.drain();

      assertThat(heard).containsExactly("page");
    }
  }
}
