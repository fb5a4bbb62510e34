// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.run.RunQuery;
import dev.belfry.run.Status;
import dev.belfry.run.Unique;
import dev.belfry.store.Accepted;
import dev.belfry.store.Amendment;
import dev.belfry.store.Ending;
import dev.belfry.store.Firing;
import dev.belfry.store.JobStore;
import dev.belfry.store.Lease;
import dev.belfry.store.NewRun;
import dev.belfry.store.PassReport;
import dev.belfry.store.PendingCount;
import dev.belfry.store.Purged;
import dev.belfry.store.Retention;
import dev.belfry.store.Rollup;
import dev.belfry.store.RollupQuery;
import dev.belfry.store.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What ended is counted, kept for a time, and then deleted. */
abstract class UpkeepPart extends ScheduleWords {
  private static final Retention DAY = new Retention(Duration.ofDays(1), Duration.ofDays(3));

  UpkeepPart(Function<? super InstantSource, ? extends JobStore> opener) {
    super(opener);
  }

  private List<Rollup> rollups(String job, Instant from, Instant to) {
    return store.rollups(RollupQuery.of(List.of(job), from, to));
  }

  private List<Rollup> rollups() {
    return rollups(JOB, START.minusSeconds(3_600), START.plusSeconds(3_600));
  }

  @Test
  void rollups_countEndingsByMinute() {
    NodeId node = join();
    end(node, running(node), done(), ranFor(Duration.ofMillis(100)));
    end(node, running(node), failed(), ranFor(Duration.ofMillis(300)));
    end(node, running(node), new Ending.TimedOut(failure(), "x"), ranFor(Duration.ofMillis(200)));
    end(node, running(node), new Ending.Cancelled("x"), ranFor(Duration.ofSeconds(9)));
    end(node, running(node), new Ending.Skipped("x"), PassReport.NOT_STARTED);
    advance(Duration.ofSeconds(119));
    end(node, running(node), done(), ranFor(Duration.ofMillis(50)));

    assertThat(rollups())
        .containsExactly(
            new Rollup(JOB, START, 1, 1, 1, 1, 1, Duration.ofMillis(600), Duration.ofMillis(300)),
            new Rollup(
                JOB,
                START.plusSeconds(60),
                1,
                0,
                0,
                0,
                0,
                Duration.ofMillis(50),
                Duration.ofMillis(50)));
  }

  @Test
  void rollups_countRunsNotPasses() {
    NodeId node = join();
    end(node, running(node), retriedIn(Duration.ZERO), ranFor(Duration.ofMillis(700)));
    end(node, claimOne(node), done(), ranFor(Duration.ofMillis(100)));

    assertThat(rollups())
        .containsExactly(
            new Rollup(JOB, START, 1, 0, 0, 0, 0, Duration.ofMillis(100), Duration.ofMillis(100)));
  }

  @Test
  void rollups_areOfOneJobAndOneSpan() {
    NodeId node = join();
    completed(node, newRun());
    advance(Duration.ofMinutes(5));
    completed(node, newRun());

    assertThat(rollups(JOB, START.plusSeconds(60), START.plusSeconds(600)))
        .extracting(Rollup::start)
        .containsExactly(START.plusSeconds(300));
    assertThat(rollups(JOB, START, START.plusSeconds(300)))
        .extracting(Rollup::start)
        .containsExactly(START);
    assertThat(rollups("other", START, START.plusSeconds(600))).isEmpty();
  }

  @Test
  void rollups_countSeveralJobsAndLongerTimes() {
    NodeId node = join();
    completed(node, newRun());
    insert(newRun("beta"));
    end(node, exchange(node, demand(1, quota(lane("beta"), 1))).claimed().get(0), failed());
    advance(Duration.ofMinutes(59));
    completed(node, newRun());
    advance(Duration.ofMinutes(1));
    completed(node, newRun());

    RollupQuery hours =
        RollupQuery.of(List.of("beta", JOB, "none"), START, START.plusSeconds(7_200))
            .by(Duration.ofHours(1));

    Duration second = Duration.ofSeconds(1);
    assertThat(store.rollups(hours))
        .containsExactly(
            new Rollup("beta", START, 0, 1, 0, 0, 0, second, second),
            new Rollup(JOB, START, 2, 0, 0, 0, 0, second.multipliedBy(2), second),
            new Rollup(JOB, START.plusSeconds(3_600), 1, 0, 0, 0, 0, second, second));
    assertThat(store.rollups(hours.by(Duration.ofDays(1))))
        .extracting(Rollup::start)
        .containsOnly(START.truncatedTo(ChronoUnit.DAYS));
  }

  @Test
  void pending_countsRunsThatHaveNotEnded() {
    NodeId node = join();
    completed(node, newRun());
    running(node);
    end(node, running(node), new Ending.Blocked("can't be read"));
    insert(
        newRun().withDue(in(Duration.ofMinutes(5))), newRun().withDue(in(Duration.ofMinutes(3))));
    insert(newRun("beta"));

    assertThat(store.pending())
        .containsExactly(
            new PendingCount("beta", Status.SCHEDULED, 1, Optional.of(START)),
            new PendingCount(JOB, Status.SCHEDULED, 2, Optional.of(START.plusSeconds(180))),
            new PendingCount(JOB, Status.BLOCKED, 1, Optional.empty()),
            new PendingCount(JOB, Status.RUNNING, 1, Optional.empty()));
  }

