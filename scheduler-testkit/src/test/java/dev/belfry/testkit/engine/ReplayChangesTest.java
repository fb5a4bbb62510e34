// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.RunGroup;
import dev.belfry.StepOptions;
import dev.belfry.run.GroupEnd;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each way in which code can change under a run, as a replay of the run shows it. */
class ReplayChangesTest extends RecordingBase {
  private static final Duration DAY = Duration.ofDays(1);
  private static final EventType<String> LOGIN =
      EventType.of("login", String.class).keyedBy(user -> user);

  /** A run that has come by two steps and sleeps. */
  private Recording sleeping() throws IOException {
    return record(
        ctx -> {
          ctx.step("a", Integer.class, () -> 1);
          ctx.step("b", () -> calls.add("b"));
          ctx.sleep("nap", DAY);
        });
  }

  // Steps

  @Test
  void renamedStep_isNotStored() throws IOException {
    assertThat(
            differences(
                sleeping(),
                ctx -> {
                  ctx.step("a", Integer.class, () -> 1);
                  ctx.step("bee", () -> calls.add("b"));
                  ctx.sleep("nap", DAY);
                }))
        .containsExactly(
            "step \"bee\" is not stored, and the run went on to step \"b\" and 1 more; if it is a"
                + " new name, say StepOptions.formerly(\"b\"), and what is new for runs under way"
                + " asks ctx.version");
  }

  @Test
  void renamedStepThatNamesItsFormerId_isSame() throws IOException {
    assertThat(
            differences(
                sleeping(),
                ctx -> {
                  ctx.step("a", Integer.class, () -> 1);
                  ctx.step("bee", StepOptions.formerly("b"), () -> calls.add("b"));
                  ctx.sleep("nap", DAY);
                }))
        .isEmpty();
  }

  @Test
  void addedStep_isNotStored() throws IOException {
    assertThat(
            differences(
                sleeping(),
                ctx -> {
                  ctx.step("a", Integer.class, () -> 1);
                  ctx.step("new", String.class, () -> String.valueOf(calls.add("new")));
                  ctx.step("b", () -> calls.add("b"));
                  ctx.sleep("nap", DAY);
                }))
        .containsExactly(
            "step \"new\" is not stored, and the run went on to step \"b\" and 1 more; what is new"
                + " for runs under way asks ctx.version");
  }

  @Test
  void addedStepThatAsksForTheVersion_isSame() throws IOException {
    assertThat(
            differences(
                sleeping(),
                ctx -> {
                  ctx.step("a", Integer.class, () -> 1);
                  if (ctx.version("new step", 0, 1) >= 1) {
                    ctx.step("new", () -> calls.add("new"));
                  }
                  ctx.step("b", () -> calls.add("b"));
                  ctx.sleep("nap", DAY);
                }))
        .isEmpty();
  }

  @Test
  void stepAddedAtTheEndOfARunThatHasCompleted_isNotStored() throws IOException {
    Recording completed = record(ctx -> ctx.step("a", () -> calls.add("a")));

    assertThat(
            differences(
                completed,
                ctx -> {
                  ctx.step("a", () -> calls.add("a"));
                  ctx.step("new", () -> calls.add("new"));
                }))
        .containsExactly("step \"new\" is not stored, and the run completed without it");
  }

  @Test
  void whatWouldBeStartedOrSent_isNotStored() throws IOException {
    Job<String> page = Job.named("page", String.class).handler((ctx, in) -> {});
    Job<GroupEnd> after = Job.named("after", GroupEnd.class).handler((ctx, end) -> {});
    RunGroup pages = RunGroup.named("pages").add(page, "1").then(after);
    Recording completed = record(ctx -> ctx.step("a", () -> calls.add("a")));
    List<Handler> added =
        List.of(
            ctx -> ctx.enqueue("new", page, "1"),
            ctx -> ctx.enqueueGroup("new", pages),
            ctx -> ctx.send("new", LOGIN, "ann"));

    for (Handler start : added) {
      Job<String> present =
          job(
              ctx -> {
                ctx.step("a", () -> calls.add("a"));
                start.run(ctx);
              });

      assertThat(differences(completed, present, page, after))
          .containsExactly("step \"new\" is not stored, and the run completed without it");
    }
  }

