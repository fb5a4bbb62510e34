// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.Awaited;
import dev.belfry.Branch;
import dev.belfry.EventMatch;
import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.MapOptions;
import dev.belfry.Poll;
import dev.belfry.Polling;
import dev.belfry.ResultJob;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.StepFailedException;
import dev.belfry.StepOptions;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.Status;
import dev.belfry.run.Target;
import dev.belfry.run.TypeRef;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A run that is replayed with the code that it ran with shows no difference, wherever it stands.
 */
class ReplaySameTest extends RecordingBase {
  private static final EventType<String> PAID =
      EventType.of("paid", String.class).keyedBy(order -> order);
  private static final EventType<String> ANY = EventType.of("any", String.class);

  private final ResultJob<Integer, Integer> square =
      Job.named("square", Integer.class)
          .returning(
              Integer.class,
              (ctx, number) -> {
                ctx.sleep("think", Duration.ofMinutes(7));
                return number * number;
              });

  /** Has one of each of what a handler can do. */
  private final Job<String> everything =
      job(
          ctx -> {
            ctx.note("at", ctx.now().toString());
            ctx.step("first", () -> calls.add("first " + ctx.uuid() + ctx.random().nextInt()));
            ctx.progress(1, 10);
            ctx.onFinish(status -> calls.add("finished"));
            for (int i = 0; i < 2; i++) {
              ctx.sleep("nap", Duration.ofMinutes(5));
            }
            try {
              ctx.step(
                  "hopeless",
                  StepOptions.retry(RetryPolicy.fixed(Duration.ofMinutes(3)).withMaxAttempts(2)),
                  () -> {
                    calls.add("hopeless");
                    throw new IOException("no");
                  });
            } catch (StepFailedException expected) {
              ctx.log(expected.getMessage());
            }
            ctx.step("once", StepOptions.atMostOnce(), () -> calls.add("once"));
            ctx.map(
                "items",
                List.of("x", "y"),
                TypeRef.of(String.class),
                MapOptions.<String>usual().withRetry(RetryPolicy.fixed(Duration.ofMinutes(4))),
                (item, step) -> {
                  calls.add(item);
                  if (step.attempt() == 1 && item.equals("y")) {
                    throw new IOException("not yet");
                  }
                  return item;
                });
            ctx.parallel(
                "fork",
                Branch.of("left", b -> b.sleep("nap", Duration.ofMinutes(6))),
                Branch.of(
                    "right",
                    b -> {
                      b.sleep("nap", Duration.ofMinutes(2));
                      b.step("then", () -> calls.add("then"));
                    }));
            ctx.waitUntil(
                "poll",
                Integer.class,
                Polling.every(Duration.ofMinutes(3)),
                last -> {
                  calls.add("look");
                  int looks = last.orElse(0) + 1;
                  return looks < 3 ? Poll.again(looks) : Poll.done(looks);
                });
            ctx.version("change", 0, 1);
            ctx.waitForEvent("paid", PAID, "7", Duration.ofMinutes(9));
            ctx.waitForEvent(
                "some", ANY, EventMatch.where(text -> text.equals("x")), Duration.ofMinutes(8));
            ctx.waitForAny(
                "either",
                Duration.ofMinutes(5),
                Awaited.event(PAID, "8"),
                Awaited.event(ANY, EventMatch.any()));
            ctx.invoke("square", square, 3);
            ctx.enqueue("later", square, 4);
            ctx.send("tell", ANY, "told");
            ctx.step("last", () -> calls.add("last"));
          });

