// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.BatchBody;
import dev.belfry.BatchItem;
import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.On;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerClient;
import dev.belfry.retry.NonRetryableException;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.Pass;
import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Runs that start together, and come to their ends each by itself. */
class BatchTest {
  record Sale(String shop, int number) {}

  private static final Duration WAIT = Duration.ofSeconds(5);
  private static final RetryPolicy THRICE =
      RetryPolicy.fixed(Duration.ofSeconds(10)).withMaxAttempts(3);

  private final World world = new World();
  private final List<List<String>> batches = new ArrayList<>();
  private final List<Instant> starts = new ArrayList<>();

  private Job.Builder<String> job() {
    return Job.named("batch", String.class).retry(THRICE);
  }

  /** Returns a body that notes its inputs, and fails those that begin with "bad". */
  private BatchBody<String> noting() {
    return (ctx, items) -> {
      note(items);
      for (BatchItem<String> item : items) {
        if (item.input().startsWith("bad")) {
          item.fail(new IllegalStateException(item.input() + ", attempt " + item.attempt()));
        }
      }
    };
  }

  private void note(List<BatchItem<String>> items) {
    starts.add(world.time.now());
    batches.add(items.stream().map(BatchItem::input).toList());
  }

  private static List<String> named(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
  }

  private List<Status> statuses(List<RunHandle> runs) {
    return runs.stream().map(run -> world.run(run.id()).status()).toList();
  }

  @Test
  void poisonItem_aloneIsRetriedAndFails_whileTheOthersCompleteOnce() {
    Job<String> job = job().batch(10, WAIT, noting());
    try (Scheduler scheduler = world.start(job)) {
      var inputs = new ArrayList<>(named("good", 9));
      inputs.add(4, "bad");
      List<RunHandle> runs = scheduler.enqueueAll(job, inputs);
      world.time.advance(Duration.ofHours(1));

      assertThat(batches).containsExactly(inputs, List.of("bad"), List.of("bad"));
      assertThat(starts)
          .containsExactly(World.START, World.START.plusSeconds(10), World.START.plusSeconds(20));
      RunId poison = runs.remove(4).id();
      assertThat(runs)
          .allSatisfy(
              run -> assertThat(world.history(run.id())).containsExactly(Pass.Event.COMPLETED));
      assertThat(world.history(poison))
          .containsExactly(Pass.Event.RETRIED, Pass.Event.RETRIED, Pass.Event.FAILED);
      assertThat(world.state(poison))
          .isInstanceOfSatisfying(
              RunState.Failed.class,
              failed -> assertThat(failed.failure().message()).isEqualTo("bad, attempt 3"));
    }
  }

  @Test
  void fullBatches_startAtOnce_andTheRestWhenItsFirstHasWaited() {
    Job<String> job = job().batch(3, WAIT, noting());
    try (Scheduler scheduler = world.start(job)) {
      scheduler.enqueueAll(job, named("a", 7));
      world.time.advance(Duration.ofSeconds(3));
      scheduler.enqueue(job, "late");
      world.time.advance(Duration.ofHours(1));

      assertThat(batches)
          .containsExactly(
              List.of("a0", "a1", "a2"), List.of("a3", "a4", "a5"), List.of("a6", "late"));
      assertThat(starts).containsExactly(World.START, World.START, World.START.plusSeconds(5));
    }
  }

  @Test
  void theRunThatFillsABatch_hasItStart_onWhateverNodeItIsEnqueued() {
    Job<String> job = job().batch(3, Duration.ofHours(1), noting());
    try (Scheduler one = world.start(job);
        Scheduler other = world.start(job)) {
      one.enqueue(job, "a");
      world.time.advance(Duration.ofMinutes(1));
      other.enqueue(job, "b");
      world.time.advance(Duration.ofMinutes(1));
      assertThat(batches).isEmpty();
      one.enqueue(job, "c");
      world.time.advance(Duration.ofSeconds(1));

      assertThat(batches).containsExactly(List.of("a", "b", "c"));
    }
  }

