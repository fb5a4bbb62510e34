// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.Failure;
import dev.belfry.run.LedgerCursor;
import dev.belfry.run.LedgerPage;
import dev.belfry.run.LedgerQuery;
import dev.belfry.run.LedgerRow;
import dev.belfry.run.NodeId;
import dev.belfry.run.Pass;
import dev.belfry.run.Pass.Event;
import dev.belfry.run.RunId;
import dev.belfry.run.Trigger;
import dev.belfry.run.Unique;
import dev.belfry.store.Amendment;
import dev.belfry.store.Claimed;
import dev.belfry.store.Ending;
import dev.belfry.store.JobStore;
import dev.belfry.store.NewRun;
import dev.belfry.store.Outcome;
import dev.belfry.store.Retention;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The ledger has every ended pass, in one order, page by page. */
abstract class LedgerPart extends ContractPart {
  private static final LedgerQuery ALL = LedgerQuery.all().withLatest();

  LedgerPart(Function<? super InstantSource, ? extends JobStore> opener) {
    super(opener);
  }

  /** Reads all pages. */
  private List<LedgerRow> read(LedgerQuery query) {
    var rows = new ArrayList<LedgerRow>();
    LedgerPage page = store.ledger(query);
    rows.addAll(page.rows());
    while (page.more()) {
      page = store.ledger(query.after(page.last().orElseThrow()));
      rows.addAll(page.rows());
    }
    return rows;
  }

  private List<String> events(LedgerQuery query) {
    return read(query).stream().map(row -> row.pass().job() + " " + row.pass().event()).toList();
  }

  /** Returns a pass as the ledger shows it. */
  private static Pass shortened(Pass pass) {
    return new Pass(
        pass.run(),
        pass.fence(),
        pass.job(),
        pass.attempt(),
        pass.event(),
        pass.node(),
        pass.startedAt(),
        pass.endedAt(),
        pass.ran(),
        pass.detail(),
        pass.failure().map(failure -> Failure.of(failure.type(), failure.message())),
        pass.counters(),
        Map.of(),
        "");
  }

  @Test
  void ledger_ofAnEmptyStore_isEmpty() {
    assertThat(store.ledger(ALL)).isEqualTo(new LedgerPage(List.of(), Optional.empty(), false));
  }

  @Test
  void ledger_hasEachPass_andSaysWhoseItWas() {
    NodeId node = join();
    var key = Optional.of(Unique.whileActive("k"));
    var tick = Trigger.schedule("nightly", START.minusSeconds(60));
    NewRun ended = newRun().withUnique(key).withTrigger(tick);
    insert(ended);
    end(node, claimOne(node), retriedIn(Duration.ZERO));
    advance(Duration.ofSeconds(1));
    end(node, claimOne(node), failed());
    NewRun pending = newRun().withTrigger(Trigger.enqueue().by("ann"));
    insert(pending);
    advance(Duration.ofSeconds(1));
    end(node, claimOne(node), handedBack());
    amend(new Amendment.Reschedule(pending.id(), in(Duration.ofDays(1)), "bob"));

    List<Pass> passes =
        Stream.of(ended.id(), pending.id())
            .flatMap(run -> store.passes(run).stream())
            .map(LedgerPart::shortened)
            .toList();
    assertThat(passes)
        .extracting(Pass::event)
        .containsExactly(Event.RETRIED, Event.FAILED, Event.HANDED_BACK, Event.MOVED);
    assertThat(read(ALL))
        .containsExactly(
            new LedgerRow(passes.get(0), tick, Optional.of("k")),
            new LedgerRow(passes.get(1), tick, Optional.of("k")),
            new LedgerRow(passes.get(2), pending.trigger(), Optional.empty()),
            new LedgerRow(passes.get(3), pending.trigger(), Optional.empty()));
  }

  @Test
  void ledger_isOfOneJob_orOneSpan() {
    NodeId node = join();
    for (String job : List.of(JOB, "other", JOB)) {
      insert(newRun(job));
      var claimed = exchange(node, demand(1, quota(lane(job), 1))).claimed().get(0);
      end(node, claimed, job.equals(JOB) ? done() : failed());
      advance(Duration.ofSeconds(10));
    }

    assertThat(events(ALL)).containsExactly(JOB + " COMPLETED", "other FAILED", JOB + " COMPLETED");
    assertThat(events(ALL.ofJob("other"))).containsExactly("other FAILED");
    assertThat(events(ALL.ofJob("unknown"))).isEmpty();
    assertThat(events(ALL.between(START.plusSeconds(10), START.plusSeconds(20))))
        .containsExactly("other FAILED");
    assertThat(events(ALL.between(START.plusSeconds(11), START.plusSeconds(20)))).isEmpty();
    assertThat(events(ALL.ofJob(JOB).between(START, START.plusSeconds(99)))).hasSize(2);
  }

