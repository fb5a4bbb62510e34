// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit;

import dev.belfry.store.JobStore;
import java.time.InstantSource;

/**
 * Opens the stores that tests run on, such as
 *
 * <pre>{@code
 * StoreFactory h2 = clock -> JdbcJobStore.using(newDatabase()).withTime(clock);
 * }</pre>
 *
 * <p>A class that {@link dev.belfry.testkit.junit.SchedulerTest#store} names has a public
 * constructor without parameters.
 */
@FunctionalInterface
public interface StoreFactory {
  /**
   * Returns an empty store that holds a clock for its own. The test closes it.
   *
   * @param clock shows the time of the test, which moves only when told
   */
  JobStore open(InstantSource clock);

  /** Opens stores in memory. */
  final class InMemory implements StoreFactory {
    /** Makes a factory. */
    public InMemory() {}

    @Override
    public JobStore open(InstantSource clock) {
      return JobStore.inMemory(clock);
    }
  }
}