  @Test
  void keys_areGatheredEachByItself_howeverTheirRunsAreMade() {
    EventType<Sale> sold = EventType.of("sold", Sale.class);
    Job<Sale> job =
        Job.named("report", Sale.class)
            .onEvent(sold)
            .batch(
                2,
                WAIT,
                Sale::shop,
                (ctx, items) -> batches.add(items.stream().map(i -> i.input().shop()).toList()));
    try (Scheduler scheduler = world.start(job)) {
      scheduler.enqueue(job, new Sale("north", 1));
      scheduler.send(sold, new Sale("south", 2));
      scheduler.send(sold, new Sale("north", 3));
      world.time.advance(Duration.ofSeconds(1));
      assertThat(batches).containsExactly(List.of("north", "north"));

      world.time.advance(Duration.ofSeconds(10));
      assertThat(batches).containsExactly(List.of("north", "north"), List.of("south"));
    }
  }

  @Test
  void retriedItem_startsWithWhatIsGatheredThen() {
    Job<String> job = job().batch(3, Duration.ofMinutes(1), noting());
    try (Scheduler scheduler = world.start(job)) {
      scheduler.enqueueAll(job, List.of("a", "bad", "c"));
      world.time.advance(Duration.ofSeconds(8));
      scheduler.enqueue(job, "d");
      world.time.advance(Duration.ofSeconds(2));

      assertThat(batches).containsExactly(List.of("a", "bad", "c"), List.of("bad", "d"));
    }
  }

  @Test
  void bodyThatThrows_failsTheItemsThatWereNotFailedByName() {
    Job<String> job =
        job()
            .batch(
                3,
                WAIT,
                (ctx, items) -> {
                  note(items);
                  items.get(0).fail(new NonRetryableException("never"));
                  items.get(0).fail(new IllegalStateException("the first cause counts"));
                  throw new IllegalStateException("all the others");
                });
    try (Scheduler scheduler = world.start(job)) {
      List<RunHandle> runs = scheduler.enqueueAll(job, List.of("a", "b", "c"));
      world.time.runDue();

      assertThat(statuses(runs)).containsExactly(Status.FAILED, Status.SCHEDULED, Status.SCHEDULED);
      assertThat(runs)
          .extracting(run -> world.store.passes(run.id()).get(0).failure().orElseThrow().message())
          .containsExactly("never", "all the others", "all the others");
    }
  }

  @Test
  void inputThatCanNotBeDecoded_blocksItsRunAlone() {
    Job<Integer> older = Job.named("batch", Integer.class).batch(3, WAIT, (ctx, items) -> {});
    Job<String> job = job().batch(3, WAIT, noting());
    RunHandle odd = SchedulerClient.of(world.store, older).enqueue(older, 17);
    List<RunHandle> others =
        SchedulerClient.of(world.store, job).enqueueAll(job, List.of("a", "b"));
    try (Scheduler scheduler = world.start(job)) {
      world.time.runDue();

      assertThat(batches).containsExactly(List.of("a", "b"));
      assertThat(statuses(others)).containsOnly(Status.COMPLETED);
      assertThat(scheduler.run(odd.id()).orElseThrow().state())
          .isEqualTo(
              new RunState.Blocked(
                  "its input can't be decoded: cannot decode String at $: expected a string, was"
                      + " 17",
                  0));
    }
  }

  @Test
  void conditionHooksAndDependants_areThoseOfEachRun() {
    var ends = new ArrayList<String>();
    Job<String> job =
        job()
            .onlyIf(input -> !input.startsWith("not"))
            .onEnd((ctx, end) -> ends.add(end.status().toString()))
            .batch(4, WAIT, noting());
    Job<String> next =
        Job.named("next", String.class)
            .after(job)
            .on(On.SUCCESS)
            .handler((ctx, input) -> ends.add("after " + input));
    try (Scheduler scheduler = world.start(job, next)) {
      List<RunHandle> runs = scheduler.enqueueAll(job, List.of("a", "not this", "bad", "d"));
      world.time.advance(Duration.ofMinutes(5));

      assertThat(batches).containsExactly(List.of("a", "bad", "d"), List.of("bad"), List.of("bad"));
      assertThat(statuses(runs))
          .containsExactly(Status.COMPLETED, Status.SKIPPED, Status.FAILED, Status.COMPLETED);
      assertThat(ends)
          .containsExactlyInAnyOrder(
              "COMPLETED", "SKIPPED", "FAILED", "COMPLETED", "after a", "after d");
    }
  }