  @Test
  void everyMinuteOfARun_isSame() throws IOException {
    var seen = new ArrayList<String>();
    try (Scheduler scheduler = world.start(everything, square)) {
      RunHandle handle = scheduler.enqueue(everything, "input");
      for (int minute = 0; minute < 90; minute++) {
        world.time.advance(Duration.ofMinutes(1));
        var replay = replay(export(scheduler, handle.id()), everything, square);
        replay.assertSame();
        replay.runs().forEach(run -> seen.add(run.recorded()));
        if (minute == 50) {
          scheduler.send(PAID, "7");
        }
      }
      assertThat(status(handle)).isEqualTo(Status.COMPLETED);
    }
    assertThat(seen.stream().distinct())
        .containsExactly(
            "waits for sleep \"nap\"",
            "waits for sleep \"nap\", use 2",
            "waits for step \"hopeless\"",
            "waits for an item of \"items\"",
            "waits for sleep \"nap\" in \"fork:left\" and sleep \"nap\" in \"fork:right\"",
            "waits for sleep \"nap\" in \"fork:left\"",
            "waits for a look of \"poll\"",
            "waits for wait \"paid\"",
            "waits for wait \"some\"",
            "waits for wait \"either\"",
            "waits for invoke \"square\"",
            "was completed");
  }

  @Test
  void stepThatFailsTheAttempt_isWhereTheRunStands() throws IOException {
    Handler code =
        ctx -> {
          ctx.step("a", () -> calls.add("a"));
          ctx.step(
              "b",
              () -> {
                calls.add("b");
                throw new IOException("no");
              });
        };

    assertThat(differences(record(Duration.ofSeconds(5), job(code)), code)).isEmpty();
    assertThat(differences(record(code), code)).isEmpty();
  }

  @Test
  void failureBetweenTheParts_isTheSameEnd() throws IOException {
    Handler code =
        ctx -> {
          ctx.step("a", () -> calls.add("a"));
          throw new IOException("no account");
        };

    assertThat(replay(record(code), job(code)).runs())
        .singleElement()
        .satisfies(
            run -> {
              assertThat(run.differences()).isEmpty();
              assertThat(run.recorded()).isEqualTo("failed with java.io.IOException: no account");
            });
  }

  @Test
  void runThatIsInAStep_isSame() throws IOException {
    Handler code =
        ctx -> {
          ctx.step("a", () -> calls.add("a"));
          ctx.sleep("nap", Duration.ofSeconds(1));
          ctx.step(
              "b",
              () -> {
                calls.add("b");
                world.time.pause();
              });
        };

    assertThat(replay(record(Duration.ofSeconds(5), job(code)), job(code)).runs())
        .singleElement()
        .satisfies(
            run -> {
              assertThat(run.differences()).isEmpty();
              assertThat(run.recorded()).isEqualTo("was running");
            });
  }

  @Test
  void runThatWasWoken_isSameBeforeItsNextPass() throws IOException {
    Handler code = ctx -> ctx.waitForEvent("paid", PAID, "7", Duration.ofDays(1));
    Job<String> job = job(code);
    try (Scheduler scheduler = world.start(job)) {
      RunHandle handle = scheduler.enqueue(job, "input");
      world.time.advance(Duration.ofMinutes(1));
      scheduler.pause(Target.job("job"), "test");
      scheduler.send(PAID, "7");
      world.time.advance(Duration.ofMinutes(1));

      Recording recording = export(scheduler, handle.id());

      assertThat(
              differences(
                  recording,
                  ctx -> {
                    code.run(ctx);
                    ctx.step("next", () -> calls.add("next"));
                  }))
          .isEmpty();
    }
  }

  @Test
  void eventThatStartedTheRun_isInTheDocument() throws IOException {
    Job<String> job =
        Job.named("on-event", String.class)
            .onEvent(PAID)
            .handler(
                (ctx, order) -> {
                  String data = ctx.event(PAID).orElseThrow().data();
                  ctx.step(data, () -> calls.add(data));
                });
    try (Scheduler scheduler = world.start(job)) {
      scheduler.send(PAID, "order 7");
      world.time.advance(Duration.ofMinutes(1));
      Recording recording = export(scheduler, world.runsOf("on-event").get(0).id());

      assertThat(differences(recording, job)).isEmpty();
    }
  }

  @Test
  void runWithoutParts_isNotCarriedOut() throws IOException {
    Handler code = ctx -> calls.add("ran");

    assertThat(differences(record(code), code)).isEmpty();
  }
}
