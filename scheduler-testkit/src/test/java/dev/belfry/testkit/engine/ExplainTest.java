// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static dev.belfry.testkit.engine.ExplainPage.listed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.EnqueueOptions;
import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.ResultJob;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerClient;
import dev.belfry.retry.NonRetryableException;
import dev.belfry.retry.RetryAfterException;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.retry.SnoozeException;
import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.run.Target;
import dev.belfry.store.NewRun;
import dev.belfry.store.NodeCard;
import dev.belfry.store.Payload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each reason why a run is where it is has a sentence; docs/explain.md has them all. */
class ExplainTest {
  private static final EventType<String> PAID =
      EventType.of("paid", String.class).keyedBy(order -> order);

  private final World world = new World();
  private final Job<String> stopping =
      Job.named("stopping", String.class)
          .retry(RetryPolicy.fixed(Duration.ofMinutes(1)).withMaxAttempts(2))
          .handler((ctx, input) -> world.time.pause());

  @AfterEach
  void resume() {
    world.time.resumeAll();
    world.time.runDue();
  }

  private static Job.Builder<String> job() {
    return Job.named("work", String.class)
        .retry(RetryPolicy.fixed(Duration.ofMinutes(1)).withMaxAttempts(2));
  }

  private static Job<String> failing(Job.Builder<String> builder, Exception failure) {
    return builder.handler(
        (ctx, input) -> {
          throw failure;
        });
  }

  /** Starts a node with one worker. */
  private Scheduler start(Job<?>... jobs) {
    return world.builder(world.time.newHost(), jobs).name("web-1").workers(1).start();
  }

  /** Returns what is said of a run after its first pass, without the words "run", id. */
  private String explained(Job<String> job) {
    Scheduler scheduler = start(job);
    RunId run = scheduler.enqueue(job, "input").id();
    world.time.advance(Duration.ofSeconds(1));
    return explained(scheduler, run);
  }

  private static String explained(SchedulerClient client, RunId run) {
    String sentence = listed(client.explain(run));
    assertThat(sentence).startsWith("run " + run + " ");
    return sentence.substring(("run " + run + " ").length());
  }

  // Not started

  @Test
  void unknownRun() {
    assertThat(listed(start().explain(RunId.of(1, 1, 1))))
        .isEqualTo(
            "there is no run 00000000-0001-7001-8000-000000000001; its history may have been"
                + " deleted");
  }

  @Test
  void notDueYet() {
    Scheduler scheduler = start(stopping);
    RunId run = scheduler.enqueue(stopping, "a", EnqueueOptions.after(Duration.ofHours(1))).id();

    assertThat(explained(scheduler, run)).isEqualTo("is due at 2026-03-02T09:00:00Z");
  }

  @Test
  void noFreeWorker() {
    Scheduler scheduler = start(stopping);
    scheduler.enqueue(stopping, "a");
    RunId second = scheduler.enqueue(stopping, "b").id();
    world.time.advance(Duration.ofSeconds(1));

    assertThat(explained(scheduler, second))
        .isEqualTo("is due since 2026-03-02T08:00:00Z and waits for a free worker");
  }

  @Test
  void pausedJob_queueAndAll() {
    Scheduler scheduler = start(stopping);
    for (Target target : List.of(Target.job("stopping"), Target.queue("default"), Target.all())) {
      scheduler.pause(target, "ann");
      RunId run = scheduler.enqueue(stopping, "a").id();

      assertThat(explained(scheduler, run))
          .isEqualTo("is due since 2026-03-02T08:00:00Z and waits: " + target + " is paused");
      scheduler.resume(target, "ann");
    }
  }

  @Test
  void noNodeKnowsTheJob() {
    SchedulerClient client = SchedulerClient.of(world.store, stopping);
    RunId run = client.enqueue(stopping, "a").id();
    assertThat(explained(client, run))
        .isEqualTo(
            "is due since 2026-03-02T08:00:00Z and waits: no live node has a handler for job"
                + " \"stopping\"; no node is alive");

    start(job().handler((ctx, input) -> {}));
    assertThat(explained(client, run))
        .isEqualTo(
            "is due since 2026-03-02T08:00:00Z and waits: no live node has a handler for job"
                + " \"stopping\"; live nodes know [work]");
  }

  @Test
  void limitAndOrder() {
    Job<String> limited =
        job().limitRuns(1).inOrder(input -> "k").handler((ctx, input) -> world.time.pause());
    Scheduler scheduler = world.start(limited);
    scheduler.enqueue(limited, "a");
    RunId second = scheduler.enqueue(limited, "b").id();
    world.time.advance(Duration.ofSeconds(1));

    assertThat(explained(scheduler, second))
        .isEqualTo(
            "is due since 2026-03-02T08:00:00Z and waits for a slot of limit \"job work\" and its"
                + " turn in the order of key \"k\"");
  }

