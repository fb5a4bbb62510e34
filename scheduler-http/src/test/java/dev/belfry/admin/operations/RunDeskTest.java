// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import static dev.belfry.admin.operations.Stage.ADA;
import static dev.belfry.admin.operations.Stage.problem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.EnqueueOptions;
import dev.belfry.Job;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.Part;
import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import dev.belfry.run.RunQuery;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs, seen and moved by somebody who sees everything. */
class RunDeskTest {
  private static final RunId UNKNOWN = RunId.parse("01890000-0000-7000-8000-000000000000");

  record Login(String user, String password) {}

  private final Job<Login> login =
      Job.named("login", Login.class)
          .retry(RetryPolicy.none())
          .returning(
              Login.class,
              (ctx, input) -> {
                ctx.progress(1, 3);
                ctx.note("token", "abc");
                ctx.note("page", "1");
                Login seen =
                    ctx.step("look up", Login.class, () -> new Login(input.user(), "from step"));
                if (input.user().equals("mallory")) {
                  throw new IllegalStateException("refused: password=" + input.password());
                }
                return seen;
              });

  private final Job<String> sleeper =
      Job.named("sleeper", String.class)
          .handler((ctx, input) -> ctx.sleep("nap", Duration.ofHours(1)));

  private final Stage stage = new Stage(login, sleeper);

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void get_showsAllOfARun_withoutSecrets() {
    RunId id = stage.time.enqueue(login, new Login("joe", "hunter2")).id();
    stage.time.runDue();

    RunDetail detail = stage.runs().get(ADA, id);

    assertThat(detail.run().status()).isEqualTo(Status.COMPLETED);
    assertThat(detail.run().notes()).containsEntry("token", "•••").containsEntry("page", "1");
    assertThat(detail.input().json()).contains("{\"user\":\"joe\",\"password\":\"•••\"}");
    assertThat(detail.result().flatMap(Shown::json))
        .contains("{\"user\":\"joe\",\"password\":\"•••\"}");
    assertThat(detail.passes()).hasSize(1);
    assertThat(detail.passes().get(0).notes()).containsEntry("token", "•••");
    assertThat(detail.progress().orElseThrow().done()).isEqualTo(1);
    assertThat(detail.parts()).hasSize(1);
    PartDetail step = detail.parts().get(0);
    assertThat(step.part().id()).isEqualTo("look up");
    assertThat(step.part().state())
        .isEqualTo(new Part.Done("{\"user\":\"joe\",\"password\":\"•••\"}"));
    assertThat(step.value().flatMap(Shown::json))
        .contains("{\"user\":\"joe\",\"password\":\"•••\"}");
    assertThat(detail.explanation()).startsWith("run " + id + " ");
    assertThat(detail.toString()).doesNotContain("hunter2").doesNotContain("from step");
  }

  @Test
  void get_ofAFailure_hidesSecretsInItsError() {
    RunId id = stage.time.enqueue(login, new Login("mallory", "hunter2")).id();
    stage.time.runDue();

    RunDetail detail = stage.runs().get(ADA, id);

    assertThat(((RunState.Failed) detail.run().state()).failure().message())
        .isEqualTo("refused: password=•••");
    assertThat(detail.toString()).doesNotContain("hunter2");
    assertThat(stage.runs().list(ADA, RunQuery.all()).toString()).doesNotContain("hunter2");
  }

  @Test
  void retry_ofAnEndedRun_makesAnother_linkedToIt() {
    RunId id = stage.time.enqueue(login, new Login("joe", "x")).id();
    stage.time.runDue();

    RunAnswer answer = stage.runs().retry(ADA, id);

    RunId again = answer.run().orElseThrow();
    assertThat(answer)
        .isEqualTo(
            new RunAnswer(
                id, RunAnswer.Result.DONE, "run " + again + " will start", Optional.of(again)));
    assertThat(stage.runs().get(ADA, again).run().trigger().actor()).contains("ada");
    assertThat(stage.runs().get(ADA, again).links())
        .containsExactly(new RunDetail.Link(RunDetail.Relation.RETRY_OF, id, "login"));
    assertThat(stage.log()).containsExactly("ada run.retry run " + id + ": DONE");
  }

  @Test
  void one_thatCanNotBe_isAProblem() {
    RunId ended = stage.time.enqueue(login, new Login("joe", "x")).id();
    RunId waiting = stage.time.enqueue(sleeper, "x").id();
    stage.time.runDue();

    assertThat(problem(() -> stage.runs().cancel(ADA, ended, "")))
        .isEqualTo("409 conflict: run " + ended + " has ended");
    assertThat(problem(() -> stage.runs().cancel(ADA, UNKNOWN, "")))
        .isEqualTo("404 not-found: there is no such run");
    assertThat(problem(() -> stage.runs().retry(ADA, UNKNOWN)))
        .isEqualTo("404 not-found: there is no such run");
    assertThat(problem(() -> stage.runs().get(ADA, UNKNOWN)))
        .isEqualTo("404 not-found: there is no such run");
    assertThat(problem(() -> stage.runs().cancel(ADA, waiting, "x".repeat(501))))
        .isEqualTo("422 invalid: a reason must have at most 500 characters, had 501 at /reason");
    assertThat(stage.log()).containsExactly("ada run.cancel run " + ended + ": REFUSED");
  }

