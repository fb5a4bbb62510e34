// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.Pass;
import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import dev.belfry.run.Status;
import dev.belfry.schedule.Overlap;
import dev.belfry.schedule.Schedule;
import dev.belfry.testkit.VirtualTime.VirtualHost;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Never more runs at once than a limit allows, whichever nodes they are on. */
class LimitRunsTest {
  record Mail(String to, int number) {}

  private static final EventType<Mail> WANTED = EventType.of("mail/wanted", Mail.class);

  private final World world = new World();
  private final List<String> begun = new ArrayList<>();

  private Job.Builder<String> job(String name) {
    return Job.named(name, String.class);
  }

  private Job<String> stopping(Job.Builder<String> builder) {
    return builder.handler(
        (ctx, input) -> {
          begun.add(input);
          world.time.pause();
        });
  }

  private static List<Mail> mails(String to, int count) {
    return IntStream.range(0, count).mapToObj(number -> new Mail(to, number)).toList();
  }

  private static String domain(Mail mail) {
    throw new IllegalStateException("\"" + mail.to() + "\" has no domain");
  }

  /** Returns the most runs that were going at once, by the passes that history has. */
  private int mostAtOnce(List<RunId> runs) {
    var changes = new TreeMap<Instant, Integer>();
    for (Pass pass : runs.stream().flatMap(run -> world.store.passes(run).stream()).toList()) {
      changes.merge(pass.startedAt(), 1, Integer::sum);
      changes.merge(pass.endedAt(), -1, Integer::sum);
    }
    int most = 0;
    int now = 0;
    for (int change : changes.values()) {
      now += change;
      most = Math.max(most, now);
    }
    return most;
  }

  @Test
  void fourNodes_neverRunMoreThanTheLimit_andLeaveNothingBehind() {
    Job<String> job =
        job("five")
            .limitRuns(5)
            .retry(RetryPolicy.fixed(Duration.ofSeconds(1)).withMaxAttempts(2))
            .handler(
                (ctx, input) -> {
                  begun.add(input);
                  world.time.pause();
                  if (ctx.attempt() == 1 && input.endsWith("7")) {
                    throw new IllegalStateException("once more");
                  }
                });
    List<Scheduler> nodes = Stream.generate(() -> world.start(job)).limit(4).toList();
    List<RunId> runs =
        nodes
            .get(0)
            .enqueueAll(job, IntStream.range(0, 200).mapToObj(i -> "r" + i).toList())
            .stream()
            .map(RunHandle::id)
            .toList();

    for (int i = 0; i < 200; i++) {
      world.time.advance(Duration.ofSeconds(1));
      assertThat(world.runsOf("five").stream().filter(run -> run.status() == Status.RUNNING))
          .hasSizeLessThanOrEqualTo(5);
      world.time.resumeAll();
    }

    assertThat(world.runsOf("five")).extracting(Run::status).containsOnly(Status.COMPLETED);
    assertThat(begun).hasSize(220);
    assertThat(mostAtOnce(runs)).isEqualTo(5);
    nodes.forEach(Scheduler::close);
  }

  @Test
  void keys_areLimitedEachByItself_howeverTheirRunsAreMade() {
    Job<Mail> job =
        Job.named("mail", Mail.class)
            .onEvent(WANTED)
            .schedule(
                Schedule.every(Duration.ofMinutes(1)).withOverlap(Overlap.ALLOW),
                new Mail("ann", 9))
            .limitRuns(2, Mail::to)
            .handler(
                (ctx, mail) -> {
                  begun.add(mail.to() + " " + ctx.trigger().kind());
                  world.time.pause();
                });
    try (Scheduler scheduler = world.start(job)) {
      scheduler.enqueue(job, new Mail("ann", 1));
      scheduler.sendAll(WANTED, mails("bob", 3));
      scheduler.sendAll(WANTED, mails("ann", 1));
      world.time.runDue();
      world.time.advance(Duration.ofMinutes(3));

      assertThat(begun)
          .containsExactlyInAnyOrder("ann ENQUEUE", "ann EVENT", "bob EVENT", "bob EVENT");
      for (int i = 0; i < 5; i++) {
        world.time.resumeAll();
        world.time.runDue();
      }
      assertThat(begun)
          .hasSize(8)
          .filteredOn("ann SCHEDULE"::equals)
          .hasSize(3); // each minute's, held until there was room
    }
  }

  @Test
  void limitThatJobsShare_countsTheRunsOfAll() {
    Job<String> mail = stopping(job("mail").limitRuns("smtp", 3).limitRuns(2));
    Job<String> news = stopping(job("news").limitRuns("smtp", 3));
    try (Scheduler scheduler = world.start(mail, news)) {
      scheduler.enqueueAll(mail, List.of("m1", "m2", "m3"));
      world.time.runDue();
      assertThat(begun).containsExactly("m1", "m2");
      scheduler.enqueueAll(news, List.of("n1", "n2"));
      world.time.runDue();
      assertThat(begun).containsExactly("m1", "m2", "n1");

      world.time.resumeAll();
      world.time.runDue();
      assertThat(begun).containsExactlyInAnyOrder("m1", "m2", "n1", "m3", "n2");
      world.time.resumeAll();
    }
  }

