// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import static dev.belfry.admin.operations.Stage.ADA;
import static dev.belfry.admin.operations.Stage.BLUE;
import static dev.belfry.admin.operations.Stage.NOON;
import static dev.belfry.admin.operations.Stage.RED;
import static dev.belfry.admin.operations.Stage.problem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.AlertRule;
import dev.belfry.EnqueueOptions;
import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.http.Principal;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import dev.belfry.run.RunQuery;
import dev.belfry.run.Status;
import dev.belfry.run.Target;
import dev.belfry.schedule.Schedule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What somebody sees and does who is confined to tags. RED is, BLUE is to two; ADA is not. */
class ConfinementTest {
  private static final String GONE = "404 not-found: there is no such ";
  private static final EventType<String> NEWS = EventType.of("news", String.class);

  private final Job<String> red =
      Job.named("red-job", String.class)
          .tags("red")
          .queue("red-queue")
          .schedule("red-tick", Schedule.every(Duration.ofHours(1)), "tick")
          .alert(AlertRule.failure(Status.FAILED))
          .retry(RetryPolicy.none())
          .handler((ctx, input) -> fail(input));

  private final Job<String> blue =
      Job.named("blue-job", String.class)
          .tags("blue")
          .queue("blue-queue")
          .schedule("blue-tick", Schedule.every(Duration.ofHours(1)), "tick")
          .alert(AlertRule.failure(Status.FAILED))
          .retry(RetryPolicy.none())
          .handler((ctx, input) -> fail(input));

  private final Job<String> bare =
      Job.named("bare-job", String.class).onEvent(NEWS).handler((ctx, input) -> {});

  private final Stage stage = new Stage(red, blue, bare);
  private final RunId redRun = later(red);
  private final RunId blueRun = later(blue);

  private static void fail(String input) {
    if (input.equals("fail")) {
      throw new IllegalStateException("as asked");
    }
  }

  @AfterEach
  void close() {
    stage.close();
  }

  private RunId later(Job<String> job, String... tags) {
    return stage
        .time
        .client()
        .enqueue(job, "x", EnqueueOptions.after(Duration.ofHours(10)).withTags(tags))
        .id();
  }

  @Test
  void readsOfOthers_areNotThere() {
    var reads = new TreeMap<String, Supplier<?>>();
    reads.put("run", () -> stage.runs().get(BLUE, redRun));
    reads.put("job", () -> stage.jobs().get(BLUE, "red-job"));
    reads.put("schedule", () -> stage.schedules().get(BLUE, "red-tick", 3));

    reads.forEach((what, read) -> assertThat(problem(read)).isEqualTo(GONE + what));
  }

  @Test
  void actionsOnOthers_areAsOnNothing_andDoNothing() {
    var actions = new TreeMap<String, Supplier<?>>();
    actions.put("run 1", () -> stage.runs().cancel(BLUE, redRun, ""));
    actions.put("run 2", () -> stage.runs().retry(BLUE, redRun));
    actions.put(
        "job known to this node",
        () -> stage.jobs().enqueue(BLUE, "red-job", EnqueueRequest.of(Optional.of("\"x\""))));
    actions.put("job 1", done(() -> stage.operations.pause(BLUE, Target.job("red-job"))));
    actions.put("job 2", done(() -> stage.operations.resume(BLUE, Target.job("red-job"))));
    actions.put(
        "job 3",
        () ->
            stage
                .operations
                .alerts()
                .silence(BLUE, Optional.of("red-job"), Optional.empty(), NOON.plusSeconds(60)));
    actions.put(
        "job 4",
        done(
            () ->
                stage
                    .operations
                    .alerts()
                    .unsilence(BLUE, Optional.of("red-job"), Optional.empty())));
    actions.put(
        "schedule 1",
        () -> stage.schedules().change(BLUE, "red-tick", "every PT5M", Optional.empty()));
    actions.put("schedule 2", () -> stage.schedules().pause(BLUE, "red-tick"));
    actions.put("schedule 3", () -> stage.schedules().resume(BLUE, "red-tick"));
    actions.put("schedule 4", () -> stage.schedules().reset(BLUE, "red-tick"));
    actions.put("schedule 5", done(() -> stage.schedules().delete(BLUE, "red-tick")));
    actions.put("schedule 6", () -> stage.schedules().trigger(BLUE, "red-tick", false));
    actions.put("schedule 7", () -> stage.schedules().trigger(BLUE, "red-tick", true));
    RunDetail run = stage.runs().get(ADA, redRun);
    ScheduleDetail schedule = stage.schedules().get(ADA, "red-tick", 3);

    actions.forEach(
        (what, action) ->
            assertThat(problem(action)).isEqualTo(GONE + what.replaceAll(" \\d", "")));

    assertThat(stage.runs().get(ADA, redRun)).usingRecursiveComparison().isEqualTo(run);
    assertThat(stage.schedules().get(ADA, "red-tick", 3))
        .usingRecursiveComparison()
        .isEqualTo(schedule);
    assertThat(stage.operations.paused(ADA)).isEmpty();
    assertThat(stage.log()).isEmpty();
  }

