// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.Counters;
import dev.belfry.run.NodeId;
import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import dev.belfry.run.Trigger;
import dev.belfry.store.Accepted;
import dev.belfry.store.Due;
import dev.belfry.store.Ending;
import dev.belfry.store.JobStore;
import dev.belfry.store.NewRun;
import dev.belfry.store.Outcome;
import dev.belfry.store.PassReport;
import dev.belfry.store.Payload;
import dev.belfry.store.RunRecord;
import dev.belfry.store.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What becomes of runs that are handed in. */
abstract class InsertPart extends ContractPart {
  InsertPart(Function<? super InstantSource, ? extends JobStore> opener) {
    super(opener);
  }

  @Test
  void openAgain_keepsWhatIsThere() {
    RunId run = insert(newRun());

    assertThat(store.open()).isEqualTo(store.open());
    assertThat(read(run).status()).isEqualTo(Status.SCHEDULED);
  }

  @Test
  void now_isTheClockInMicroseconds() {
    clock.set(START.plusNanos(1_999));

    assertThat(store.now()).isEqualTo(START.plusNanos(1_000));
  }

  @Test
  void insert_keepsEverythingThatWasHandedIn() {
    var run =
        newRun()
            .withPriority(2)
            .withDue(in(Duration.ofMinutes(1)))
            .withTrigger(Trigger.enqueue().by("ann"))
            .withTags(List.of("b", "a"));

    insert(run);

    assertThat(store.runs(List.of(run.id())))
        .containsExactly(
            new RunRecord(
                new Run(
                    run.id(),
                    JOB,
                    2,
                    RunState.Scheduled.first(START.plusSeconds(60)),
                    START,
                    START.plusSeconds(60),
                    Optional.empty(),
                    Trigger.enqueue().by("ann"),
                    List.of("b", "a"),
                    Counters.NONE,
                    Map.of(),
                    false),
                0,
                payload("{}"),
                Optional.empty()));
  }

  @Test
  void insert_keepsEveryKindOfTrigger() {
    var byTick = newRun().withTrigger(Trigger.schedule("nightly", START.plusNanos(7_000)));
    var byHand = newRun().withTrigger(Trigger.manual("nightly", "ann"));
    var again = newRun().withTrigger(Trigger.retry(byTick.id(), "bob"));

    insert(byTick, byHand, again);

    for (var run : List.of(byTick, byHand, again)) {
      assertThat(read(run.id()).trigger()).isEqualTo(run.trigger());
    }
  }

  @Test
  void insert_cutsDueTimesToMicroseconds() {
    RunId run = insert(newRun().withDue(new Due.At(START.plusNanos(1_999))));

    assertThat(read(run).dueAt()).isEqualTo(START.plusNanos(1_000));
  }

  @Test
  void insert_addsDelaysToTheStoresClock() {
    advance(Duration.ofHours(1));

    RunId run = insert(newRun().withDue(in(Duration.ofSeconds(10))));

    assertThat(read(run).createdAt()).isEqualTo(START.plusSeconds(3_600));
    assertThat(read(run).dueAt()).isEqualTo(START.plusSeconds(3_610));
  }

  @Test
  void insert_takesDueTimesInThePast() {
    Instant past = START.minusSeconds(1_000);

    RunId run = insert(newRun().withDue(new Due.At(past)));

    assertThat(read(run).dueAt()).isEqualTo(past);
    assertThat(claimOne(join()).id()).isEqualTo(run);
  }

  @Test
  void insert_answersInTheOrderOfTheCall() {
    var first = newRun();
    var second = newRun();

    assertThat(store.insert(List.of(second, first)))
        .containsExactly(new Accepted.Created(second.id()), new Accepted.Created(first.id()));
  }

  @Test
  void insert_ofNothing_doesNothing() {
    assertThat(store.insert(List.of())).isEmpty();
  }

