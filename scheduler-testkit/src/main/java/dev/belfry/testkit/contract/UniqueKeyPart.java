// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static dev.belfry.run.Unique.OnConflict.REJECT;
import static dev.belfry.run.Unique.OnConflict.REPLACE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.NodeId;
import dev.belfry.run.Pass;
import dev.belfry.run.RunId;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import dev.belfry.run.Unique;
import dev.belfry.store.Accepted;
import dev.belfry.store.Claimed;
import dev.belfry.store.Ending;
import dev.belfry.store.InboxEntry;
import dev.belfry.store.JobStore;
import dev.belfry.store.NewRun;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** A key is held by at most one run of a job. */
abstract class UniqueKeyPart extends ContractPart {
  private static final Unique KEY = Unique.whileActive("k");
  private static final Unique HOUR = Unique.within(Duration.ofHours(1), "k");

  UniqueKeyPart(Function<? super InstantSource, ? extends JobStore> opener) {
    super(opener);
  }

  private NewRun keyed(Unique unique) {
    return newRun().withUnique(Optional.of(unique));
  }

  @Test
  void heldKey_givesTheHolder() {
    RunId holder = insert(keyed(KEY));
    var second = keyed(KEY);

    assertThat(accepted(second)).isEqualTo(new Accepted.Existing(holder));
    assertThat(store.runs(List.of(second.id()))).isEmpty();
  }

  @Test
  void heldKey_isRejected_ifSoAsked() {
    RunId holder = insert(keyed(KEY));

    assertThat(accepted(keyed(KEY.on(REJECT)))).isEqualTo(new Accepted.Rejected(holder));
  }

  @Test
  void heldKey_isSeenWithinOneCall() {
    var first = keyed(KEY);
    var second = keyed(KEY);

    assertThat(store.insert(List.of(first, second)))
        .containsExactly(new Accepted.Created(first.id()), new Accepted.Existing(first.id()));
  }

  @Test
  void heldKey_doesNotStopOtherKeysAndJobs() {
    insert(keyed(KEY));
    var otherKey = keyed(Unique.whileActive("K"));
    var otherJob = newRun("other").withUnique(Optional.of(KEY));

    assertThat(accepted(otherKey)).isEqualTo(new Accepted.Created(otherKey.id()));
    assertThat(accepted(otherJob)).isEqualTo(new Accepted.Created(otherJob.id()));
  }

  @Test
  void insertAgain_ofTheHolder_isCreated() {
    var run = keyed(KEY.on(REJECT));
    insert(run);

    assertThat(accepted(run)).isEqualTo(new Accepted.Created(run.id()));
  }

  @Test
  void insertAgain_ofTheHolderThatReplaces_doesNotEndIt() {
    var run = keyed(KEY.on(REPLACE));
    insert(run);

    assertThat(accepted(run)).isEqualTo(new Accepted.Created(run.id()));
    assertThat(read(run.id()).status()).isEqualTo(Status.SCHEDULED);
  }

  @Test
  void insertAgain_ofAnEndedRunWhoseKeyAnotherHolds_isCreated() {
    var run = keyed(KEY);
    completed(join(), run);
    insert(keyed(KEY));

    assertThat(accepted(run)).isEqualTo(new Accepted.Created(run.id()));
  }

  @Test
  void keyWhileActive_isHeldOverRetries() {
    NodeId node = join();
    RunId holder = insert(keyed(KEY));
    end(node, claimOne(node), retriedIn(Duration.ofHours(2)));

    assertThat(accepted(keyed(KEY))).isEqualTo(new Accepted.Existing(holder));
  }

  @Test
  void keyWhileActive_isFreeOnceTheRunHasEnded() {
    NodeId node = join();
    completed(node, keyed(KEY));
    var second = keyed(KEY);

    assertThat(accepted(second)).isEqualTo(new Accepted.Created(second.id()));
  }