  private static Supplier<?> done(Runnable action) {
    return () -> {
      action.run();
      return "done";
    };
  }

  @Test
  void scheduleForAJobOfOthers_isAsForNone() {
    var request =
        new ScheduleRequest(
            "mine", "red-job", "every PT5M", Optional.empty(), Optional.of("\"x\""), List.of());

    assertThat(problem(() -> stage.schedules().create(BLUE, request)))
        .isEqualTo("422 invalid: there is no job \"red-job\" on this node at /job");
  }

  @Test
  void deletedScheduleOfOthers_canNotBeReset() {
    stage.schedules().delete(ADA, "red-tick");

    assertThat(problem(() -> stage.schedules().reset(BLUE, "red-tick")))
        .isEqualTo(GONE + "schedule");
    assertThat(stage.schedules().reset(RED, "red-tick").view().definition())
        .isEqualTo("every PT1H");
  }

  @Test
  void whatConcernsAll_isForbidden() {
    List<Runnable> actions =
        List.of(
            () -> stage.operations.pause(RED, Target.queue("red-queue")),
            () -> stage.operations.resume(RED, Target.all()),
            () ->
                stage
                    .operations
                    .alerts()
                    .silence(RED, Optional.empty(), Optional.empty(), NOON.plusSeconds(60)),
            () -> stage.operations.send(RED, "news", "\"x\"", Optional.empty()));

    assertThat(actions.stream().map(Stage::problem))
        .containsExactly(
            "403 confined: only somebody who is not confined to tags may pause a queue or"
                + " everything",
            "403 confined: only somebody who is not confined to tags may resume a queue or"
                + " everything",
            "403 confined: only somebody who is not confined to tags may silence alerts of all"
                + " jobs",
            "403 confined: only somebody who is not confined to tags may send events, which have"
                + " no tags");
    assertThat(stage.log()).isEmpty();
  }

  @Test
  void lists_holdTheirOwnOnly() {
    assertThat(stage.jobs().list(RED)).extracting(JobEntry::name).containsExactly("red-job");
    assertThat(stage.jobs().list(RED).get(0).nodes()).isEmpty();
    assertThat(stage.jobs().list(ADA))
        .extracting(JobEntry::name)
        .contains("red-job", "blue-job", "bare-job");
    assertThat(runs(RED, RunQuery.all())).containsExactly(redRun);
    assertThat(runs(BLUE, RunQuery.all())).containsExactly(blueRun);
    assertThat(schedules(RED, 10)).containsExactly("red-tick");
    assertThat(schedules(BLUE, 10)).containsExactly("blue-tick");
    assertThat(stage.operations.queues(RED))
        .containsExactly(
            new QueueEntry(
                "red-queue",
                stage.operations.queues(ADA).stream()
                    .filter(queue -> queue.name().equals("red-queue"))
                    .findFirst()
                    .orElseThrow()
                    .workersHere(),
                false,
                List.of("red-job"),
                Map.of(Status.SCHEDULED, 1L),
                Optional.of(NOON.plus(Duration.ofHours(10)))));
    assertThat(stage.operations.nodes(RED)).isEmpty();
    assertThat(stage.operations.nodes(ADA)).hasSize(1);
    assertThat(stage.operations.events(RED)).isEmpty();
    assertThat(stage.operations.events(ADA))
        .containsExactly(new EventEntry("news", List.of("bare-job")));
  }

  @Test
  void theirOwn_isThereForThem() {
    stage.runs().cancel(RED, redRun, "");
    stage.operations.pause(RED, Target.job("red-job"));
    stage.schedules().pause(RED, "red-tick");
    stage.jobs().enqueue(RED, "red-job", EnqueueRequest.of(Optional.of("\"x\"")));

    assertThat(stage.log())
        .containsExactly(
            "red run.cancel run " + redRun + ": DONE",
            "red pause job red-job: DONE",
            "red schedule.pause schedule red-tick: DONE",
            "red job.enqueue job red-job: DONE");
    assertThat(stage.operations.paused(RED)).containsExactly(Target.job("red-job"));
    assertThat(stage.operations.paused(BLUE)).isEmpty();
  }

  @Test
  void auditLog_showsWhatWasDoneInTheirName() {
    stage.runs().cancel(RED, redRun, "");
    stage.runs().cancel(BLUE, blueRun, "");

    assertThat(stage.operations.audit(RED, Optional.empty(), 10).items())
        .extracting(AuditRow::target)
        .containsExactly("run " + redRun);
    assertThat(stage.operations.audit(ADA, Optional.empty(), 10).items()).hasSize(2);
  }

