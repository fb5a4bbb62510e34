// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.Counters;
import dev.belfry.run.NodeId;
import dev.belfry.run.Pass;
import dev.belfry.run.RunId;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import dev.belfry.store.Claimed;
import dev.belfry.store.Due;
import dev.belfry.store.Ending;
import dev.belfry.store.JobStore;
import dev.belfry.store.PassReport;
import dev.belfry.store.Verdict;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Where a run goes at the end of a pass, and what its history says. */
abstract class OutcomePart extends ContractPart {
  OutcomePart(Function<? super InstantSource, ? extends JobStore> opener) {
    super(opener);
  }

  @Test
  void completed_endsTheRunWithItsResult() {
    NodeId node = join();
    Claimed claimed = running(node);
    advance(Duration.ofSeconds(2));

    assertThat(end(node, claimed, new Ending.Completed(payload("[1]")))).isEqualTo(Verdict.APPLIED);

    var record = store.runs(List.of(claimed.id())).get(0);
    assertThat(record.run().state()).isEqualTo(new RunState.Completed(START.plusSeconds(2)));
    assertThat(record.result()).contains(payload("[1]"));
    assertThat(record.input()).isEqualTo(payload("{}"));
    assertThat(record.fence()).isEqualTo(1);
    assertThat(store.heldBy(node)).isEmpty();
    assertThat(claim(node, 5)).isEmpty();
  }

  @Test
  void history_keepsTheWholeReport() {
    NodeId node = join();
    Claimed claimed = running(node);
    var notes = new LinkedHashMap<String, String>();
    notes.put("z", "1");
    notes.put("a", "2");
    var report =
        new PassReport(
            Duration.ofMillis(30),
            Duration.ofMillis(1_500),
            new Counters(7, 2),
            notes,
            "one\ntwo\n");
    advance(Duration.ofSeconds(2));

    end(node, claimed, new Ending.Failed(failure(), "not retryable"), report);

    assertThat(store.passes(claimed.id()))
        .containsExactly(
            new Pass(
                claimed.id(),
                1,
                JOB,
                1,
                Pass.Event.FAILED,
                Optional.of(node),
                START.plusMillis(30),
                START.plusSeconds(2),
                Duration.ofMillis(1_500),
                "not retryable",
                Optional.of(failure()),
                new Counters(7, 2),
                notes,
                "one\ntwo\n"));
    assertThat(lastPass(claimed.id()).notes().keySet()).containsExactly("z", "a");
    assertThat(read(claimed.id()).counters()).isEqualTo(new Counters(7, 2));
    assertThat(read(claimed.id()).notes().keySet()).containsExactly("z", "a");
  }

  @Test
  void failed_endsTheRun() {
    NodeId node = join();
    Claimed claimed = running(node);

    end(node, claimed, failed());

    assertThat(read(claimed.id()).state()).isEqualTo(new RunState.Failed(START, failure()));
    assertThat(store.runs(List.of(claimed.id())).get(0).result()).isEmpty();
  }

  @Test
  void timedOut_endsTheRun() {
    NodeId node = join();
    Claimed claimed = running(node);

    end(node, claimed, new Ending.TimedOut(failure(), "ran past 30 s"));

    assertThat(read(claimed.id()).state()).isEqualTo(new RunState.TimedOut(START, failure()));
    assertThat(lastPass(claimed.id()).event()).isEqualTo(Pass.Event.TIMED_OUT);
  }

  @Test
  void cancelled_endsTheRunWithTheReason() {
    NodeId node = join();
    Claimed claimed = running(node);

    end(node, claimed, new Ending.Cancelled("asked by ann"));

    assertThat(read(claimed.id()).state()).isEqualTo(new RunState.Cancelled(START, "asked by ann"));
    assertThat(lastPass(claimed.id()).event()).isEqualTo(Pass.Event.CANCELLED);
  }

  @Test
  void skipped_endsTheRunWithTheReason() {
    NodeId node = join();
    Claimed claimed = running(node);

    end(node, claimed, new Ending.Skipped("condition was false"), PassReport.NOT_STARTED);

    assertThat(read(claimed.id()).state())
        .isEqualTo(new RunState.Skipped(START, "condition was false"));
    assertThat(lastPass(claimed.id()).event()).isEqualTo(Pass.Event.SKIPPED);
  }

  @Test
  void retried_opensAnotherAttemptAfterTheDelay() {
    NodeId node = join();
    Claimed claimed = running(node);
    advance(Duration.ofSeconds(1));

    end(node, claimed, retriedIn(Duration.ofSeconds(10)));

    assertThat(read(claimed.id()).state())
        .isEqualTo(new RunState.Scheduled(START.plusSeconds(11), 1, true));
    assertThat(lastPass(claimed.id()).event()).isEqualTo(Pass.Event.RETRIED);
    assertThat(lastPass(claimed.id()).failure()).contains(failure());
    assertThat(fence(claimed.id())).isEqualTo(1);
    advance(Duration.ofSeconds(10));
    Claimed second = claimOne(node);
    assertThat(second.fence()).isEqualTo(2);
    assertThat(second.attempt()).isEqualTo(2);
    assertThat(second.opened()).isTrue();
    assertThat(second.dueAt()).isEqualTo(START.plusSeconds(11));
    assertThat(second.firstClaimedAt()).isEqualTo(START);
  }