  @Test
  void notesAndLog_areKeptWithEachRun() {
    Job<String> job =
        job()
            .batch(
                2,
                WAIT,
                (ctx, items) ->
                    items.forEach(
                        item -> {
                          item.note("of", ctx.job() + " " + item.input());
                          item.log("seen");
                        }));
    try (Scheduler scheduler = world.start(job)) {
      List<RunHandle> runs = scheduler.enqueueAll(job, List.of("a", "b"));
      world.time.runDue();

      assertThat(runs)
          .extracting(run -> world.run(run.id()).notes().get("of"))
          .containsExactly("batch a", "batch b");
      assertThat(runs)
          .extracting(run -> world.store.passes(run.id()).get(0).log())
          .containsOnly("+0.000s seen\n");
    }
  }

  @Test
  void batch_takesOneWorker() {
    Job<String> job =
        job()
            .batch(
                2,
                WAIT,
                (ctx, items) -> {
                  note(items);
                  world.time.pause();
                });
    Scheduler scheduler = world.builder(world.time.newHost(), job).workers(2).start();
    List<RunHandle> runs = scheduler.enqueueAll(job, named("a", 8));
    world.time.advance(Duration.ofSeconds(1));
    assertThat(batches).hasSize(2);

    world.time.resumeAll();
    world.time.advance(Duration.ofSeconds(1));
    world.time.resumeAll();
    world.time.advance(Duration.ofSeconds(1));

    assertThat(batches)
        .containsExactly(
            List.of("a0", "a1"), List.of("a2", "a3"), List.of("a4", "a5"), List.of("a6", "a7"));
    assertThat(statuses(runs)).containsOnly(Status.COMPLETED);
    scheduler.close();
  }

  @Test
  void fourNodes_startEachOfAThousandRunsOnce() {
    Job<String> job = job().batch(30, WAIT, noting());
    List<Scheduler> nodes = Stream.generate(() -> world.start(job)).limit(4).toList();
    for (int i = 0; i < 100; i++) {
      nodes.get(i % 4).enqueueAll(job, named("r" + i + "-", 10));
      world.time.advance(Duration.ofMillis(300));
    }
    world.time.advance(Duration.ofMinutes(1));

    assertThat(batches).allSatisfy(batch -> assertThat(batch).hasSizeLessThanOrEqualTo(30));
    assertThat(batches.stream().flatMap(List::stream)).hasSize(1_000).doesNotHaveDuplicates();
    assertThat(world.runsOf("batch")).extracting(Run::status).containsOnly(Status.COMPLETED);
    nodes.forEach(Scheduler::close);
  }

  @Test
  void explain_saysHowManyAreMissing() {
    Job<Sale> job = Job.named("report", Sale.class).batch(10, WAIT, Sale::shop, (ctx, items) -> {});
    Job<String> plain = job().batch(3, WAIT, noting());
    try (Scheduler scheduler = world.start(job, plain)) {
      RunHandle first = scheduler.enqueue(job, new Sale("north", 1));
      scheduler.enqueue(job, new Sale("north", 2));
      RunHandle other = scheduler.enqueue(plain, "a");
      world.time.advance(Duration.ofSeconds(1));

      assertThat(scheduler.explain(first.id()))
          .isEqualTo(
              "run "
                  + first.id()
                  + " is gathered for a batch: waits for 8 more of key \"north\", or until"
                  + " 2026-03-02T08:00:05Z");
      assertThat(scheduler.explain(other.id()))
          .isEqualTo(
              "run "
                  + other.id()
                  + " is gathered for a batch: waits for 2 more, or until 2026-03-02T08:00:05Z");
    }
  }
}