  @Test
  void cancel_saysWhoAndWhy() {
    RunId id = later();
    RunId other = later();

    assertThat(stage.runs().cancel(ADA, id, " wrong customer ").result())
        .isEqualTo(RunAnswer.Result.DONE);
    assertThat(stage.runs().cancel(ADA, id, "").result()).isEqualTo(RunAnswer.Result.REPEATED);
    stage.runs().cancel(ADA, other, " ");
    stage.time.runDue();

    assertThat(state(id)).extracting("reason").isEqualTo("ada: wrong customer");
    assertThat(state(other)).extracting("reason").isEqualTo("asked by ada");
  }

  private RunState state(RunId id) {
    return stage.runs().get(ADA, id).run().state();
  }

  private RunId later() {
    return stage
        .time
        .client()
        .enqueue(sleeper, "x", EnqueueOptions.after(Duration.ofHours(1)))
        .id();
  }

  @Test
  void selection_isAnsweredPerRun_inOneRowOfTheLog() {
    RunId ended = stage.time.enqueue(login, new Login("joe", "x")).id();
    stage.time.runDue();
    RunId waits = later();

    List<RunAnswer> answers =
        stage.runs().cancel(ADA, Selection.of(List.of(ended, UNKNOWN, waits, ended)), "");

    assertThat(answers)
        .containsExactly(
            new RunAnswer(
                ended, RunAnswer.Result.CONFLICT, "run " + ended + " has ended", Optional.empty()),
            new RunAnswer(
                UNKNOWN, RunAnswer.Result.NOT_FOUND, "there is no such run", Optional.empty()),
            new RunAnswer(
                waits,
                RunAnswer.Result.DONE,
                "run " + waits + " is asked to end",
                Optional.empty()));
    AuditRow row = stage.operations.audit(ADA, Optional.empty(), 1).items().get(0);
    assertThat(row.target()).isEqualTo("3 runs");
    assertThat(row.before().orElseThrow())
        .contains(ended.toString(), UNKNOWN.toString(), waits.toString());
    assertThat(row.after()).contains("{\"done\":1,\"repeated\":0,\"conflict\":1,\"not-found\":1}");
  }

  @Test
  void filter_ofAsManyAsExpected_isDone() {
    for (int i = 0; i < 3; i++) {
      later();
    }
    RunQuery filter = RunQuery.ofJob("sleeper").in(Status.SCHEDULED).limit(1);

    assertThat(stage.runs().count(ADA, filter)).isEqualTo(new RunCount(3, false));
    assertThat(stage.runs().cancel(ADA, Selection.matching(filter, 3), ""))
        .hasSize(3)
        .extracting(RunAnswer::result)
        .containsOnly(RunAnswer.Result.DONE);
  }

  @Test
  void filter_ofOthersThanExpected_doesNothing() {
    RunId run = later();
    later();
    RunQuery filter = RunQuery.ofJob("sleeper");

    assertThat(problem(() -> stage.runs().cancel(ADA, Selection.matching(filter, 1), "")))
        .isEqualTo(
            "409 count-differs: 2 runs match, 1 were expected; nothing was done, look again");
    assertThat(problem(() -> stage.runs().cancel(ADA, Selection.matching(filter, 3), "")))
        .isEqualTo(
            "409 count-differs: 2 runs match, 3 were expected; nothing was done, look again");
    assertThat(stage.runs().get(ADA, run).run().cancelRequested()).isFalse();
    assertThat(stage.log()).isEmpty();
  }

  @Test
  void selection_hasALimit() {
    var ids = new ArrayList<RunId>(Collections.nCopies(1, UNKNOWN));
    for (int i = 0; i < 1_000; i++) {
      ids.add(later());
    }

    assertThat(problem(() -> stage.runs().cancel(ADA, Selection.of(ids), "")))
        .isEqualTo("422 invalid: /ids must be 1 to 1000, was 1001 at /ids");
    assertThat(problem(() -> stage.runs().cancel(ADA, Selection.of(List.of()), "")))
        .isEqualTo("422 invalid: /ids must be 1 to 1000, was 0 at /ids");
    assertThat(stage.runs().cancel(ADA, Selection.of(ids.subList(1, 1_001)), "")).hasSize(1_000);
    assertThat(stage.log()).containsExactly("ada run.cancel 1000 runs: DONE");
    assertThat(stage.operations.audit(ADA, Optional.empty(), 1).items().get(0).before())
        .hasValueSatisfying(before -> assertThat(before).contains(ids.get(1_000).toString()));

    later();
    assertThat(
            problem(() -> stage.runs().cancel(ADA, Selection.matching(RunQuery.all(), 1_000), "")))
        .isEqualTo(
            "422 invalid: more than 1000 runs match, and no more are taken at once; narrow the"
                + " filter, by time perhaps at /filter");
    assertThat(stage.runs().count(ADA, RunQuery.all())).isEqualTo(new RunCount(1_000, true));
  }

  @Test
  void list_isNewestFirst_byPages() {
    RunId first = later();
    RunId second = later();

    var page = stage.runs().list(ADA, RunQuery.all().limit(1));

    assertThat(page.items()).extracting(Run::id).containsExactly(second);
    assertThat(page.more()).isTrue();
    assertThat(stage.runs().list(ADA, RunQuery.all().olderThan(second)).items())
        .extracting(Run::id)
        .containsExactly(first);
  }
}
