// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import dev.belfry.store.JobStore;
import dev.belfry.store.StoreTransaction;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Nested;

/**
 * What every job store promises, as JUnit tests. Extend this class, open your store, and all
 * promises are checked:
 *
 * <pre>{@code
 * class MyJobStoreTest extends JobStoreContract {
 *   @Override
 *   protected JobStore open(InstantSource clock) {
 *     return new MyJobStore(clock);
 *   }
 * }
 * }</pre>
 *
 * <p>JUnit Jupiter and AssertJ must be on the test's class path. The tests do not sleep; those of
 * concurrency start up to 16 threads.
 */
public abstract class JobStoreContract {
  /** For subclasses. */
  protected JobStoreContract() {}

  /**
   * Returns a new, empty store that takes the time from a clock. Called once for each test, which
   * opens the store, uses it from several threads perhaps, and closes it.
   *
   * @param clock what the store shall hold for its own clock
   */
  protected abstract JobStore open(InstantSource clock);

  /**
   * Returns what the work of {@link JobStore#transact} is called with. None unless overridden: a
   * store need not have transactions for others; then it is checked that it says so.
   */
  protected Optional<Resource<?>> resource() {
    return Optional.empty();
  }

  /**
   * A kind of resource that stands for a transaction of a store.
   *
   * @param type the type to ask for
   * @param join turns a resource into what {@link JobStore#insert(List, StoreTransaction)} takes
   * @param <C> the type
   */
  public record Resource<C>(Class<C> type, Function<? super C, ? extends StoreTransaction> join) {}

  @Nested
  class Openings extends OpeningPart {
    Openings() {
      super(JobStoreContract.this::open);
    }
  }

  @Nested
  class Inserts extends InsertPart {
    Inserts() {
      super(JobStoreContract.this::open);
    }
  }

  @Nested
  class UniqueKeys extends UniqueKeyPart {
    UniqueKeys() {
      super(JobStoreContract.this::open);
    }
  }

  @Nested
  class Claims extends ClaimPart {
    Claims() {
      super(JobStoreContract.this::open);
    }
  }

  @Nested
  class Outcomes extends OutcomePart {
    Outcomes() {
      super(JobStoreContract.this::open);
    }
  }

  @Nested
  class LatestDues extends LatestDuePart {
    LatestDues() {
      super(JobStoreContract.this::open);
    }
  }

  @Nested
  class CancelOns extends CancelOnPart {
    CancelOns() {
      super(JobStoreContract.this::open);
    }
  }

  @Nested
  class Groups extends GroupPart {
    Groups() {
      super(JobStoreContract.this::open);
    }
  }

  @Nested
  class Guards extends GuardPart {
    Guards() {
      super(JobStoreContract.this::open);
    }
  }

  @Nested
  class Amendments extends AmendmentPart {
    Amendments() {
      super(JobStoreContract.this::open);
    }
  }

  @Nested
  class Leases extends LeasePart {
    Leases() {
      super(JobStoreContract.this::open);
    }
  }

  @Nested
  class Catalogs extends CatalogPart {
    Catalogs() {
      super(JobStoreContract.this::open);
    }
  }

  @Nested
  class Memos extends MemoPart {
    Memos() {
      super(JobStoreContract.this::open);
    }
  }

  @Nested
  class Transactions extends TransactionPart {
    Transactions() {
      super(JobStoreContract.this::open, resource());
    }
  }

  @Nested
  class Schedules extends SchedulePart {
    Schedules() {
      super(JobStoreContract.this::open);
    }
  }

  @Nested
  class Declarations extends DeclarationPart {
    Declarations() {
      super(JobStoreContract.this::open);
    }
  }

  @Nested
  class Ticks extends TickPart {
    Ticks() {
      super(JobStoreContract.this::open);
    }
  }

  @Nested
  class WhatIsDue extends DuePart {
    WhatIsDue() {
      super(JobStoreContract.this::open);
    }
  }

  @Nested
  class ParkedTicks extends ParkPart {
    ParkedTicks() {
      super(JobStoreContract.this::open);
    }
  }

  @Nested
  class Inbox extends InboxPart {
    Inbox() {
      super(JobStoreContract.this::open);
    }
  }

  @Nested
  class Events extends EventPart {
    Events() {
      super(JobStoreContract.this::open);
    }
  }

  @Nested
  class Suspensions extends SuspendPart {
    Suspensions() {
      super(JobStoreContract.this::open);
    }
  }

  @Nested
  class Waits extends WaitPart {
    Waits() {
      super(JobStoreContract.this::open);
    }
  }

  @Nested
  class Limits extends LimitPart {
    Limits() {
      super(JobStoreContract.this::open);
    }
  }

  @Nested
  class Orders extends OrderPart {
    Orders() {
      super(JobStoreContract.this::open);
    }
  }

  @Nested
  class Throttles extends ThrottlePart {
    Throttles() {
      super(JobStoreContract.this::open);
    }
  }

  @Nested
  class Rates extends RatePart {
    Rates() {
      super(JobStoreContract.this::open);
    }
  }

  @Nested
  class Singletons extends SingletonPart {
    Singletons() {
      super(JobStoreContract.this::open);
    }
  }

  @Nested
  class Debounces extends DebouncePart {
    Debounces() {
      super(JobStoreContract.this::open);
    }
  }

  @Nested
  class LimitRaces extends LimitRacePart {
    LimitRaces() {
      super(JobStoreContract.this::open);
    }
  }

  @Nested
  class Batches extends BatchPart {
    Batches() {
      super(JobStoreContract.this::open);
    }
  }

  @Nested
  class BatchRaces extends BatchRacePart {
    BatchRaces() {
      super(JobStoreContract.this::open);
    }
  }

  @Nested
  class Queries extends QueryPart {
    Queries() {
      super(JobStoreContract.this::open);
    }
  }

  @Nested
  class Paging extends PagingPart {
    Paging() {
      super(JobStoreContract.this::open);
    }
  }

  @Nested
  class Ledger extends LedgerPart {
    Ledger() {
      super(JobStoreContract.this::open);
    }
  }

  @Nested
  class Records extends RecordPart {
    Records() {
      super(JobStoreContract.this::open);
    }
  }

  @Nested
  class Upkeep extends UpkeepPart {
    Upkeep() {
      super(JobStoreContract.this::open);
    }
  }

  @Nested
  class Concurrency extends ConcurrencyPart {
    Concurrency() {
      super(JobStoreContract.this::open);
    }
  }
}
