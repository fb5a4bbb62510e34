// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.Failure;
import dev.belfry.run.NodeId;
import dev.belfry.run.Page;
import dev.belfry.run.RunId;
import dev.belfry.run.RunQuery;
import dev.belfry.run.Status;
import dev.belfry.run.Trigger;
import dev.belfry.run.Unique;
import dev.belfry.store.Ending;
import dev.belfry.store.JobStore;
import dev.belfry.store.RunRecord;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Pending and ended runs are read alike. */
abstract class QueryPart extends ContractPart {
  QueryPart(Function<? super InstantSource, ? extends JobStore> opener) {
    super(opener);
  }

  private List<RunId> found(RunQuery query) {
    return ids(store.runs(query));
  }

  private static List<RunId> ids(Page<RunRecord> page) {
    return page.items().stream().map(record -> record.run().id()).toList();
  }

  @Test
  void runs_areTheNewestFirst_pendingAndEndedAlike() {
    NodeId node = join();
    RunId ended = completed(node, newRun());
    RunId scheduled = insert(newRun().withDue(in(Duration.ofHours(1))));
    RunId failed = insert(newRun());
    end(node, claimOne(node), failed());
    RunId held = running(node).id();

    assertThat(found(RunQuery.all())).containsExactly(held, failed, scheduled, ended);
  }

  @Test
  void runs_arePagedByTheLastIdSeen() {
    NodeId node = join();
    var newestFirst = new ArrayList<RunId>();
    for (int i = 0; i < 7; i++) {
      newestFirst.add(i % 2 == 0 ? insert(newRun("other")) : completed(node, newRun()));
    }
    Collections.reverse(newestFirst);

    var first = store.runs(RunQuery.all().limit(3));
    insert(newRun());
    var second = store.runs(RunQuery.all().limit(3).olderThan(newestFirst.get(2)));
    var third = store.runs(RunQuery.all().limit(3).olderThan(newestFirst.get(5)));

    assertThat(ids(first)).containsExactlyElementsOf(newestFirst.subList(0, 3));
    assertThat(first.more()).isTrue();
    assertThat(ids(second)).containsExactlyElementsOf(newestFirst.subList(3, 6));
    assertThat(second.more()).isTrue();
    assertThat(ids(third)).containsExactlyElementsOf(newestFirst.subList(6, 7));
    assertThat(third.more()).isFalse();
  }

  @Test
  void runs_ofAFullLastPage_haveNoMore() {
    insert(newRun(), newRun());

    assertThat(store.runs(RunQuery.all().limit(2)).more()).isFalse();
  }

  @Test
  void runs_areFilteredByJob() {
    NodeId node = join();
    RunId ended = completed(node, newRun());
    RunId pending = insert(newRun());
    insert(newRun("other"));

    assertThat(found(RunQuery.ofJob(JOB))).containsExactly(pending, ended);
    assertThat(found(RunQuery.ofJob("unknown"))).isEmpty();
  }

  @Test
  void runs_areFilteredByStatus() {
    NodeId node = join();
    RunId completed = completed(node, newRun());
    RunId failed = insert(newRun());
    end(node, claimOne(node), failed());
    RunId blocked = insert(newRun());
    end(node, claimOne(node), new Ending.Blocked("bad input"));
    RunId held = running(node).id();
    RunId scheduled = insert(newRun());

    assertThat(found(RunQuery.all().in(Status.COMPLETED))).containsExactly(completed);
    assertThat(found(RunQuery.all().in(Status.FAILED, Status.SCHEDULED)))
        .containsExactly(scheduled, failed);
    assertThat(found(RunQuery.all().in(Status.RUNNING, Status.BLOCKED)))
        .containsExactly(held, blocked);
    assertThat(found(RunQuery.all().in(Status.SKIPPED))).isEmpty();
  }

  @Test
  void runs_areFilteredBySchedule() {
    NodeId node = join();
    RunId ended = completed(node, newRun().withTrigger(Trigger.schedule("nightly", START)));
    RunId byHand = insert(newRun().withTrigger(Trigger.manual("nightly", "ann")));
    insert(newRun().withTrigger(Trigger.schedule("weekly", START)), newRun());

    assertThat(found(RunQuery.all().ofSchedule("nightly"))).containsExactly(byHand, ended);
  }