  @Test
  void retried_keepsTheDueTimeThatWasAskedForAtFirst() {
    NodeId node = join();
    Claimed claimed = running(node);

    end(node, claimed, retriedIn(Duration.ofSeconds(10)));

    assertThat(read(claimed.id()).dueAt()).isEqualTo(START);
  }

  @Test
  void retried_showsTheCountersOfThePassThatEnded() {
    NodeId node = join();
    Claimed claimed = running(node);
    var report =
        new PassReport(
            Duration.ZERO, Duration.ofMillis(9), new Counters(3, 1), Map.of("k", "v"), "");

    end(node, claimed, retriedIn(Duration.ofSeconds(10)), report);

    assertThat(read(claimed.id()).counters()).isEqualTo(new Counters(3, 1));
    assertThat(read(claimed.id()).notes()).isEqualTo(Map.of("k", "v"));
  }

  @Test
  void snoozed_goesOnWithTheAttempt() {
    NodeId node = join();
    Claimed claimed = running(node);

    end(node, claimed, new Ending.Snoozed(Duration.ofSeconds(10), "sleeps"));

    assertThat(read(claimed.id()).state())
        .isEqualTo(new RunState.Scheduled(START.plusSeconds(10), 1, false));
    assertThat(lastPass(claimed.id()).event()).isEqualTo(Pass.Event.SNOOZED);
    assertThat(fence(claimed.id())).isEqualTo(1);
    advance(Duration.ofSeconds(10));
    Claimed second = claimOne(node);
    assertThat(second.fence()).isEqualTo(2);
    assertThat(second.attempt()).isEqualTo(1);
    assertThat(second.opened()).isFalse();
  }

  @Test
  void handedBack_isAsBeforeTheClaimButForTheFence() {
    NodeId node = join();
    insert(newRun().withDue(new Due.At(START.minusSeconds(7))));
    Claimed claimed = claimOne(node);
    advance(Duration.ofSeconds(1));

    end(node, claimed, handedBack(), PassReport.NOT_STARTED);

    assertThat(read(claimed.id()).state())
        .isEqualTo(new RunState.Scheduled(START.minusSeconds(7), 0, true));
    assertThat(fence(claimed.id())).isEqualTo(2);
    Pass pass = lastPass(claimed.id());
    assertThat(pass.event()).isEqualTo(Pass.Event.HANDED_BACK);
    assertThat(pass.fence()).isEqualTo(1);
    assertThat(pass.startedAt()).isEqualTo(START);
    Claimed second = claimOne(node);
    assertThat(second.fence()).isEqualTo(3);
    assertThat(second.attempt()).isEqualTo(1);
    assertThat(second.interruptions()).isZero();
    assertThat(second.firstClaimedAt()).isEqualTo(START);
  }

  @Test
  void handedBack_inAnAttemptThatItDidNotOpen_keepsTheAttempt() {
    NodeId node = join();
    end(node, running(node), new Ending.Snoozed(Duration.ZERO, "sleeps"));
    Claimed claimed = claimOne(node);

    end(node, claimed, handedBack());

    assertThat(read(claimed.id()).state()).isEqualTo(new RunState.Scheduled(START, 1, false));
  }

  @Test
  void handedBack_countsAnInterruptionIfTheHandlerHadBegun() {
    NodeId node = join();
    Claimed claimed = running(node);

    end(node, claimed, new Ending.HandedBack(true, "shutdown"));

    Claimed second = claimOne(node);
    assertThat(second.interruptions()).isEqualTo(1);
    assertThat(second.attempt()).isEqualTo(1);
    assertThat(lastPass(claimed.id()).startedAt()).isEqualTo(START.plusMillis(5));
  }

  @Test
  void blocked_putsTheRunAside() {
    NodeId node = join();
    Claimed claimed = running(node);

    end(node, claimed, new Ending.Blocked("no such field"), PassReport.NOT_STARTED);

    assertThat(read(claimed.id()).state()).isEqualTo(new RunState.Blocked("no such field", 0));
    assertThat(lastPass(claimed.id()).event()).isEqualTo(Pass.Event.BLOCKED);
    assertThat(fence(claimed.id())).isEqualTo(1);
    advance(Duration.ofDays(1));
    assertThat(claim(node, 5)).isEmpty();
    assertThat(store.nextDue(JOB)).isEmpty();
  }

  @Test
  void passes_areInOrderOfFence() {
    NodeId node = join();
    RunId run = insert(newRun());
    for (int i = 0; i < 12; i++) {
      end(node, claimOne(node), retriedIn(Duration.ZERO));
    }
    end(node, claimOne(node), done());

    assertThat(store.passes(run))
        .extracting(Pass::fence)
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L, 13L);
    assertThat(store.passes(run)).extracting(Pass::attempt).last().isEqualTo(13);
    assertThat(read(run).status()).isEqualTo(Status.COMPLETED);
  }

  @Test
  void passes_ofAnUnknownRun_areNone() {
    assertThat(store.passes(nextId())).isEmpty();
  }
}