  @Test
  void purge_deletesEndedRunsThatArePastTheirTime() {
    NodeId node = join();
    RunId completed = completed(node, newRun());
    RunId failed = running(node).id();
    end(node, store.heldBy(node).get(0), failed());
    RunId pending = insert(newRun());
    advance(Duration.ofDays(2));
    RunId fresh = insert(newRun("other"));
    exchange(node, demand(1, quota(lane("other"), 1)));
    end(node, store.heldBy(node).get(0), done());

    assertThat(store.purge(DAY, 100)).isEqualTo(new Purged(1, false));

    assertThat(store.runs(List.of(completed))).isEmpty();
    assertThat(store.passes(completed)).isEmpty();
    assertThat(store.runs(RunQuery.all()).items())
        .extracting(r -> r.run().id())
        .containsExactly(fresh, pending, failed);

    advance(Duration.ofDays(2));
    assertThat(store.purge(DAY, 100)).isEqualTo(new Purged(2, false));
    assertThat(store.runs(RunQuery.all()).items())
        .extracting(r -> r.run().id())
        .containsExactly(pending);
  }

  @Test
  void purge_deletesNoMoreThanTheLimit() {
    NodeId node = join();
    for (int i = 0; i < 5; i++) {
      completed(node, newRun());
    }
    advance(Duration.ofDays(2));

    assertThat(store.purge(DAY, 2)).isEqualTo(new Purged(2, true));
    assertThat(store.purge(DAY, 2)).isEqualTo(new Purged(2, true));
    assertThat(store.purge(DAY, 2)).isEqualTo(new Purged(1, false));
    assertThat(store.purge(DAY, 2)).isEqualTo(new Purged(0, false));
  }

  @Test
  void purge_keepsTheHistoryOfPendingRuns() {
    NodeId node = join();
    RunId run = running(node).id();
    end(node, store.heldBy(node).get(0), retriedIn(Duration.ofDays(99)));
    advance(Duration.ofDays(9));

    assertThat(store.purge(DAY, 100)).isEqualTo(new Purged(0, false));

    assertThat(store.passes(run)).hasSize(1);
  }

  @Test
  void purge_keepsRollupsAndUndeliveredEndings() {
    NodeId node = join();
    completed(node, newRun().withWatched(true));
    advance(Duration.ofDays(9));

    store.purge(DAY, 100);

    assertThat(rollups()).hasSize(1);
    assertThat(store.inbox(10)).hasSize(1);
  }

  @Test
  void purge_forgetsTheKeysOfRunsThatAreGone() {
    NodeId node = join();
    completed(node, newRun().withUnique(Optional.of(Unique.whileActive("k"))));
    advance(Duration.ofDays(2));
    RunId second = insert(newRun().withUnique(Optional.of(Unique.whileActive("k"))));

    store.purge(DAY, 100);

    assertThat(store.runs(RunQuery.all().keyed("k")).items())
        .extracting(r -> r.run().id())
        .containsExactly(second);
  }

  @Test
  void purge_keepsKeysThatAreHeld() {
    NodeId node = join();
    var month = Optional.of(Unique.within(Duration.ofDays(30), "k"));
    RunId run = completed(node, newRun().withUnique(month));
    advance(Duration.ofDays(9));

    store.purge(DAY, 100);

    assertThat(accepted(newRun().withUnique(month))).isEqualTo(new Accepted.Existing(run));
  }

  @Test
  void purge_freesKeysWhoseTimeIsOver() {
    NodeId node = join();
    var day = Optional.of(Unique.within(Duration.ofDays(1), "k"));
    completed(node, newRun().withUnique(day));
    advance(Duration.ofDays(9));

    store.purge(DAY, 100);

    NewRun second = newRun().withUnique(day);
    assertThat(accepted(second)).isEqualTo(new Accepted.Created(second.id()));
    store.purge(DAY, 100);
    assertThat(accepted(newRun().withUnique(day))).isEqualTo(new Accepted.Existing(second.id()));
  }

  @Test
  void purge_doesNotLetAPrunedTickFireAgain() {
    NodeId node = join();
    created();
    fired();
    end(node, claimOne(node), done());
    advance(Duration.ofDays(9));
    store.purge(DAY, 100);
    for (Instant past : List.of(START, START.minusSeconds(60))) {
      amend(new Amendment.ChangeSchedule(ID, "x", Optional.of(past)));

      assertThat(fire(firing(row(), new Firing.Start(runOf(past)), START.plus(MINUTE))))
          .isEqualTo(Verdict.APPLIED);
    }

    assertThat(claim(node, 10)).isEmpty();
    assertThat(row().nextAt()).contains(START.plus(MINUTE));
  }

  @Test
  void purge_letsLaterTicksFire() {
    NodeId node = join();
    created();
    fired();
    end(node, claimOne(node), done());
    advance(Duration.ofDays(9));
    store.purge(DAY, 100);

    RunId second = fired();

    assertThat(claimOne(node).id()).isEqualTo(second);
    assertThat(row().lastAt()).contains(START.plus(MINUTE));
  }

  @Test
  void purge_keepsDeadNodesDead() {
    NodeId dead = join();
    var claimed = running(dead);
    NodeId live = join();
    for (int i = 0; i < 6; i++) {
      advance(LEASE.dividedBy(3));
      store.renew(live, LEASE);
    }
    store.reap(live, LEASE, 100);

    store.purge(DAY, 100);

    assertThat(store.renew(dead, LEASE)).isEqualTo(new Lease.Lost());
    assertThat(end(dead, claimed, done())).isEqualTo(Verdict.REFUSED);
    assertThat(store.nodes()).hasSize(1);
  }
}