  @Test
  void insert_takesThousandsOfRunsInOneCall() {
    var runs = Stream.generate(this::newRun).limit(2_500).toList();

    assertThat(store.insert(runs)).hasSize(2_500);

    NodeId node = join();
    var claimed = claim(node, 2_500);
    assertThat(claimed).hasSize(2_500);
    var outcomes =
        claimed.stream()
            .map(c -> new Outcome(c.id(), c.fence(), done(), PassReport.NOT_STARTED))
            .toList();
    assertThat(store.exchange(node, outcomes, List.of()).verdicts())
        .hasSize(2_500)
        .containsOnly(Verdict.APPLIED);
    assertThat(store.runs(runs.stream().map(NewRun::id).toList())).hasSize(2_500);
  }

  @Test
  void payloads_mayHaveTheMostBytesAndNone() {
    var most = new byte[Payload.MAX_BYTES];
    for (int i = 0; i < most.length; i++) {
      most[i] = (byte) (((long) i * i * i) >>> 9); // every byte, and nothing that can be compressed
    }
    var big = Payload.of("big", most);
    var empty = Payload.of("empty", new byte[0]);
    var first = NewRun.of(nextId(), JOB, big);
    var second = NewRun.of(nextId(), JOB, empty);
    insert(first, second);
    NodeId node = join();

    for (var claimed : claim(node, 2)) {
      var result = claimed.input();
      assertThat(result).isEqualTo(claimed.id().equals(first.id()) ? big : empty);
      end(node, claimed, new Ending.Completed(result));
    }

    for (var record : store.runs(List.of(first.id(), second.id()))) {
      assertThat(record.result()).contains(record.input());
    }
  }

  @Test
  void insertAgain_leavesTheRunAsItIs() {
    var run = newRun();
    insert(run);
    advance(Duration.ofMinutes(1));

    assertThat(accepted(run.withDue(in(Duration.ofDays(1)))))
        .isEqualTo(new Accepted.Created(run.id()));

    assertThat(read(run.id()).dueAt()).isEqualTo(START);
    assertThat(read(run.id()).createdAt()).isEqualTo(START);
  }

  @Test
  void insertAgain_afterTheRunHasEnded_leavesItEnded() {
    NodeId node = join();
    var run = newRun();
    completed(node, run);

    assertThat(accepted(run)).isEqualTo(new Accepted.Created(run.id()));

    assertThat(read(run.id()).status()).isEqualTo(Status.COMPLETED);
    assertThat(claim(node, 10)).isEmpty();
  }

  @Test
  void insert_ofOneIdTwiceInOneCall_makesOneRun() {
    var run = newRun();

    assertThat(store.insert(List.of(run, run)))
        .containsExactly(new Accepted.Created(run.id()), new Accepted.Created(run.id()));

    assertThat(claim(join(), 10)).hasSize(1);
  }

  @Test
  void insert_makesTheLanesThatItNeeds() {
    long before = store.catalog().version();

    insert(newRun("report").withPriority(-4).withQueue("slow"));

    assertThat(laneOf("report", -4).queue()).isEqualTo("slow");
    assertThat(store.catalog().version()).isGreaterThan(before);
  }

  @Test
  void insert_intoALaneThatExists_keepsTheCatalog() {
    insert(newRun());
    var before = store.catalog();

    insert(newRun().withQueue("other"));

    assertThat(store.catalog()).isEqualTo(before);
  }

  @Test
  void nextDue_isTheEarliestOfAllLanesOfTheJob() {
    insert(
        newRun().withDue(in(Duration.ofMinutes(3))),
        newRun().withPriority(1).withDue(in(Duration.ofMinutes(2))),
        newRun("other").withDue(in(Duration.ofMinutes(1))));

    assertThat(store.nextDue(JOB)).contains(START.plusSeconds(120));
  }

  @Test
  void nextDue_ofAJobWithoutReadyRuns_isEmpty() {
    running(join());

    assertThat(store.nextDue(JOB)).isEmpty();
    assertThat(store.nextDue("unknown")).isEmpty();
  }
}
