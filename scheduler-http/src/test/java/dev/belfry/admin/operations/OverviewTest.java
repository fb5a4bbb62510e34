// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import static dev.belfry.admin.operations.Stage.ADA;
import static dev.belfry.admin.operations.Stage.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.AlertRule;
import dev.belfry.Job;
import dev.belfry.SchedulerClient;
import dev.belfry.admin.operations.Overview.Ended;
import dev.belfry.admin.operations.Overview.Span;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.Status;
import dev.belfry.run.Target;
import dev.belfry.store.NodeCard;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OverviewTest {
  private final Job<String> work =
      Job.named("work", String.class)
          .retry(RetryPolicy.none())
          .alert(AlertRule.failure(Status.FAILED))
          .handler(
              (ctx, input) -> {
                if (input.equals("fail")) {
                  throw new IllegalStateException("Bearer abc");
                }
              });

  private final Stage stage = new Stage(work);

  @AfterEach
  void close() {
    stage.close();
  }

  private Overview overview(Span span) {
    return stage.operations.overview(ADA, span);
  }

  private List<String> concerns() {
    return overview(Span.HOUR).concerns().stream()
        .map(concern -> concern.kind() + ": " + concern.sentence())
        .toList();
  }

  @Test
  void history_hasNoGaps_andEndsNow() {
    stage.time.enqueue(work, "x");
    stage.time.enqueue(work, "x");
    stage.time.runDue();
    stage.time.advance(Duration.ofMinutes(59));
    stage.time.enqueue(work, "x");
    stage.time.runDue();

    Overview hour = overview(Span.HOUR);
    assertThat(hour.history()).hasSize(60);
    assertThat(hour.history().get(0)).isEqualTo(new Ended(NOON, 2, 0, 0, 0, 0));
    assertThat(hour.history().get(30))
        .isEqualTo(new Ended(NOON.plus(Duration.ofMinutes(30)), 0, 0, 0, 0, 0));
    assertThat(hour.history().get(59))
        .isEqualTo(new Ended(NOON.plus(Duration.ofMinutes(59)), 1, 0, 0, 0, 0));
    assertThat(overview(Span.DAY).history()).hasSize(96);
    assertThat(overview(Span.WEEK).history()).hasSize(84);
    assertThat(overview(Span.WEEK).history().get(83)).isEqualTo(new Ended(NOON, 3, 0, 0, 0, 0));
    assertThat(overview(Span.QUARTER).history()).hasSize(90);
    assertThat(overview(Span.QUARTER).history().get(89))
        .isEqualTo(new Ended(Instant.parse("2026-03-02T00:00:00Z"), 3, 0, 0, 0, 0));
    assertThat(hour.pending()).isEmpty();
    assertThat(hour.oldestDue()).isEmpty();
    assertThat(hour.lag()).isZero();
    assertThat(hour.nodes()).contains(1);
    assertThat(hour.concerns()).isEmpty();
  }

  @Test
  void answer_isKeptForASecond_orUntilSomethingIsChangedHere() {
    Overview first = overview(Span.HOUR);
    stage.time.client().enqueue(work, "x");

    assertThat(overview(Span.HOUR)).isSameAs(first);
    stage.time.advance(Duration.ofSeconds(1));
    Overview second = overview(Span.HOUR);
    assertThat(second).isNotSameAs(first);
    stage.operations.pause(ADA, Target.all());
    assertThat(overview(Span.HOUR).concerns()).hasSize(1);
  }

  @Test
  void pausedRuns_lag_butAreNotOverdue() {
    stage.operations.pause(ADA, Target.job("work"));
    stage.time.enqueue(work, "x");
    stage.time.advance(Duration.ofMinutes(10));

    Overview overview = overview(Span.HOUR);

    assertThat(overview.pending()).isEqualTo(Map.of(Status.SCHEDULED, 1L));
    assertThat(overview.oldestDue()).contains(NOON);
    assertThat(overview.lag()).isEqualTo(Duration.ofMinutes(10));
    assertThat(concerns()).containsExactly("PAUSED: job work is paused");
  }

  @Test
  void concerns_areTheMostPressingFirst() {
    stage.time.store().join(new NodeCard("ghost", "1", Set.of("work")), Duration.ofSeconds(10));
    Job<String> lost = Job.named("lost", String.class).handler((ctx, input) -> {});
    SchedulerClient.of(stage.time.store(), stage.context.host(), lost).enqueue(lost, "x");
    stage.time.enqueue(work, "fail");
    stage.time.runDue();
    stage.operations.pause(ADA, Target.queue("default"));
    stage.time.advance(Duration.ofSeconds(30));

    List<Concern> concerns = overview(Span.HOUR).concerns();

    assertThat(concerns())
        .containsExactly(
            "NODE_LATE: node ghost has not renewed its lease, which ended at 2026-03-02T12:00:10Z",
            "ALERT: " + concerns.get(1).sentence(),
            "UNSERVED: job \"lost\" has runs that have not ended, and no live node has a handler"
                + " for it",
            "PAUSED: queue default is paused");
    assertThat(concerns.get(1).sentence()).contains("Bearer •••").doesNotContain("abc");
    assertThat(concerns.get(2).job()).contains("lost");
    assertThat(concerns.get(2).since()).isEqualTo(Optional.of(NOON));
  }

  @Test
  void runsThatCanNotStart_areBlocked_andNameTheNewest() {
    Job<Integer> other = Job.named("work", Integer.class).handler((ctx, input) -> {});
    SchedulerClient client = SchedulerClient.of(stage.time.store(), stage.context.host(), other);
    client.enqueue(other, 1);
    var newest = client.enqueue(other, 2).id();
    stage.time.runDue();
    stage.time.advance(Duration.ofHours(2)); // a poll

    Concern blocked = overview(Span.HOUR).concerns().get(0);

    assertThat(blocked)
        .isEqualTo(
            new Concern(
                Concern.Kind.BLOCKED,
                "job \"work\" has 2 runs blocked",
                Optional.of("work"),
                Optional.of(newest),
                Optional.empty()));
    assertThat(stage.runs().retry(ADA, newest).result()).isEqualTo(RunAnswer.Result.DONE);
  }
}
