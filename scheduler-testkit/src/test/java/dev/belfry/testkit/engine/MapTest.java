// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.Job;
import dev.belfry.JobContext;
import dev.belfry.MapOptions;
import dev.belfry.MapResult;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.Counters;
import dev.belfry.run.Pass;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import dev.belfry.run.TypeRef;
import dev.belfry.store.MemoKind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Each item of a map is done by itself, and what is done is not done again. */
class MapTest {
  private final World world = new World();
  private final List<String> calls = new ArrayList<>();

  /** What a handler of these tests does. */
  private interface Handler {
    void run(JobContext ctx) throws Exception;
  }

  private RunHandle run(Handler handler) {
    return world.runOne(
        Job.named("job", String.class)
            .retry(RetryPolicy.fixed(Duration.ofSeconds(10)).withMaxAttempts(3))
            .handler((ctx, input) -> handler.run(ctx)));
  }

  private static void failFirst(JobContext ctx) throws IOException {
    if (ctx.attempt() == 1) {
      throw new IOException("the first time");
    }
  }

  private String call(String item) throws IOException {
    calls.add(item);
    if (item.startsWith("bad")) {
      throw new IOException("no " + item);
    }
    return item.toUpperCase(Locale.ROOT);
  }

  private Status status(RunHandle handle) {
    return world.run(handle.id()).status();
  }

  @Test
  void items_areDoneOnce_andHaveTheirOutcomesInEveryPass() {
    var results = new ArrayList<MapResult<String>>();
    RunHandle handle =
        run(
            ctx -> {
              results.add(ctx.map("send", List.of("a", "bad", "b"), String.class, this::call));
              failFirst(ctx);
            });

    assertThat(calls).containsExactly("a", "bad", "b");
    assertThat(results).hasSize(2);
    MapResult<String> result = results.get(1);
    assertThat(result.values()).containsExactly("A", "B");
    assertThat(result.items()).extracting(MapResult.Item::key).containsExactly("0", "1", "2");
    assertThat(result.failures())
        .singleElement()
        .satisfies(
            item -> {
              assertThat(item.key()).isEqualTo("1");
              assertThat(item.failure().orElseThrow().message()).isEqualTo("no bad");
            });
    assertThat(world.run(handle.id()).counters()).isEqualTo(new Counters(2, 1));
    assertThat(status(handle)).isEqualTo(Status.COMPLETED);
  }

  @Test
  void itemWithAKey_isFoundWhereverItStands() {
    var results = new ArrayList<List<String>>();
    run(
        ctx -> {
          List<String> items = ctx.attempt() == 1 ? List.of("a", "b") : List.of("c", "b", "a");
          results.add(
              ctx.map(
                      "send",
                      items,
                      String.class,
                      MapOptions.keyedBy(item -> item),
                      item -> call(item))
                  .values());
          failFirst(ctx);
        });

    assertThat(calls).containsExactly("a", "b", "c");
    assertThat(results).containsExactly(List.of("A", "B"), List.of("C", "B", "A"));
  }

  @Test
  void manyItemsAtOnce_areAllDone() {
    var result = new ArrayList<MapResult<Integer>>();
    run(
        ctx ->
            result.add(
                ctx.map(
                    "square",
                    IntStream.range(0, 500).boxed().toList(),
                    Integer.class,
                    MapOptions.<Integer>usual().withConcurrency(8),
                    number -> number * number)));

    assertThat(result.get(0).values())
        .isEqualTo(IntStream.range(0, 500).map(n -> n * n).boxed().toList());
  }

  @Test
  void itemWithARetryPolicy_isTriedAgainLater_andUsesNoAttempt() {
    var keys = new ArrayList<String>();
    RunHandle handle =
        run(
            ctx -> {
              MapResult<String> result =
                  ctx.map(
                      "send",
                      List.of("a", "slow", "b"),
                      TypeRef.of(String.class),
                      MapOptions.<String>usual()
                          .withRetry(RetryPolicy.fixed(Duration.ofMinutes(1)).withMaxAttempts(3)),
                      (item, step) -> {
                        keys.add(item + " " + step.key());
                        if (item.equals("slow") && step.attempt() < 3) {
                          assertThat(step.lastFailure().isPresent()).isEqualTo(step.attempt() > 1);
                          throw new IOException("busy");
                        }
                        return call(item);
                      });
              assertThat(result.values()).containsExactly("A", "SLOW", "B");
            });

    assertThat(calls).containsExactly("a", "b", "slow");
    assertThat(keys).hasSize(5);
    assertThat(keys.stream().distinct()).hasSize(3);
    assertThat(world.history(handle.id()))
        .containsExactly(Pass.Event.SUSPENDED, Pass.Event.SUSPENDED, Pass.Event.COMPLETED);
  }

