// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.JobContext;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.run.Counters;
import dev.belfry.run.Status;
import dev.belfry.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How much a handler may leave at its run, and when. */
class ContextTest {
  private static final String CUT = "… the rest of the log was dropped, it has more than 64 KiB\n";

  private final World world = new World();

  /** Runs a handler of that body, which must succeed. */
  private RunHandle run(Consumer<JobContext> body) {
    return run(body, Duration.ZERO);
  }

  private RunHandle run(Consumer<JobContext> body, Duration time) {
    Job<String> job = Job.named("job", String.class).handler((ctx, in) -> body.accept(ctx));
    try (Scheduler scheduler = world.start(job)) {
      RunHandle handle = scheduler.enqueue(job, "a");
      world.time.runDue();
      world.time.advance(time);
      assertThat(world.run(handle.id()).status()).isEqualTo(Status.COMPLETED);
      return handle;
    }
  }

  private String log(RunHandle handle) {
    return world.store.passes(handle.id()).get(0).log();
  }

  @Test
  void log_thatIsTooLong_keepsItsBeginningAndSaysSoOnce() {
    RunHandle handle = run(ctx -> IntStream.range(0, 1_000).forEach(i -> ctx.log("x".repeat(100))));

    String line = "+0.000s " + "x".repeat(100) + System.lineSeparator();
    int lines = (64 * 1024 - CUT.length()) / line.length();
    assertThat(log(handle)).isEqualTo(line.repeat(lines) + CUT);
  }

  @Test
  void log_ofOneLineThatIsTooLong_isTheMark() {
    assertThat(log(run(ctx -> ctx.log("x".repeat(64 * 1024))))).isEqualTo(CUT);
  }

  @Test
  void note_thatIsTooLong_isCut() {
    RunHandle handle = run(ctx -> ctx.note("k".repeat(100), "x".repeat(1_001)));

    assertThat(world.run(handle.id()).notes())
        .isEqualTo(Map.of("k".repeat(100), "x".repeat(1_000)));
  }

  @Test
  void note_withAKeyOutOfRange_isRefused() {
    RunHandle handle =
        run(
            ctx -> {
              assertThatThrownBy(() -> ctx.note("", "x"))
                  .isInstanceOf(IllegalArgumentException.class)
                  .hasMessage("note key must have 1 to 100 characters, had 0");
              assertThatThrownBy(() -> ctx.note("k".repeat(101), "x"))
                  .isInstanceOf(IllegalArgumentException.class)
                  .hasMessage("note key must have 1 to 100 characters, had 101");
            });

    assertThat(world.run(handle.id()).notes()).isEmpty();
  }

  @Test
  void notes_areAtMostAHundredButMayBeReplaced() {
    RunHandle handle =
        run(
            ctx -> {
              IntStream.range(0, 100).forEach(i -> ctx.note("key " + i, "old"));
              assertThatThrownBy(() -> ctx.note("key 100", "x"))
                  .isInstanceOf(IllegalStateException.class)
                  .hasMessage("a pass keeps at most 100 notes; \"key 100\" would be one more");
              ctx.note("key 99", "new");
            });

    assertThat(world.run(handle.id()).notes())
        .hasSize(100)
        .containsEntry("key 98", "old")
        .containsEntry("key 99", "new");
  }

  @Test
  void items_thatAreNegative_mayTakeBackButNotMoreThanWasCounted() {
    RunHandle handle =
        run(
            ctx -> {
              ctx.items(5, 1);
              ctx.items(-1, 1);
              assertThatThrownBy(() -> ctx.items(-5, 0))
                  .isInstanceOf(IllegalArgumentException.class)
                  .hasMessage("item counts must not be negative, were -1 and 2");
            });

    assertThat(world.run(handle.id()).counters()).isEqualTo(new Counters(4, 2));
  }

