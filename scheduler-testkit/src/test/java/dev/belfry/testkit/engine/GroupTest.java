// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.belfry.GroupHandle;
import dev.belfry.Job;
import dev.belfry.RunGroup;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerClient;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.GroupEnd;
import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import dev.belfry.run.Status;
import dev.belfry.run.Trigger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A group of runs is followed by one run, once all of them have ended. */
class GroupTest {
  private static final Job<Integer> PAGE =
      Job.named("page", Integer.class)
          .retry(RetryPolicy.none())
          .onlyIf(page -> page != 13)
          .handler(
              (ctx, page) -> {
                ctx.sleep("read", Duration.ofMinutes(page));
                if (page == 7) {
                  throw new IllegalStateException("torn out");
                }
              });
  private static final Job<Void> INDEX = Job.named("index").handler(ctx -> {});

  private final World world = new World();
  private final List<GroupEnd> ends = new ArrayList<>();
  private final Job<GroupEnd> publish =
      Job.named("publish", GroupEnd.class).handler((ctx, end) -> ends.add(end));

  private static RunGroup.Members pages(Integer... pages) {
    return RunGroup.named("book").addAll(PAGE, List.of(pages));
  }

  @Test
  void runAfterTheGroup_startsOnceAllHaveEnded_andIsToldHow() {
    try (Scheduler scheduler = world.start(PAGE, INDEX, publish)) {
      GroupHandle group = scheduler.enqueueGroup(pages(1, 7, 9, 13).add(INDEX).then(publish));
      RunId ninth = group.members().get(2).id();
      world.time.advance(Duration.ofMinutes(8));
      assertThat(ends).isEmpty();
      assertThat(world.run(ninth).status()).isEqualTo(Status.SCHEDULED);
      scheduler.cancel(ninth, "enough");
      world.time.runDue();

      assertThat(ends)
          .containsExactly(
              new GroupEnd(
                  group.id(), "book", 2, 1, 0, 1, 1, World.START.plus(Duration.ofMinutes(8))));
      assertThat(ends.get(0).total()).isEqualTo(5);
      assertThat(ends.get(0).allCompleted()).isFalse();
      assertThat(world.run(group.id()).job()).isEqualTo("publish");
      assertThat(world.run(group.then().id()).trigger()).isEqualTo(Trigger.group(group.id()));
    }
  }

  @Test
  void endOfTheGroup_namesItsRunsInTheirOrder() {
    try (Scheduler scheduler = world.start(PAGE, INDEX, publish)) {
      GroupHandle group = scheduler.enqueueGroup(pages(2, 1, 3).then(publish));
      world.time.advance(Duration.ofHours(1));

      List<RunId> members = ends.get(0).members();
      assertThat(members)
          .isEqualTo(group.members().stream().map(RunHandle::id).toList())
          .isSorted();
      assertThat(members).allSatisfy(id -> assertThat(id).isLessThan(group.id()));
      assertThat(members)
          .map(id -> scheduler.run(id).orElseThrow().trigger())
          .containsOnly(Trigger.group(group.id()));
      assertThat(ends.get(0).allCompleted()).isTrue();
    }
  }

  @Test
  void retriedRun_endsWithItsLastAttempt() {
    Job<Integer> flaky =
        Job.named("flaky", Integer.class)
            .retry(RetryPolicy.fixed(Duration.ofHours(1)).withMaxAttempts(3))
            .handler(
                (ctx, n) -> {
                  if (ctx.attempt() < 3) {
                    throw new IllegalStateException("once more");
                  }
                });
    try (Scheduler scheduler = world.start(flaky, publish)) {
      scheduler.enqueueGroup(RunGroup.named("g").add(flaky, 1).then(publish));
      world.time.advance(Duration.ofMinutes(119));
      assertThat(ends).isEmpty();
      world.time.advance(Duration.ofMinutes(2));

      assertThat(ends).extracting(GroupEnd::completed).containsExactly(1);
    }
  }