  @Test
  void keyOfATime_isHeldAfterTheRunHasEnded() {
    var run = keyed(HOUR);
    completed(join(), run);
    advance(Duration.ofMinutes(59));

    assertThat(accepted(keyed(HOUR))).isEqualTo(new Accepted.Existing(run.id()));
  }

  @Test
  void keyOfATime_isFreeAfterIt_alsoIfTheRunIsActive() {
    insert(keyed(HOUR));
    advance(Duration.ofMinutes(60));
    var second = keyed(HOUR);

    assertThat(accepted(second)).isEqualTo(new Accepted.Created(second.id()));
  }

  @Test
  void endOfAnEarlierHolder_keepsTheKeyOfTheLater() {
    NodeId node = join();
    insert(keyed(HOUR));
    Claimed earlier = claimOne(node);
    advance(Duration.ofMinutes(61));
    RunId later = insert(keyed(KEY));

    end(node, earlier, done());

    assertThat(accepted(keyed(KEY))).isEqualTo(new Accepted.Existing(later));
  }

  @Test
  void replace_endsAHolderThatIsNotRunning() {
    RunId holder = insert(keyed(KEY).withWatched(true));
    var second = keyed(KEY.on(REPLACE));

    assertThat(accepted(second)).isEqualTo(new Accepted.Created(second.id()));

    String reason = "replaced by run " + second.id();
    assertThat(read(holder).state()).isEqualTo(new RunState.Cancelled(START, reason));
    assertThat(fence(holder)).isEqualTo(1);
    Pass pass = lastPass(holder);
    assertThat(pass.event()).isEqualTo(Pass.Event.CANCELLED);
    assertThat(pass.node()).isEmpty();
    assertThat(pass.detail()).isEqualTo(reason);
    assertThat(endings(store.inbox(10))).extracting(InboxEntry.Ended::run).containsExactly(holder);
    assertThat(accepted(keyed(KEY))).isEqualTo(new Accepted.Existing(second.id()));
    assertThat(claim(join(), 10)).singleElement().matches(c -> c.id().equals(second.id()));
  }

  @Test
  void replace_endsAHolderThatIsBlocked() {
    NodeId node = join();
    RunId holder = insert(keyed(KEY));
    end(node, claimOne(node), new Ending.Blocked("no such type"));

    insert(keyed(KEY.on(REPLACE)));

    assertThat(read(holder).status()).isEqualTo(Status.CANCELLED);
  }

  @Test
  void replace_letsARunningHolderGoOnWithoutTheKey() {
    NodeId node = join();
    RunId holder = insert(keyed(KEY));
    Claimed running = claimOne(node);
    var second = keyed(KEY.on(REPLACE));

    assertThat(accepted(second)).isEqualTo(new Accepted.Created(second.id()));

    assertThat(read(holder).status()).isEqualTo(Status.RUNNING);
    end(node, running, done());
    assertThat(read(holder).status()).isEqualTo(Status.COMPLETED);
    assertThat(accepted(keyed(KEY))).isEqualTo(new Accepted.Existing(second.id()));
  }

  @Test
  void replace_takesTheKeyOfAnEndedHolder() {
    var run = keyed(HOUR);
    completed(join(), run);
    var second = keyed(KEY.on(REPLACE));

    assertThat(accepted(second)).isEqualTo(new Accepted.Created(second.id()));

    assertThat(read(run.id()).status()).isEqualTo(Status.COMPLETED);
    assertThat(accepted(keyed(KEY))).isEqualTo(new Accepted.Existing(second.id()));
  }

  @Test
  void replace_withinOneCall_endsTheFirst() {
    var first = keyed(KEY);
    var second = keyed(KEY.on(REPLACE));

    insert(first, second);

    assertThat(read(first.id()).status()).isEqualTo(Status.CANCELLED);
    assertThat(read(second.id()).status()).isEqualTo(Status.SCHEDULED);
  }
}