  @Test
  void runThatSleepsOrWaitsForARetry_holdsNoSlot() {
    Job<String> job =
        job("one")
            .limitRuns(1)
            .retry(RetryPolicy.fixed(Duration.ofHours(1)).withMaxAttempts(2))
            .handler(
                (ctx, input) -> {
                  begun.add(input);
                  if (input.equals("sleeps")) {
                    ctx.sleep("nap", Duration.ofHours(1));
                  } else if (input.equals("fails") && ctx.attempt() == 1) {
                    throw new IllegalStateException("later");
                  }
                });
    try (Scheduler scheduler = world.start(job)) {
      scheduler.enqueueAll(job, List.of("sleeps", "fails", "third"));
      world.time.runDue();

      assertThat(begun).containsExactly("sleeps", "fails", "third");
      world.time.advance(Duration.ofHours(1));
      assertThat(world.runsOf("one")).extracting(Run::status).containsOnly(Status.COMPLETED);
    }
  }

  @Test
  void slotOfADeadNode_isFreedWithItsRun() {
    Job<String> job = stopping(job("one").limitRuns(1));
    VirtualHost doomed = world.time.newHost();
    Scheduler first = world.builder(doomed, job).start();
    first.enqueue(job, "lost");
    world.time.runDue();
    doomed.kill();
    try (Scheduler second = world.start(job)) {
      second.enqueue(job, "held");
      world.time.advance(Duration.ofSeconds(5));
      assertThat(begun).containsExactly("lost");

      world.time.advance(Duration.ofSeconds(20));
      world.time.resumeAll();
      world.time.runDue();
      world.time.resumeAll();
      world.time.runDue();

      assertThat(begun).containsExactlyInAnyOrder("lost", "lost", "held");
      assertThat(world.runsOf("one")).extracting(Run::status).containsOnly(Status.COMPLETED);
    }
  }

  @Test
  void explain_saysWhatARunIsPutAsideFor() {
    Job<String> job = stopping(job("one").limitRuns(1, input -> input.substring(0, 1)));
    try (Scheduler scheduler = world.start(job)) {
      scheduler.enqueue(job, "a1");
      RunHandle held = scheduler.enqueue(job, "a2");
      world.time.runDue();

      assertThat(scheduler.explain(held.id()))
          .isEqualTo(
              "run "
                  + held.id()
                  + " is due since "
                  + World.START
                  + " and waits for a slot of limit \"job one\", key \"a\"");
      world.time.resumeAll();
    }
  }

  @Test
  void runThatIsPutAside_canBeCancelled() {
    Job<String> job = stopping(job("one").limitRuns(1));
    try (Scheduler scheduler = world.start(job)) {
      scheduler.enqueue(job, "first");
      RunHandle held = scheduler.enqueue(job, "held");
      world.time.runDue();
      scheduler.cancel(held.id(), "no need");
      world.time.runDue();

      assertThat(world.run(held.id()).status()).isEqualTo(Status.CANCELLED);
      assertThat(begun).containsExactly("first");
      world.time.resumeAll();
    }
  }

  @Test
  void keyThatCannotBeHad_isRefusedByEnqueue_andSharedByTheOthers() {
    Job<Mail> job =
        Job.named("mail", Mail.class)
            .onEvent(WANTED)
            .limitRuns(1, LimitRunsTest::domain)
            .handler((ctx, mail) -> begun.add(mail.to()));
    try (Scheduler scheduler = world.start(job)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> scheduler.enqueue(job, new Mail("", 1)))
          .withMessage("the key of a limit of job \"mail\" can't be had: \"\" has no domain");
      scheduler.send(WANTED, new Mail("", 2));
      world.time.runDue();
    }

    assertThat(begun).containsExactly("");
  }

  @Test
  void badLimits_areRefusedWithASentence() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> job("mail").limitRuns(0))
        .withMessage("limitRuns of job \"mail\" must be at least 1, was 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> job("mail").limitRuns(1).limitRuns(2, input -> input))
        .withMessage("job \"mail\" has two limits that are called \"job mail\"");
    Job<String> mail = stopping(job("mail").limitRuns("smtp", 3));
    Job<String> news = stopping(job("news").limitRuns("smtp", 4));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> world.start(mail, news))
        .withMessage(
            "two jobs say how many runs the limit \"shared smtp\" allows at once: 3 and 4; give"
                + " both the same number");
  }
}