  @Test
  void groupWithoutRuns_isFollowedAtOnce() {
    try (Scheduler scheduler = world.start(PAGE, publish)) {
      GroupHandle group = scheduler.enqueueGroup(pages().then(publish));
      world.time.runDue();

      assertThat(ends)
          .containsExactly(new GroupEnd(group.id(), "book", 0, 0, 0, 0, 0, World.START));
      assertThat(ends.get(0).allCompleted()).isTrue();
      assertThat(ends.get(0).members()).isEmpty();
    }
  }

  @Test
  void nodesThatKnowOneJobEach_endAGroupTogether() {
    GroupHandle group =
        SchedulerClient.of(world.store, PAGE, INDEX, publish)
            .enqueueGroup(pages(1, 2, 3).add(INDEX).then(publish));
    world.start(PAGE);
    world.start(INDEX);
    world.time.advance(Duration.ofHours(1));
    assertThat(world.runsOf("page"))
        .extracting(Run::status)
        .containsOnly(Status.COMPLETED)
        .hasSize(3);
    assertThat(ends).isEmpty();
    world.start(publish);
    world.time.advance(Duration.ofMinutes(1));

    assertThat(ends).extracting(GroupEnd::group).containsExactly(group.id());
    assertThat(world.store.inbox(10)).isEmpty();
  }

  @Test
  void jobThatNoNodeKnows_isGivenUpInTheEnd() {
    GroupHandle group =
        SchedulerClient.of(world.store, PAGE, publish).enqueueGroup(pages(1).then(publish));
    world.start(PAGE);
    world.time.advance(Duration.ofDays(6));
    assertThat(world.store.inbox(10)).hasSize(1);
    world.time.advance(Duration.ofDays(2));

    assertThat(world.store.inbox(10)).isEmpty();
    assertThat(world.store.runs(List.of(group.id()))).isEmpty();
  }

  @Test
  void largeGroup_isFollowedOnce() {
    try (Scheduler scheduler = world.start(INDEX, publish)) {
      RunGroup.Members members = RunGroup.named("large");
      IntStream.range(0, 1_000).forEach(i -> members.add(INDEX));
      scheduler.enqueueGroup(members.then(publish));
      world.time.advance(Duration.ofMinutes(1));

      assertThat(ends).extracting(GroupEnd::completed).containsExactly(1_000);
    }
  }

  @Test
  void groupsOfOneName_areGroupsOfTheirOwn() {
    try (Scheduler scheduler = world.start(INDEX, publish)) {
      RunGroup group = RunGroup.named("g").add(INDEX).then(publish);
      scheduler.enqueueGroup(group);
      scheduler.enqueueGroup(group);
      world.time.runDue();

      assertThat(ends).extracting(GroupEnd::completed).containsExactly(1, 1);
    }
  }

  @Test
  void memberThatIsDoneAgain_concernsTheGroupNoMore() {
    try (Scheduler scheduler = world.start(PAGE, publish)) {
      GroupHandle group = scheduler.enqueueGroup(pages(7).then(publish));
      world.time.advance(Duration.ofHours(1));
      scheduler.retry(group.members().get(0).id(), "ann");
      world.time.advance(Duration.ofHours(1));

      assertThat(ends).extracting(GroupEnd::failed).containsExactly(1);
      assertThat(world.runsOf("page")).hasSize(2);
    }
  }

  @Test
  void jobThatIsNotRegistered_isRefused() {
    try (Scheduler scheduler = world.start(PAGE)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> scheduler.enqueueGroup(pages(1).then(publish)))
          .withMessage(
              "job \"publish\" is not registered with this scheduler; registered: [page]; to"
                  + " enqueue for another node use SchedulerClient.of(store, job)");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> scheduler.enqueueGroup(pages(1).add(INDEX).then(publish)))
          .withMessageStartingWith("job \"index\" is not registered with this scheduler");
    }
    assertThat(world.runsOf("page")).isEmpty();
  }

  @Test
  void tooManyRunsOrNoName_areRefused() {
    RunGroup.Members full = RunGroup.named("full").addAll(PAGE, Collections.nCopies(10_000, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> full.add(PAGE, 1))
        .withMessage("group \"full\" would have more than 10000 runs; make several groups");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RunGroup.named(" "))
        .withMessage("name of a group must have 1 to 200 characters, was \" \"");
  }
}