  @Test
  void stepAddedBehindASleep_isSame() throws IOException {
    assertThat(
            differences(
                sleeping(),
                ctx -> {
                  ctx.step("a", Integer.class, () -> 1);
                  ctx.step("b", () -> calls.add("b"));
                  ctx.sleep("nap", DAY);
                  ctx.step("new", () -> calls.add("new"));
                }))
        .isEmpty();
  }

  @Test
  void removedStep_isNamed() throws IOException {
    assertThat(
            differences(
                sleeping(),
                ctx -> {
                  ctx.step("a", Integer.class, () -> 1);
                  ctx.sleep("nap", DAY);
                }))
        .containsExactly("step \"b\" is stored, and this code did not come by it");
  }

  @Test
  void stepsInAnotherOrder_areSame() throws IOException {
    assertThat(
            differences(
                sleeping(),
                ctx -> {
                  ctx.step("b", () -> calls.add("b"));
                  ctx.step("a", Integer.class, () -> 1);
                  ctx.sleep("nap", DAY);
                }))
        .isEmpty();
  }

  @Test
  void anotherKind_isNamed() throws IOException {
    Recording recording = sleeping();

    assertThat(differences(recording, ctx -> ctx.sleep("a", DAY)))
        .containsExactly(
            "sleep \"a\" was a step when run "
                + recording.run()
                + " came by before; what has changed needs another id");
  }

  @Test
  void anotherType_isNamed_evenIfTheCodeCatchesIt() throws IOException {
    Recording recording = sleeping();

    assertThat(
            differences(
                recording,
                ctx -> {
                  try {
                    ctx.step("a", String.class, () -> "1");
                  } catch (RuntimeException ignored) {
                    ctx.step("b", () -> calls.add("b"));
                  }
                  ctx.sleep("nap", DAY);
                }))
        .containsExactly(
            "step \"a\" returned Integer when run "
                + recording.run()
                + " came by before, and returns String now; what has changed needs another id");
  }

  record Old(int amount) {}

  record New(int amount, boolean gross) {}

  @Test
  void valueThatCanNotBeDecoded_isNamed() throws IOException {
    Recording recording = record(ctx -> ctx.step("sum", Old.class, () -> new Old(7)));

    assertThat(differences(recording, ctx -> ctx.step("sum", New.class, () -> new New(7, true))))
        .containsExactly(
            "step \"sum\": cannot decode New at $.gross: expected true or false, was missing");
  }

  @Test
  void inputThatCanNotBeDecoded_isNamed() throws IOException {
    Recording recording = sleeping();
    Job<Integer> present = Job.named("job", Integer.class).handler((ctx, in) -> calls.add("ran"));

    assertThat(differences(recording, present))
        .containsExactly(
            "input: cannot decode Integer at $: expected a 32-bit integer, was \"input\"");
  }

  // Items and branches

  @Test
  void itemThatIsNoLongerThere_isNamed() throws IOException {
    Recording recording =
        record(ctx -> ctx.map("double", List.of(1, 2, 3), Integer.class, item -> item * 2));

    assertThat(
            differences(
                recording,
                ctx -> ctx.map("double", List.of(1, 2), Integer.class, item -> item * 2)))
        .containsExactly("item \"2\" in \"double\" is stored, and this code did not come by it");
  }

  @Test
  void itemThatIsNew_isNotStored() throws IOException {
    Recording recording =
        record(ctx -> ctx.map("double", List.of(1, 2), Integer.class, item -> item * 2));

    assertThat(
            differences(
                recording,
                ctx ->
                    ctx.map(
                        "double",
                        List.of(1, 2, 3),
                        Integer.class,
                        item -> {
                          calls.add("item " + item);
                          return item * 2;
                        })))
        .containsExactly(
            "item \"2\" in \"double\" is not stored, and the run completed without it");
  }