  @Test
  void selection_leavesOthersAlone() {
    List<RunAnswer> answers =
        stage.runs().cancel(RED, Selection.of(List.of(blueRun, redRun)), "cleaning up");

    assertThat(answers)
        .extracting(answer -> answer.id() + " " + answer.result() + ": " + answer.detail())
        .containsExactly(
            blueRun + " NOT_FOUND: there is no such run",
            redRun + " DONE: run " + redRun + " is asked to end");
    assertThat(stage.runs().get(ADA, blueRun).run().cancelRequested()).isFalse();
    assertThat(stage.runs().cancel(RED, Selection.of(blueRun), ""))
        .extracting(RunAnswer::result)
        .containsExactly(RunAnswer.Result.NOT_FOUND);
  }

  @Test
  void filter_meansTheirOwn() {
    assertThat(stage.runs().count(RED, RunQuery.all())).isEqualTo(new RunCount(1, false));
    assertThat(problem(() -> stage.runs().retry(RED, Selection.matching(RunQuery.all(), 2))))
        .isEqualTo(
            "409 count-differs: 1 runs match, 2 were expected; nothing was done, look again");
  }

  @Test
  void tagsOfOthers_canNotBeGiven() {
    var request =
        new EnqueueRequest(
            Optional.of("\"x\""),
            Optional.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of("navy", "red"));

    assertThat(problem(() -> stage.jobs().enqueue(BLUE, "blue-job", request)))
        .isEqualTo("422 invalid: tag must be one of yours, [blue, navy], was \"red\" at /tags/1");
    assertThat(stage.jobs().enqueue(ADA, "blue-job", request).created()).isTrue();
  }

  @Test
  void links_toOthersAreLeftOut() {
    Job<String> child = Job.named("child", String.class).tags("blue").handler((ctx, input) -> {});
    Job<String> parent =
        Job.named("parent", String.class)
            .tags("red")
            .handler((ctx, input) -> ctx.enqueue("child", child, input));
    try (Stage family = new Stage(parent, child)) {
      RunId mother = family.time.enqueue(parent, "x").id();
      family.time.drain();
      RunId daughter = family.time.runsOf("child").get(0).id();

      assertThat(family.runs().get(ADA, daughter).links())
          .containsExactly(new RunDetail.Link(RunDetail.Relation.PARENT, mother, "parent"));
      assertThat(family.runs().get(BLUE, daughter).links()).isEmpty();
    }
  }

  @Test
  void explanations_tellNothingOfNodes() {
    RunId run = later(red);
    String all = "nothing; live nodes know [blue-job, red-job]; more; live nodes know [blue-job]";

    assertThat(stage.runs().get(RED, run).explanation()).doesNotContain("blue-job");
    assertThat(new Ground(stage.context, stage.audit, Redaction.standard()).explanation(RED, all))
        .isEqualTo("nothing; more");
  }

  @Test
  void alerts_areThoseOfTheirJobs() {
    stage.time.enqueue(red, "fail");
    stage.time.enqueue(blue, "fail");
    stage.time.runDue();
    stage
        .operations
        .alerts()
        .silence(RED, Optional.of("red-job"), Optional.empty(), NOON.plusSeconds(600));
    stage
        .operations
        .alerts()
        .silence(ADA, Optional.empty(), Optional.of("any"), NOON.plusSeconds(600));

    assertThat(stage.operations.alerts().list(ADA).open()).hasSize(2);
    assertThat(stage.operations.alerts().list(ADA).silences()).hasSize(2);
    AlertEntries theirs = stage.operations.alerts().list(RED);
    assertThat(theirs.open())
        .extracting(alert -> alert.job().orElseThrow())
        .containsExactly("red-job");
    assertThat(theirs.silences()).extracting(silence -> silence.actor()).containsExactly("red");
  }

  @Test
  void overview_isOfTheirOwn() {
    stage.time.enqueue(red, "fail");
    stage.time.enqueue(blue, "x");
    stage.time.runDue();

    Overview theirs = stage.operations.overview(RED, Overview.Span.HOUR);
    Overview all = stage.operations.overview(ADA, Overview.Span.HOUR);

    assertThat(theirs.pending()).isEqualTo(Map.of(Status.SCHEDULED, 1L));
    assertThat(theirs.history().get(59)).isEqualTo(new Overview.Ended(NOON, 0, 1, 0, 0, 0));
    assertThat(theirs.nodes()).isEmpty();
    assertThat(theirs.concerns()).extracting(Concern::job).containsOnly(Optional.of("red-job"));
    assertThat(all.history().get(59).failed()).isEqualTo(1);
    assertThat(all.nodes()).contains(1);
  }

  private List<RunId> runs(Principal who, RunQuery query) {
    return stage.runs().list(who, query).items().stream().map(Run::id).toList();
  }

  private List<String> schedules(Principal who, int limit) {
    return stage.schedules().list(who, Optional.empty(), limit).items().stream()
        .map(entry -> entry.view().id())
        .toList();
  }
}