  @Test
  void askedToEnd() {
    SchedulerClient client = SchedulerClient.of(world.store, stopping);
    RunId run = client.enqueue(stopping, "a").id();
    client.cancel(run, "no need");

    assertThat(explained(client, run))
        .isEqualTo(
            "is due since 2026-03-02T08:00:00Z and waits to end, as somebody asked; no live node"
                + " has a handler for job \"stopping\"; no node is alive");
  }

  // Begun before

  @Test
  void retry_withDelayAndReason() {
    assertThat(explained(failing(job(), new IOException("no disk"))))
        .isEqualTo(
            "is due at 2026-03-02T08:01:00Z: attempt 1 of 2 failed, next after 1 min (fixed, no jitter); it"
                + " failed of java.io.IOException: no disk");
  }

  @Test
  void retry_asTheOtherSideAsks() {
    assertThat(
            explained(failing(job(), new RetryAfterException("too many", Duration.ofSeconds(90)))))
        .isEqualTo(
            "is due at 2026-03-02T08:01:30Z: attempt 1 of 2 failed, next after 1 min 30 s"
                + " (as the failure asked); it failed of dev.belfry.retry.RetryAfterException:"
                + " too many");
  }

  @Test
  void snooze() {
    assertThat(explained(failing(job(), new SnoozeException(Duration.ofMinutes(5)))))
        .isEqualTo("is due at 2026-03-02T08:05:00Z: it is snoozed: snooze for PT5M");
  }

  @Test
  void sleep() {
    assertThat(explained(job().handler((ctx, input) -> ctx.sleep("dry", Duration.ofHours(2)))))
        .isEqualTo("is due at 2026-03-02T10:00:00Z: it is suspended on sleep \"dry\" of PT2H");
  }

  @Test
  void handBack_byANodeThatCloses() {
    Scheduler scheduler =
        world.builder(world.time.newHost(), stopping).grace(Duration.ZERO).start();
    RunId run = scheduler.enqueue(stopping, "a").id();
    world.time.advance(Duration.ofSeconds(1));
    scheduler.close();

    assertThat(explained(SchedulerClient.of(world.store, stopping), run))
        .isEqualTo(
            "is due since 2026-03-02T08:00:00Z (cut short by a shutdown) and waits: no"
                + " live node has a handler for job \"stopping\"; no node is alive");
  }

  @Test
  void waitForAnEvent() {
    assertThat(
            explained(
                job()
                    .handler(
                        (ctx, input) ->
                            ctx.waitForEvent("paid", PAID, "order-1", Duration.ofDays(3)))))
        .isEqualTo("waits: wait \"paid\" for paid of \"order-1\", until 2026-03-05T08:00:00Z");
  }

  @Test
  void waitForAnotherRun() {
    ResultJob<String, String> child =
        Job.named("child", String.class)
            .returning(
                String.class,
                (ctx, input) -> {
                  world.time.pause();
                  return input;
                });
    Job<String> parent = job().handler((ctx, input) -> ctx.invoke("ask", child, input));
    Scheduler scheduler = start(parent, child);
    RunId run = scheduler.enqueue(parent, "a").id();
    world.time.advance(Duration.ofSeconds(1));
    RunId other = world.runsOf("child").get(0).id();

    assertThat(explained(scheduler, run))
        .isEqualTo(
            "waits: invoke \"ask\", run " + other + " of job child, for as long as it takes");
  }

  @Test
  void blocked() {
    Job<String> job = job().handler((ctx, input) -> {});
    Scheduler scheduler = start(job);
    RunId run = RunId.of(1, 1, 1);
    world.store.insert(
        List.of(NewRun.of(run, "work", Payload.of("json", "{".getBytes(StandardCharsets.UTF_8)))));
    world.time.advance(Duration.ofSeconds(5));

    assertThat(explained(scheduler, run))
        .isEqualTo(
            "is blocked: its input can't be decoded: cannot decode String at $: expected a"
                + " string, was an object; retry or cancel it");
  }

  // Running

  @Test
  void running() {
    assertThat(explained(stopping))
        .isEqualTo(
            "is running on web-1 since 2026-03-02T08:00:00Z, attempt 1, under a lease until"
                + " 2026-03-02T08:00:09Z");
  }

  @Test
  void running_askedToEnd() {
    var host = world.time.newHost();
    Scheduler scheduler = world.builder(host, stopping).name("web-1").start();
    RunId run = scheduler.enqueue(stopping, "a").id();
    world.time.advance(Duration.ofSeconds(1));
    SchedulerClient client = SchedulerClient.of(world.store, stopping);
    host.kill(); // before it hears of it
    client.cancel(run, "no need");

    assertThat(explained(client, run))
        .isEqualTo(
            "is running on web-1 since 2026-03-02T08:00:00Z, attempt 1, asked to end, under a lease"
                + " until 2026-03-02T08:00:09Z");
  }