  @Test
  void context_usedAfterThePass_isRefused() {
    var kept = new ArrayList<JobContext>();
    RunHandle handle = run(kept::add);

    for (Consumer<JobContext> use :
        List.<Consumer<JobContext>>of(
            ctx -> ctx.items(1, 0), ctx -> ctx.note("k", "v"), ctx -> ctx.log("line"))) {
      assertThatThrownBy(() -> use.accept(kept.get(0)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "the pass of run " + handle.id() + " has ended; its context can't be used any more");
    }
  }

  @Test
  void facts_areToldAnywhere_alsoToOtherThreads() {
    RunHandle handle =
        run(
            ctx -> {
              ctx.step("inside", () -> assertThat(facts(ctx)).hasSize(11));
              assertThat(CompletableFuture.supplyAsync(() -> facts(ctx)).join())
                  .isEqualTo(facts(ctx));
            });

    assertThat(world.history(handle.id())).hasSize(1);
  }

  private static List<?> facts(JobContext ctx) {
    return List.of(
        ctx.runId(),
        ctx.job(),
        ctx.attempt(),
        ctx.fence(),
        ctx.idempotencyKey(),
        ctx.dueAt(),
        ctx.trigger(),
        ctx.event(EventType.of("none", String.class)),
        ctx.tags(),
        ctx.cancelled(),
        ctx.leaseHeld());
  }

  @Test
  void whatIsLeftAtTheRun_mayBeSaidInsideOfAStep() {
    RunHandle handle =
        run(
            ctx ->
                ctx.step(
                    "inside",
                    () -> {
                      ctx.items(2, 0);
                      ctx.note("k", "v");
                      ctx.log("line");
                      ctx.progress(1, 2);
                      ctx.onFinish(end -> {});
                    }));

    assertThat(world.run(handle.id()).counters()).isEqualTo(new Counters(2, 0));
    assertThat(world.run(handle.id()).notes()).isEqualTo(Map.of("k", "v"));
    assertThat(log(handle)).isEqualTo("+0.000s line" + System.lineSeparator());
  }

  @Test
  void whatIsLeftAtTheRun_isRefusedFromOtherThreads() {
    run(
        ctx -> {
          Map<String, Consumer<JobContext>> uses =
              Map.of(
                  "items", each -> each.items(1, 0),
                  "note", each -> each.note("k", "v"),
                  "log", each -> each.log("line"),
                  "progress", each -> each.progress(1, 2),
                  "onFinish", each -> each.onFinish(end -> {}));
          uses.forEach(
              (name, use) ->
                  assertThatThrownBy(() -> CompletableFuture.runAsync(() -> use.accept(ctx)).join())
                      .as(name)
                      .rootCause()
                      .isInstanceOf(IllegalStateException.class));
        });
  }

  @Test
  void dueAt_isThatOfThisStart() {
    var seen = new ArrayList<Instant>();
    run(
        ctx -> {
          seen.add(ctx.dueAt());
          ctx.sleep("nap", Duration.ofMinutes(5));
        },
        Duration.ofMinutes(6));

    assertThat(seen).containsExactly(World.START, World.START.plus(Duration.ofMinutes(5)));
  }

  @Test
  void dueAt_ofATickOrAnEvent_isItsTime() {
    var seen = new ArrayList<Instant>();
    EventType<String> told = EventType.of("told", String.class);
    Job<String> job =
        Job.named("job", String.class)
            .schedule(Schedule.every(Duration.ofHours(1)), "tick")
            .onEvent(told)
            .handler(
                (ctx, in) -> {
                  ctx.sleep("nap", Duration.ofMinutes(5));
                  seen.add(ctx.dueAt());
                });
    try (Scheduler scheduler = world.start(job)) {
      world.time.advance(Duration.ofMinutes(1));
      scheduler.send(told, "event");
      world.time.advance(Duration.ofMinutes(70));
    }

    assertThat(seen)
        .containsExactly(
            World.START.plus(Duration.ofMinutes(1)), World.START.plus(Duration.ofHours(1)));
  }
}
