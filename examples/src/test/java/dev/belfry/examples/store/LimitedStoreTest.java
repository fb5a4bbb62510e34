// SPDX-License-Identifier: Apache-2.0
package dev.belfry.examples.store;

import dev.belfry.store.JobStore;
import dev.belfry.testkit.contract.JobStoreContract;
import java.time.InstantSource;

/** A store of one's own keeps all that stores promise. */
class LimitedStoreTest extends JobStoreContract {
  @Override
  protected JobStore open(InstantSource clock) {
    return LimitedStore.around(JobStore.inMemory(clock), 4);
  }
}