  @Test
  void lostNode() {
    var host = world.time.newHost();
    Scheduler scheduler = world.builder(host, stopping).name("web-1").start();
    RunId run = scheduler.enqueue(stopping, "a").id();
    world.time.advance(Duration.ofSeconds(1));
    SchedulerClient client = SchedulerClient.of(world.store, stopping);
    host.kill();
    world.time.advance(Duration.ofSeconds(20));
    assertThat(explained(client, run))
        .isEqualTo(
            "is running on web-1 since 2026-03-02T08:00:00Z, attempt 1; the lease of that node"
                + " ended at 2026-03-02T08:00:09Z, so the run is taken over soon");

    start(job().handler((ctx, input) -> {}));
    world.time.advance(Duration.ofMinutes(1));
    assertThat(explained(client, run))
        .isEqualTo(
            "is due since 2026-03-02T08:00:00Z (node 00000000-0000-8000-8000-000000000001"
                + " lost its lease) and waits: no live node has a handler for job \"stopping\";"
                + " live nodes know [work]");
  }

  @Test
  void deadNode() {
    var host = world.time.newHost();
    Scheduler scheduler = world.builder(host, stopping).name("web-1").start();
    scheduler.enqueue(stopping, "a");
    RunId second = scheduler.enqueue(stopping, "b").id();
    world.time.advance(Duration.ofSeconds(1));
    NodeId reaper = world.store.join(new NodeCard("web-2", "test", Set.of()), Duration.ofHours(1));
    host.kill();
    world.time.advance(Duration.ofSeconds(20));
    world.store.reap(reaper, Duration.ofSeconds(9), 1); // the other one follows

    assertThat(explained(SchedulerClient.of(world.store, stopping), second))
        .isEqualTo(
            "is running on node 00000000-0000-8000-8000-000000000001 since 2026-03-02T08:00:00Z,"
                + " attempt 1; that node is gone, so the run is taken over soon");
  }

  // Ended

  @Test
  void completed() {
    assertThat(explained(job().handler((ctx, input) -> {})))
        .isEqualTo("ended at 2026-03-02T08:00:00Z COMPLETED");
  }

  @Test
  void failed_withTheReasonForNoFurtherAttempt() {
    assertThat(explained(failing(job(), new NonRetryableException("no such user"))))
        .isEqualTo(
            "ended at 2026-03-02T08:00:00Z FAILED: dev.belfry.retry.NonRetryableException:"
                + " no such user (attempt 1 of 2 failed with NonRetryableException, which is not"
                + " retried)");
    assertThat(explained(failing(job().retry(RetryPolicy.none()), new IOException("no disk"))))
        .isEqualTo(
            "ended at 2026-03-02T08:00:01Z FAILED: java.io.IOException: no disk (attempt 1"
                + " of 1 failed, none is left)");
  }

  @Test
  void timedOut() {
    Job<String> job =
        job()
            .retry(RetryPolicy.none())
            .timeout(Duration.ofMillis(500))
            .handler((ctx, input) -> world.time.pause());

    assertThat(explained(job))
        .isEqualTo(
            "ended at 2026-03-02T08:00:00.500Z TIMED_OUT: ran longer than its timeout of"
                + " PT0.5S (attempt 1 of 1 failed, none is left)");
  }

  @Test
  void startedTooLate() {
    Job<String> job = job().startWithin(Duration.ofMinutes(5)).handler((ctx, input) -> {});
    RunId run = SchedulerClient.of(world.store, job).enqueue(job, "a").id();
    world.time.advance(Duration.ofMinutes(10));
    Scheduler scheduler = start(job);
    world.time.advance(Duration.ofSeconds(1));

    assertThat(explained(scheduler, run))
        .isEqualTo(
            "ended at 2026-03-02T08:10:00Z TIMED_OUT: not started within PT5M of"
                + " 2026-03-02T08:00:00Z");
  }

  @Test
  void cancelled() {
    Job<String> job = job().handler((ctx, input) -> {});
    Scheduler scheduler = start(job);
    RunId run = scheduler.enqueue(job, "a", EnqueueOptions.after(Duration.ofHours(1))).id();
    scheduler.cancel(run, "no need");
    world.time.advance(Duration.ofSeconds(5));

    assertThat(explained(scheduler, run))
        .isEqualTo("ended at 2026-03-02T08:00:00Z CANCELLED: no need");
  }

  @Test
  void skipped() {
    assertThat(explained(job().onlyIf(input -> false).handler((ctx, input) -> {})))
        .isEqualTo(
            "ended at 2026-03-02T08:00:00Z SKIPPED: not wanted: its condition (onlyIf) is false");
  }
}
