// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.Job;
import dev.belfry.JobContext;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.run.Counters;
import dev.belfry.run.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How much a handler may leave at its run, and when. */
class ContextTest {
  private static final String CUT = "… the rest of the log was dropped, it has more than 64 KiB\n";

  private final World world = new World();

  /** Runs a handler of that body, which must succeed. */
  private RunHandle run(Consumer<JobContext> body) {
    Job<String> job = Job.named("job", String.class).handler((ctx, in) -> body.accept(ctx));
    try (Scheduler scheduler = world.start(job)) {
      RunHandle handle = scheduler.enqueue(job, "a");
      world.time.runDue();
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
}
