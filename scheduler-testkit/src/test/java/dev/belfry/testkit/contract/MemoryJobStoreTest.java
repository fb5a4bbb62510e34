// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.run.RunId;
import dev.belfry.run.Status;
import dev.belfry.store.Declaration;
import dev.belfry.store.Due;
import dev.belfry.store.Hint;
import dev.belfry.store.JobStore;
import dev.belfry.store.NewRun;
import dev.belfry.store.Payload;
import dev.belfry.store.StoreException;
import dev.belfry.store.StoreInfo;
import dev.belfry.store.StoreTransaction;
import dev.belfry.testkit.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The contract, and what the store in memory promises beyond it. */
class MemoryJobStoreTest extends JobStoreContract {
  private final TestClock clock = TestClock.at(Instant.parse("2026-03-02T12:00:00Z"));
  private final JobStore store = JobStore.inMemory(clock);
  private final List<Hint> hints = new ArrayList<>();

  @Override
  protected JobStore open(InstantSource clock) {
    return JobStore.inMemory(clock);
  }

  private static NewRun newRun(int id) {
    return NewRun.of(RunId.of(id, 0, 0), "job", Payload.of("test", new byte[0]));
  }

  @Test
  void open_saysThatOnlyThisProcessHasIt() {
    assertThat(store.open()).isEqualTo(new StoreInfo("in-memory store", 0, false, 0));
  }

  @Test
  void insertInATransaction_isRefused() {
    StoreTransaction transaction =
        new StoreTransaction() {
          @Override
          public <C> C unwrap(Class<C> resource) {
            throw new IllegalArgumentException("nothing inside");
          }
        };

    assertThatThrownBy(() -> store.insert(List.of(newRun(1)), transaction))
        .isInstanceOf(StoreException.class)
        .hasMessage(
            "the in-memory store has no transactions to join; enqueue without one, or use a"
                + " database store")
        .extracting(e -> ((StoreException) e).kind())
        .isEqualTo(StoreException.Kind.PERMANENT);
    assertThatThrownBy(() -> store.send(List.of(), transaction))
        .isInstanceOf(StoreException.class)
        .hasMessage(
            "the in-memory store has no transactions to join; send without one, or use a database"
                + " store");
  }

  @Test
  void insert_withAPriorityOutOfRange_insertsNothing() {
    assertThatThrownBy(() -> store.insert(List.of(newRun(1), newRun(2).withPriority(5))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("priority must be -4 to 4, was 5");

    assertThat(store.runs(List.of(newRun(1).id()))).isEmpty();
  }

  @Test
  void insert_takesTheLastOfAllInstants() {
    store.insert(List.of(newRun(1).withDue(new Due.At(Instant.MAX)), newRun(2)));

    assertThat(store.nextDue("job")).contains(clock.instant());
    assertThat(store.runs(List.of(newRun(1).id())).get(0).run().status())
        .isEqualTo(Status.SCHEDULED);
  }

  @Test
  void hint_namesLanesWithANewRunAndWhenItIsDue() {
    store.declare(List.of(new Declaration("job", "default", 0, List.of())));
    store.onHint(hints::add);

    store.insert(List.of(newRun(1).withDue(new Due.After(Duration.ofSeconds(5)))));
    store.insert(List.of(newRun(2), newRun(3).withDue(new Due.After(Duration.ofSeconds(5)))));

    Instant now = store.now();
    assertThat(hints)
        .containsExactly(
            new Hint(now, Map.of(0, now.plusSeconds(5)), false),
            new Hint(now, Map.of(0, now), false));
  }

  @Test
  void hint_tellsOfAChangedCatalog() {
    store.onHint(hints::add);

    store.declare(List.of(new Declaration("job", "default", 0, List.of())));
    store.declare(List.of(new Declaration("job", "default", 0, List.of())));

    assertThat(hints).containsExactly(new Hint(store.now(), Map.of(), true));
  }

  @Test
  void hint_reachesOthersIfOneListenerFails() {
    store.onHint(
        hint -> {
          throw new IllegalStateException("broken");
        });
    store.onHint(hints::add);

    store.insert(List.of(newRun(1)));

    assertThat(hints).hasSize(1);
  }

  @Test
  void close_leavesWhatIsKept() {
    store.insert(List.of(newRun(1)));
    store.close();

    assertThat(store.runs(List.of(newRun(1).id()))).hasSize(1);
  }
}
