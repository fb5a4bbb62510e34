// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import static dev.belfry.admin.operations.Stage.ADA;
import static dev.belfry.admin.operations.Stage.NOON;
import static dev.belfry.admin.operations.Stage.problem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.SchedulerClient;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.Run;
import dev.belfry.run.Status;
import dev.belfry.run.Target;
import dev.belfry.run.Unique;
import dev.belfry.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobDeskTest {
  record Line(String product, int amount) {}

  record Order(String id, List<Line> lines) {}

  private static final EventType<Order> PLACED = EventType.of("order/placed", Order.class);

  private final Job<Order> ship =
      Job.named("ship", Order.class)
          .title("Ship an order")
          .formerly("send")
          .tags("shop")
          .retry(RetryPolicy.none())
          .onEvent(PLACED)
          .handler((ctx, order) -> ctx.sleep("pack", Duration.ofMinutes(1)));

  private final Job<Void> sweep =
      Job.named("sweep")
          .queue("night")
          .schedule(Schedule.daily(java.time.LocalTime.of(3, 0)))
          .handler(ctx -> {});

  private final Stage stage = new Stage(ship, sweep);

  @AfterEach
  void close() {
    stage.close();
  }

  private static EnqueueRequest order(String json) {
    return EnqueueRequest.of(Optional.of(json));
  }

  @Test
  void list_hasWhatWaitsOfEach() {
    stage.jobs().enqueue(ADA, "ship", order("{\"id\":\"1\",\"lines\":[]}"));
    stage.operations.pause(ADA, Target.job("sweep"));

    List<JobEntry> jobs = stage.jobs().list(ADA);

    JobEntry first = jobs.get(0);
    assertThat(first.name()).isEqualTo("ship");
    assertThat(first.view().orElseThrow().title()).isEqualTo("Ship an order");
    assertThat(first.queue()).isEqualTo("default");
    assertThat(first.nodes()).hasSize(1);
    assertThat(first.served()).isTrue();
    assertThat(first.paused()).isFalse();
    assertThat(first.pending()).isEqualTo(Map.of(Status.SCHEDULED, 1L));
    assertThat(first.dueAt()).contains(NOON);
    assertThat(jobs.get(1).name()).isEqualTo("sweep");
    assertThat(jobs.get(1).paused()).isTrue();
    assertThat(jobs.get(1).pending()).isEmpty();
  }

  @Test
  void get_byPresentOrFormerName() {
    stage.jobs().enqueue(ADA, "send", order("{\"id\":\"1\",\"lines\":[]}"));
    stage.time.drain();

    JobDetail detail = stage.jobs().get(ADA, "send");

    assertThat(detail.entry().name()).isEqualTo("ship");
    assertThat(detail.statistics().orElseThrow().completed()).isEqualTo(1);
    assertThat(detail.explanation()).startsWith("job \"ship\" has nothing to do");
    assertThat(stage.jobs().get(ADA, "sweep").schedules())
        .extracting(entry -> entry.words())
        .containsExactly("at 03:00 UTC every day");
    assertThat(problem(() -> stage.jobs().get(ADA, "shop")))
        .isEqualTo("404 not-found: there is no such job");
  }

  @Test
  void jobThatNoNodeKnows_isListedWhileItHasRuns() {
    Job<String> lost = Job.named("lost", String.class).tags("shop").handler((ctx, input) -> {});
    SchedulerClient.of(stage.time.store(), stage.context.host(), lost).enqueue(lost, "x");

    JobEntry entry = stage.jobs().get(ADA, "lost").entry();

    assertThat(entry.view()).isEmpty();
    assertThat(entry.served()).isFalse();
    assertThat(entry.pending()).isEqualTo(Map.of(Status.SCHEDULED, 1L));
    assertThat(stage.jobs().get(ADA, "lost").statistics()).isEmpty();
    assertThat(problem(() -> stage.jobs().enqueue(ADA, "lost", order("\"x\""))))
        .isEqualTo("404 not-found: there is no such job known to this node");
    assertThat(problem(() -> stage.jobs().get(Stage.ADA.confinedTo("shop"), "lost")))
        .isEqualTo("404 not-found: there is no such job");
  }

  @Test
  void enqueue_withAllThatCanBeSaid() {
    Instant due = NOON.plusSeconds(90);
    var request =
        new EnqueueRequest(
            Optional.of("{\"id\":\"1\",\"lines\":[]}"),
            Optional.of(due),
            Optional.empty(),
            OptionalInt.of(3),
            Optional.of("order 1"),
            Optional.of(Duration.ofHours(1)),
            Optional.empty(),
            List.of("gift"));

    Enqueued made = stage.jobs().enqueue(ADA, "ship", request);

    Run run = stage.runs().get(ADA, made.run()).run();
    assertThat(made.created()).isTrue();
    assertThat(run.dueAt()).isEqualTo(due);
    assertThat(run.priority()).isEqualTo(3);
    assertThat(run.tags()).containsExactly("shop", "gift");
    assertThat(run.trigger().actor()).contains("ada");
    assertThat(problem(() -> stage.jobs().enqueue(ADA, "ship", request)))
        .isEqualTo(
            "409 key-held: unique key \"order 1\" of job \"ship\" is held by run " + made.run());
    var same =
        new EnqueueRequest(
            request.input(),
            Optional.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            request.key(),
            Optional.empty(),
            Optional.of(Unique.OnConflict.RETURN_EXISTING),
            List.of());
    assertThat(stage.jobs().enqueue(ADA, "ship", same)).isEqualTo(new Enqueued(made.run(), false));
    assertThat(stage.log())
        .containsExactly(
            "ada job.enqueue job ship: DONE",
            "ada job.enqueue job ship: REFUSED",
            "ada job.enqueue job ship: DONE");
  }

  @Test
  void enqueue_ofAJobWithoutInput() {
    assertThat(stage.jobs().enqueue(ADA, "sweep", EnqueueRequest.of(Optional.empty())).created())
        .isTrue();
    assertThat(stage.jobs().enqueue(ADA, "sweep", order("null")).created()).isTrue();
    assertThat(problem(() -> stage.jobs().enqueue(ADA, "sweep", order("1")))).startsWith("422");
    assertThat(
            problem(() -> stage.jobs().enqueue(ADA, "ship", EnqueueRequest.of(Optional.empty()))))
        .isEqualTo("422 invalid: input of job \"ship\" must not be null at /input");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"id\":\"1\",\"lines\":[{\"product\":\"a\",\"amount\":\"x\"}]}|/input/lines/0/amount",
        "{\"id\":{}}|/input/id",
        "[|/input",
        "|/input",
      })
  void enqueue_ofABadInput_saysWhere(String json, String pointer) {
    assertThat(problem(() -> stage.jobs().enqueue(ADA, "ship", order(json == null ? "" : json))))
        .startsWith("422 invalid: cannot decode Order at $")
        .endsWith(" at " + pointer);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "$|``",
        "$.a.b[3]|/a/b/3",
        "$[\"a b\"].c|/a b/c",
        "$[\"a/b~c\"]|/a~1b~0c",
        "$[12][0]|/12/0"
      })
  void pointer_ofThePathOfACodec(String path, String pointer) {
    assertThat(Inputs.pointer(path)).isEqualTo(pointer);
  }

  @Test
  void enqueue_ofBadOptions_saysWhichOne() {
    assertThat(enqueue(Optional.of(NOON), Optional.of(Duration.ZERO), 0, Optional.empty(), "t"))
        .isEqualTo("422 invalid: delay must not be given together with dueAt at /delay");
    assertThat(enqueue(Optional.of(Instant.MAX), Optional.empty(), 0, Optional.empty(), "t"))
        .isEqualTo(
            "422 invalid: due time must lie in the years 1 to 9999, was "
                + Instant.MAX
                + " at /dueAt");
    assertThat(
            enqueue(
                Optional.empty(), Optional.of(Duration.ofSeconds(-1)), 0, Optional.empty(), "t"))
        .isEqualTo("422 invalid: delay must not be negative, was PT-1S at /delay");
    assertThat(enqueue(Optional.empty(), Optional.empty(), 5, Optional.empty(), "t"))
        .startsWith("422 invalid: priority must be ")
        .endsWith(" at /priority");
    assertThat(enqueue(Optional.empty(), Optional.empty(), 0, Optional.of(""), "t"))
        .isEqualTo("422 invalid: unique key must have 1 to 200 characters, had 0 at /key");
    assertThat(enqueue(Optional.empty(), Optional.empty(), 0, Optional.empty(), " "))
        .isEqualTo(
            "422 invalid: tag must have 1 to 100 characters that are not all blank, was \" \" at"
                + " /tags");
    assertThat(stage.log()).isEmpty();
  }

  private String enqueue(
      Optional<Instant> dueAt,
      Optional<Duration> delay,
      int priority,
      Optional<String> key,
      String tag) {
    var request =
        new EnqueueRequest(
            Optional.of("{\"id\":\"1\",\"lines\":[]}"),
            dueAt,
            delay,
            OptionalInt.of(priority),
            key,
            Optional.empty(),
            Optional.empty(),
            List.of(tag));
    return problem(() -> stage.jobs().enqueue(ADA, "ship", request));
  }

  @Test
  void send_startsWhatSubscribes() {
    String json = "{\"id\":\"7\",\"lines\":[]}";
    String id = "01890000-0000-7000-8000-000000000007";

    stage.operations.send(ADA, "order/placed", json, Optional.of(id));
    stage.operations.send(ADA, "order/placed", json, Optional.of(id));
    stage.time.drain();

    assertThat(stage.time.runsOf("ship")).hasSize(1);
    assertThat(problem(() -> stage.operations.send(ADA, "order/lost", json, Optional.empty())))
        .isEqualTo("404 not-found: there is no such type of events on this node");
    assertThat(problem(() -> stage.operations.send(ADA, "order/placed", "{", Optional.empty())))
        .startsWith("422 invalid: cannot decode Order at $")
        .endsWith(" at /data");
    assertThat(problem(() -> stage.operations.send(ADA, "order/placed", json, Optional.of("7"))))
        .isEqualTo("422 invalid: id of an event must be a UUID, was \"7\" at /id");
  }

  @Test
  void pause_ofWhatThereIs() {
    stage.operations.pause(ADA, Target.job("send"));
    stage.operations.pause(ADA, Target.queue("night"));
    stage.operations.pause(ADA, Target.all());
    stage.operations.resume(ADA, Target.job("ship"));

    assertThat(stage.operations.paused(ADA)).containsExactly(Target.all(), Target.queue("night"));
    assertThat(stage.operations.queues(ADA))
        .filteredOn(QueueEntry::paused)
        .extracting(QueueEntry::name)
        .containsExactly("night");
    assertThat(problem(() -> stage.operations.pause(ADA, Target.job("nothing"))))
        .isEqualTo("404 not-found: there is no such job");
    assertThat(problem(() -> stage.operations.pause(ADA, Target.queue("nothing"))))
        .isEqualTo("404 not-found: there is no such queue");
    assertThat(stage.log())
        .containsExactly(
            "ada pause job ship: DONE",
            "ada pause queue night: DONE",
            "ada pause all: DONE",
            "ada resume job ship: DONE");
  }
}