  @Test
  void removedMap_isNamedWithoutItsItems() throws IOException {
    Recording recording =
        record(ctx -> ctx.map("double", List.of(1, 2), Integer.class, item -> item * 2));

    assertThat(differences(recording, ctx -> {}))
        .containsExactly("step \"double\" is stored, and this code did not come by it");
  }

  // Ends

  @Test
  void anotherSuspension_isNamed() throws IOException {
    Recording recording =
        record(
            ctx -> {
              Optional<?> login = ctx.waitForEvent("login", LOGIN, "ada", DAY);
              ctx.note("login", login.toString());
            });

    assertThat(replay(recording, job(ctx -> {})).runs())
        .singleElement()
        .satisfies(
            run -> {
              assertThat(run.recorded()).isEqualTo("waits for wait \"login\"");
              assertThat(run.differences())
                  .containsExactly(
                      "wait \"login\" is stored, and this code did not come by it",
                      "the run waits for wait \"login\", and this code completes with null");
            });
  }

  @Test
  void codeThatThrowsWhereTheRunWentOn_isNamed() throws IOException {
    assertThat(
            differences(
                sleeping(),
                ctx -> {
                  ctx.step("a", Integer.class, () -> 1);
                  throw new IOException("not any more");
                }))
        .containsExactly(
            "the run waits for sleep \"nap\", and this code throws java.io.IOException: not any"
                + " more");
  }

  @Test
  void anotherResult_isNamed() throws IOException {
    Job<String> old =
        Job.named("sum", String.class)
            .returning(Integer.class, (ctx, in) -> ctx.step("a", Integer.class, () -> 7));
    Job<String> present =
        Job.named("sum", String.class)
            .returning(Integer.class, (ctx, in) -> 1 + ctx.step("a", Integer.class, () -> 7));
    Recording recording = record(Duration.ofMinutes(1), old);

    assertThat(differences(recording, old)).isEmpty();
    assertThat(differences(recording, present))
        .containsExactly("the run completed with 7, and this code completes with 8");
  }

  @Test
  void anotherFailure_isNamed() throws IOException {
    Recording recording =
        record(
            ctx -> {
              ctx.step("a", () -> calls.add("a"));
              throw new IOException("no account");
            });

    assertThat(
            differences(
                recording,
                ctx -> {
                  ctx.step("a", () -> calls.add("a"));
                  throw new IOException("no money");
                }))
        .containsExactly(
            "the run failed with java.io.IOException: no account, and this code throws"
                + " java.io.IOException: no money");
  }

  @Test
  void suspensionThatIsSwallowed_isNamed() throws IOException {
    assertThat(
            differences(
                sleeping(),
                ctx -> {
                  ctx.step("a", Integer.class, () -> 1);
                  ctx.step("b", () -> calls.add("b"));
                  try {
                    ctx.sleep("nap", DAY);
                  } catch (Throwable swallowed) {
                    ctx.log("woken too early");
                  }
                }))
        .containsExactly(
            "the code goes on though it is suspended on sleep \"nap\" of PT24H: it catches"
                + " Throwable; let the Error pass");
  }

  // Jobs

  @Test
  void unknownJob_isNamed() throws IOException {
    Job<String> other = Job.named("other", String.class).handler((ctx, in) -> {});

    assertThat(differences(sleeping(), other))
        .containsExactly(
            "job \"job\" is not known, jobs are [other]; one that was renamed says"
                + " formerly(\"job\")");
  }

  @Test
  void renamedJobThatNamesItsFormerName_isSame() throws IOException {
    Job<String> renamed =
        Job.named("renamed", String.class)
            .formerly("job")
            .handler(
                (ctx, in) -> {
                  ctx.step("a", Integer.class, () -> 1);
                  ctx.step("b", () -> calls.add("b"));
                  ctx.sleep("nap", DAY);
                });

    assertThat(differences(sleeping(), renamed)).isEmpty();
  }
}
