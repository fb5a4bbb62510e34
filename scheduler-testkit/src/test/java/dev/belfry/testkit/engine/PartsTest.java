// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.Branch;
import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.Poll;
import dev.belfry.Polling;
import dev.belfry.ResultJob;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.StepFailedException;
import dev.belfry.StepOptions;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.Part;
import dev.belfry.run.RunId;
import dev.belfry.run.Trigger;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is stored of the parts of a run can be read, while it runs and after its end. */
class PartsTest extends HandlerBase {
  private static final EventType<String> PAID =
      EventType.of("paid", String.class).keyedBy(order -> "key of " + order);

  private List<Part> parts(Handler handler, Job<?>... others) {
    Job<String> job = job(handler);
    Job<?>[] all = List.of(job).toArray(new Job<?>[others.length + 1]);
    System.arraycopy(others, 0, all, 1, others.length);
    try (Scheduler scheduler = world.start(all)) {
      RunHandle handle = scheduler.enqueue(job, "input");
      world.time.advance(Duration.ofMinutes(1));
      scheduler.send(PAID, "order 7");
      world.time.advance(Duration.ofMinutes(1));
      return scheduler.parts(handle.id());
    }
  }

  private static String words(Part part) {
    return part.scope()
        + "/"
        + part.id()
        + "#"
        + part.occurrence()
        + " "
        + part.kind()
        + " "
        + part.type();
  }

  @Test
  void step_hasValueAndTries() {
    assertThat(parts(ctx -> ctx.step("count", Integer.class, () -> 7)))
        .containsExactly(
            new Part(
                "",
                "count",
                0,
                Part.Kind.STEP,
                "Integer",
                1,
                new Part.Done("7"),
                Optional.empty(),
                World.START));
  }

  @Test
  void value_isCutAtSixteenKibibytes() {
    assertThat(parts(ctx -> ctx.step("text", String.class, () -> "x".repeat(100_000))))
        .singleElement()
        .extracting(Part::state)
        .isInstanceOfSatisfying(
            Part.Done.class,
            done ->
                assertThat(done.value())
                    .startsWith("\"xxx")
                    .endsWith("x… (cut)")
                    .hasSizeBetween(16_300, 16 * 1024));
  }

  @Test
  void stepThatHasFailed_saysWhatOf() {
    List<Part> parts =
        parts(
            ctx -> {
              try {
                ctx.step(
                    "charge",
                    StepOptions.retry(RetryPolicy.none()),
                    () -> {
                      throw new IOException("no");
                    });
              } catch (StepFailedException expected) {
                ctx.log("as planned");
              }
            });

    assertThat(parts)
        .singleElement()
        .extracting(Part::state)
        .isInstanceOfSatisfying(
            Part.Failed.class, failed -> assertThat(failed.failure().message()).isEqualTo("no"));
  }

  @Test
  void stepThatIsToBeTriedAgain_saysWhen() {
    List<Part> parts =
        parts(
            ctx ->
                ctx.step(
                    "charge",
                    StepOptions.retry(RetryPolicy.fixed(Duration.ofDays(1))),
                    () -> {
                      throw new IOException("no");
                    }));

    assertThat(parts)
        .singleElement()
        .satisfies(part -> assertThat(part.tries()).isEqualTo(1))
        .extracting(Part::state)
        .isInstanceOfSatisfying(
            Part.Pending.class,
            pending -> {
              assertThat(pending.until()).contains(World.START.plus(Duration.ofDays(1)));
              assertThat(pending.lastFailure().orElseThrow().message()).isEqualTo("no");
            });
  }

  @Test
  void waitThatHasEnded_hasTheEvent() {
    List<Part> parts =
        parts(ctx -> ctx.waitForEvent("paid", PAID, "key of order 7", Duration.ofDays(1)));

    assertThat(parts).extracting(PartsTest::words).containsExactly("/paid#0 WAIT paid");
    assertThat(parts.get(0).state())
        .isInstanceOfSatisfying(
            Part.Received.class,
            received -> {
              assertThat(received.name()).isEqualTo("paid");
              assertThat(received.key()).contains("key of order 7");
              assertThat(received.sentAt()).isEqualTo(World.START.plusSeconds(60));
              assertThat(received.data()).isEqualTo("\"order 7\"");
            });
  }

  @Test
  void invokedRun_isNamed() {
    ResultJob<Integer, Integer> slow =
        Job.named("slow", Integer.class)
            .returning(
                Integer.class,
                (ctx, number) -> {
                  ctx.sleep("think", Duration.ofDays(1));
                  return number;
                });

    List<Part> parts = parts(ctx -> ctx.invoke("ask", slow, 3), slow);

    RunId child = world.runsOf("slow").get(0).id();
    assertThat(world.run(child).trigger().kind()).isEqualTo(Trigger.Kind.PARENT);
    assertThat(parts)
        .singleElement()
        .satisfies(
            part -> {
              assertThat(part.kind()).isEqualTo(Part.Kind.INVOKE);
              assertThat(part.child()).contains(child);
              assertThat(part.state())
                  .isEqualTo(new Part.Pending(Optional.empty(), Optional.empty()));
            });
  }

  @Test
  void whatStandsInsideOfAnother_hasAScope() {
    List<Part> parts =
        parts(
            ctx -> {
              ctx.now();
              ctx.progress(1, 2);
              ctx.map("double", List.of(1, 2), Integer.class, item -> item * 2);
              ctx.parallel("fork", Branch.of("left", b -> b.step("a", () -> {})));
              ctx.step("twice", () -> {});
              ctx.step("twice", () -> {});
              ctx.waitUntil(
                  "poll",
                  Integer.class,
                  Polling.every(Duration.ofDays(1)),
                  last -> Poll.again(last.orElse(0) + 1));
            });

    assertThat(parts)
        .extracting(PartsTest::words)
        .containsExactlyInAnyOrder(
            "/now#0 VALUE Instant",
            "/double#0 STEP map to Integer",
            "double/0#0 MAP_ITEM Integer",
            "double/1#0 MAP_ITEM Integer",
            "/fork#0 STEP branches",
            "fork:left/a#0 STEP nothing",
            "/twice#0 STEP nothing",
            "/twice#1 STEP nothing",
            "poll/look#0 LOOK Integer",
            "poll/pause#0 LOOK ");
  }

  @Test
  void sleep_staysPendingUntilItsEnd() {
    List<Part> parts = parts(ctx -> ctx.sleep("nap", Duration.ofSeconds(30)));

    assertThat(parts)
        .extracting(Part::state)
        .containsExactly(
            new Part.Pending(Optional.of(World.START.plusSeconds(30)), Optional.empty()));
  }

  @Test
  void runThatHasNone_hasNoParts() {
    assertThat(parts(ctx -> calls.add("ran"))).isEmpty();
  }
}