  @Test
  void pageOfOneJob_mayBeEmptyThoughMoreFollow() {
    NodeId node = join();
    for (int i = 0; i < 3; i++) {
      completed(node, newRun());
    }
    insert(newRun("other"));
    end(node, exchange(node, demand(1, quota(lane("other"), 1))).claimed().get(0), done());

    LedgerPage first = store.ledger(ALL.ofJob("other").limit(2));

    assertThat(first.rows()).isEmpty();
    assertThat(first.more()).isTrue();
    assertThat(events(ALL.ofJob("other").limit(2))).containsExactly("other COMPLETED");
  }

  @Test
  void ledger_leavesTheLastMinuteOut_unlessItIsAskedFor() {
    NodeId node = join();
    completed(node, newRun());
    advance(LedgerQuery.SETTLING);

    assertThat(read(LedgerQuery.all())).isEmpty();
    assertThat(read(ALL)).hasSize(1);
    advance(Duration.ofSeconds(1));
    assertThat(read(LedgerQuery.all())).hasSize(1);
    assertThat(read(LedgerQuery.all().between(START, START.plusSeconds(999)))).hasSize(1);
  }

  @Test
  void ledger_goesOnLater_afterTheLastRowOfBefore() {
    NodeId node = join();
    RunId first = completed(node, newRun());
    LedgerCursor last = store.ledger(ALL).last().orElseThrow();
    assertThat(last).isEqualTo(new LedgerCursor(START, first, 1));

    assertThat(store.ledger(ALL.after(last)))
        .isEqualTo(new LedgerPage(List.of(), Optional.empty(), false));
    advance(Duration.ofSeconds(1));
    RunId second = completed(node, newRun());

    assertThat(read(ALL.after(last))).extracting(row -> row.pass().run()).containsExactly(second);
    assertThat(read(ALL.after(new LedgerCursor(START, first, 0)))).hasSize(2);
  }

  /** Many passes have one time: those of a commit. */
  @Test
  void pagesOfAnySize_areTheLedgerInOneOrder() {
    var random = new SplittableRandom(7);
    NodeId node = join();
    var expected = new ArrayList<LedgerCursor>();
    for (int round = 0; round < 12; round++) {
      IntStream.range(0, 9).forEach(i -> insert(newRun(), newRun("other")));
      List<Outcome> outcomes =
          claim(node, 8).stream().map(claimed -> outcome(claimed, anyEnding(random))).toList();
      Instant now = store.exchange(node, outcomes, List.of()).now();
      outcomes.forEach(o -> expected.add(new LedgerCursor(now, o.run(), o.fence())));
      advance(Duration.ofMillis(random.nextInt(2)));
    }
    expected.sort(Comparator.naturalOrder());

    for (int limit : new int[] {1, 7, 1_000}) {
      assertThat(read(ALL.limit(limit)))
          .as("pages of %d", limit)
          .extracting(LedgerRow::cursor)
          .isEqualTo(expected);
    }
  }

  private static Outcome outcome(Claimed claimed, Ending ending) {
    return new Outcome(claimed.id(), claimed.fence(), ending, ranFor(Duration.ofMillis(1)));
  }

  private static Ending anyEnding(SplittableRandom random) {
    return switch (random.nextInt(7)) {
      case 0 -> failed();
      case 1 -> new Ending.Cancelled("x");
      case 2 -> new Ending.Skipped("x");
      case 3 -> new Ending.TimedOut(failure(), "x");
      case 4 -> new Ending.Blocked("x");
      case 5 -> retriedIn(Duration.ZERO);
      default -> done();
    };
  }

  @Test
  void ledger_forgetsWhatIsPurged() {
    NodeId node = join();
    RunId old = insert(newRun().withUnique(Optional.of(Unique.whileActive("k"))));
    end(node, claimOne(node), retriedIn(Duration.ZERO));
    end(node, claimOne(node), done());
    advance(Duration.ofDays(2));
    RunId fresh = completed(node, newRun());
    assertThat(read(ALL)).extracting(row -> row.pass().run()).containsExactly(old, old, fresh);

    store.purge(new Retention(Duration.ofDays(1), Duration.ofDays(1)), 10);

    assertThat(read(ALL)).extracting(row -> row.pass().run()).containsExactly(fresh);
  }

  @Test
  void whatIsDecidedOutsideAPass_isInTheLedger() {
    NodeId node = join();
    RunId run = insert(newRun());
    cancel(run);
    Claimed claimed = claimOne(node);
    end(node, claimed, new Ending.Cancelled("asked by ann"));

    assertThat(events(ALL)).containsExactly(JOB + " MOVED", JOB + " CANCELLED");
  }
}