  @Test
  void runs_areFilteredByTag() {
    NodeId node = join();
    RunId ended = completed(node, newRun().withTags(List.of("project=p1", "x")));
    RunId pending = insert(newRun().withTags(List.of("y", "project=p1")));
    insert(newRun().withTags(List.of("project=p10")), newRun());

    assertThat(found(RunQuery.all().tagged("project=p1"))).containsExactly(pending, ended);
  }

  @Test
  void runs_areFoundByTheUniqueKeyTheyWereEnqueuedWith_heldOrNot() {
    NodeId node = join();
    var active = Optional.of(Unique.whileActive("customer-7"));
    var hour = Optional.of(Unique.within(Duration.ofHours(1), "customer-7"));
    RunId ended = completed(node, newRun().withUnique(active));
    RunId replaced = insert(newRun().withUnique(active));
    var replacing = active.map(unique -> unique.on(Unique.OnConflict.REPLACE));
    RunId pending = insert(newRun().withUnique(replacing));
    RunId ofOther = insert(newRun("other").withUnique(hour));
    advance(Duration.ofHours(2)); // by then its time is over
    insert(newRun(), newRun().withUnique(Optional.of(Unique.whileActive("Customer-7"))));
    store.insert(List.of(newRun().withUnique(active))); // answered by the pending one

    RunQuery query = RunQuery.all().keyed("customer-7");
    assertThat(found(query)).containsExactly(ofOther, pending, replaced, ended);
    assertThat(found(RunQuery.ofJob(JOB).keyed("customer-7")))
        .containsExactly(pending, replaced, ended);
    assertThat(found(query.in(Status.CANCELLED, Status.COMPLETED)))
        .containsExactly(replaced, ended);
    assertThat(found(query.olderThan(ofOther).limit(1))).containsExactly(pending);
    assertThat(store.runs(query.olderThan(pending).limit(2)).more()).isFalse();
    assertThat(found(query.between(START.plusSeconds(1), START.plusSeconds(9)))).isEmpty();
    assertThat(found(query.tagged("x"))).isEmpty();
    assertThat(found(RunQuery.all().keyed("customer-"))).isEmpty();
  }

  @Test
  void runsWithKeys_areFoundByTheUniqueKey_howeverManyThereAre() {
    var newestFirst = new ArrayList<RunId>();
    for (int i = 0; i < 600; i++) {
      newestFirst.add(
          0, insert(newRun(i % 300 == 0 ? JOB : "job-" + i % 7).withUnique(replacing())));
    }

    assertThat(found(RunQuery.all().keyed("k").limit(1_000))).isEqualTo(newestFirst);
    assertThat(found(RunQuery.ofJob(JOB).keyed("k").in(Status.CANCELLED, Status.SCHEDULED)))
        .containsExactly(newestFirst.get(299), newestFirst.get(599));
  }

  private static Optional<Unique> replacing() {
    return Optional.of(Unique.whileActive("k").on(Unique.OnConflict.REPLACE));
  }

  @Test
  void runs_areFoundByTheTextOfTheirErrors() {
    NodeId node = join();
    RunId failed = insert(newRun());
    end(node, claimOne(node), new Ending.Failed(broken("no route: 50% of \"A_B\\C\""), "x"));
    RunId recovered = insert(newRun());
    end(node, claimOne(node), new Ending.Retried(Duration.ZERO, broken("no route"), "x"));
    end(node, claimOne(node), done());
    RunId retried = insert(newRun());
    end(
        node,
        claimOne(node),
        new Ending.Retried(Duration.ofHours(1), broken("no route, 7 of 50"), "x"));
    RunId timedOut = insert(newRun());
    end(node, claimOne(node), new Ending.TimedOut(broken("No route"), "no route"));
    RunId blocked = insert(newRun());
    end(node, claimOne(node), new Ending.Blocked("no route to its type"));
    completed(node, newRun().withTags(List.of("no route")));
    insert(newRun());

    assertThat(found(RunQuery.all().failingWith("no route")))
        .containsExactly(blocked, retried, recovered, failed);
    assertThat(found(RunQuery.all().failingWith("java.net.Sock")))
        .containsExactly(timedOut, retried, recovered, failed);
    assertThat(found(RunQuery.all().failingWith("50%"))).containsExactly(failed);
    assertThat(found(RunQuery.all().failingWith("A_B\\C\""))).containsExactly(failed);
    assertThat(found(RunQuery.all().failingWith("of 50"))).containsExactly(retried);
    assertThat(found(RunQuery.all().failingWith("at Some.line"))).isEmpty();
    assertThat(found(RunQuery.ofJob(JOB).failingWith("no route").in(Status.FAILED)))
        .containsExactly(failed);
    assertThat(found(RunQuery.all().failingWith("no route").olderThan(retried).limit(1)))
        .containsExactly(recovered);
  }