  @Test
  void oneFailureTooMany_endsTheMapAndTheRun() {
    RunHandle handle =
        run(
            ctx ->
                ctx.map(
                    "send",
                    List.of("a", "bad 1", "bad 2", "b"),
                    String.class,
                    MapOptions.<String>usual().withToleratedFailures(1),
                    item -> call(item)));

    assertThat(calls).containsExactly("a", "bad 1", "bad 2");
    assertThat(world.state(handle.id()))
        .isInstanceOfSatisfying(
            RunState.Failed.class,
            failed ->
                assertThat(failed.failure().message())
                    .isEqualTo(
                        "step \"send\" has failed: too many failed items: 2 of 4 items failed, 1"
                            + " are tolerated; the first is \"1\": java.io.IOException: no bad"
                            + " 1"));
    assertThat(world.run(handle.id()).counters()).isEqualTo(new Counters(1, 2));
  }

  @Test
  void nodeThatDiesInTheMidst_leavesTheItemsThatItHasDone() {
    var host = world.time.newHost();
    Job<String> job =
        Job.named("job", String.class)
            .handler(
                (ctx, in) ->
                    ctx.map(
                        "send",
                        List.of("a", "b", "c"),
                        String.class,
                        item -> {
                          String done = call(item);
                          if (item.equals("b") && ctx.attempt() == 1) {
                            world.time.pause();
                          }
                          return done;
                        }));
    RunHandle handle = world.builder(host, job).start().enqueue(job, "in");
    world.time.runDue();
    host.kill();

    try (Scheduler second = world.start(job)) {
      world.time.advance(Duration.ofMinutes(1));
      assertThat(second.run(handle.id())).isPresent();
    }

    assertThat(calls).containsExactly("a", "b", "b", "c");
    assertThat(status(handle)).isEqualTo(Status.COMPLETED);
  }

  @Test
  void runThatIsCancelledInTheMidst_beginsNoFurtherItem() {
    Job<String> job =
        Job.named("job", String.class)
            .handler(
                (ctx, in) ->
                    ctx.map(
                        "send",
                        List.of("a", "b", "c"),
                        String.class,
                        item -> {
                          call(item);
                          world.time.pause();
                          return item;
                        }));
    try (Scheduler scheduler = world.start(job)) {
      RunHandle handle = scheduler.enqueue(job, "in");
      world.time.runDue();
      scheduler.cancel(handle.id(), "enough");
      world.time.advance(Duration.ofSeconds(1));

      assertThat(calls).containsExactly("a");
      assertThat(status(handle)).isEqualTo(Status.CANCELLED);
    }
  }

  @Test
  void itemsAreNoSteps_butTheMapIsOne() {
    RunHandle handle =
        run(
            ctx ->
                ctx.map(
                    "count", IntStream.range(0, 3_000).boxed().toList(), Integer.class, i -> i));

    assertThat(status(handle)).isEqualTo(Status.COMPLETED);
    assertThat(world.store.memos(List.of(handle.id())).get(handle.id()))
        .hasSize(3_001)
        .filteredOn(memo -> memo.kind() == MemoKind.STEP)
        .hasSize(1);
  }

  @Test
  void whatIsNoMap_isRefused() {
    RunHandle handle =
        run(
            ctx -> {
              assertThatThrownBy(
                      () ->
                          ctx.map(
                              "send",
                              List.of("a", "a"),
                              String.class,
                              MapOptions.keyedBy(item -> item),
                              item -> call(item)))
                  .isInstanceOf(IllegalArgumentException.class)
                  .hasMessage(
                      "two items of step \"send\" have the key \"a\"; each must have its own");
              assertThatThrownBy(
                      () ->
                          ctx.map(
                              "many",
                              IntStream.range(0, 100_001).boxed().toList(),
                              Integer.class,
                              i -> i))
                  .isInstanceOf(IllegalArgumentException.class)
                  .hasMessage(
                      "map \"many\" has 100001 items, the limit is 100000; split the work into runs"
                          + " of their own by ctx.invoke and ctx.enqueue");
              ctx.map(
                  "nested",
                  List.of("a"),
                  String.class,
                  item -> {
                    assertThatThrownBy(() -> ctx.step("inner", () -> {}))
                        .hasMessage(
                            "step \"inner\" was begun inside of step \"nested\"; they can't be"
                                + " nested");
                    return item;
                  });
            });

    assertThat(calls).isEmpty();
    assertThat(status(handle)).isEqualTo(Status.COMPLETED);
  }

  @Test
  void idOfAStep_isNoMaps() {
    RunHandle handle =
        run(
            ctx -> {
              if (ctx.attempt() == 1) {
                ctx.map("send", List.of("a"), String.class, this::call);
              }
              failFirst(ctx);
              ctx.step("send", String.class, () -> "b");
            });

    assertThat(world.state(handle.id()))
        .isInstanceOfSatisfying(
            RunState.Failed.class,
            failed ->
                assertThat(failed.failure().message())
                    .isEqualTo(
                        "step \"send\" returned map to String when run "
                            + handle.id()
                            + " came by before, and returns String now; what has changed needs"
                            + " another id"));
  }
}