  @Test
  void runs_areFoundByKeyAndError() {
    NodeId node = join();
    var key = Optional.of(Unique.whileActive("k"));
    RunId failed = insert(newRun().withUnique(key));
    end(node, claimOne(node), new Ending.Failed(broken("no route"), "x"));
    completed(node, newRun().withUnique(key));

    assertThat(found(RunQuery.all().keyed("k").failingWith("route"))).containsExactly(failed);
    assertThat(found(RunQuery.all().keyed("k").failingWith("else"))).isEmpty();
    assertThat(found(RunQuery.all().keyed("none").failingWith("route"))).isEmpty();
  }

  private static Failure broken(String message) {
    return new Failure("java.net.SocketException", message, "at Some.line(7): " + message);
  }

  @Test
  void runs_areFilteredByTheTimeOfTheirMaking() {
    NodeId node = join();
    insert(newRun());
    advance(Duration.ofMinutes(1));
    RunId ended = insert(newRun());
    RunId pending = insert(newRun().withDue(in(Duration.ofDays(1))));
    advance(Duration.ofMinutes(1));
    insert(newRun());
    claim(node, 2).stream().filter(c -> c.id().equals(ended)).forEach(c -> end(node, c, done()));

    var query = RunQuery.all().between(START.plusSeconds(60), START.plusSeconds(120));
    assertThat(found(query)).containsExactly(pending, ended);
  }

  @Test
  void filters_areAllMet() {
    insert(newRun(), newRun("other").withTags(List.of("t")));
    RunId both = insert(newRun().withTags(List.of("t")));

    assertThat(found(RunQuery.ofJob(JOB).tagged("t").in(Status.SCHEDULED))).containsExactly(both);
  }

  @Test
  void runsById_leaveOutTheUnknown() {
    NodeId node = join();
    RunId ended = completed(node, newRun());
    RunId pending = insert(newRun());

    var records = store.runs(List.of(pending, nextId(), ended));

    assertThat(records).extracting(r -> r.run().id()).containsExactlyInAnyOrder(pending, ended);
    assertThat(store.runs(List.<RunId>of())).isEmpty();
  }

  @Test
  void endedRun_keepsWhatThePendingOneHad() {
    NodeId node = join();
    var run =
        newRun()
            .withPriority(0)
            .withTrigger(Trigger.enqueue().by("ann"))
            .withTags(List.of("b", "a"));
    insert(run);
    advance(Duration.ofSeconds(1));
    end(node, claimOne(node), retriedIn(Duration.ofSeconds(1)));
    advance(Duration.ofSeconds(1));
    end(node, claimOne(node), done());

    var ended = read(run.id());
    assertThat(ended.createdAt()).isEqualTo(START);
    assertThat(ended.dueAt()).isEqualTo(START);
    assertThat(ended.startedAt()).contains(START.plusSeconds(1));
    assertThat(ended.trigger()).isEqualTo(run.trigger());
    assertThat(ended.tags()).containsExactly("b", "a");
    assertThat(fence(run.id())).isEqualTo(2);
  }

  @Test
  void texts_comeBackAsTheyWere() {
    NodeId node = join();
    String text = "ümläut, 漢字, 😀, 'quoted', \"double\", \\, %_, \n\ttab";
    var run = newRun().withTags(List.of(text, "")).withTrigger(Trigger.enqueue().by(text));
    insert(run);
    end(node, claimOne(node), new Ending.Cancelled(text));

    assertThat(read(run.id()).tags()).containsExactly(text, "");
    assertThat(read(run.id()).trigger().actor()).contains(text);
    assertThat(lastPass(run.id()).detail()).isEqualTo(text);
  }
}
