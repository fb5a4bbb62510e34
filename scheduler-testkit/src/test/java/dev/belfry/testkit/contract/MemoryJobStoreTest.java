// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import dev.belfry.store.JobStore;
import java.time.InstantSource;

class MemoryJobStoreTest extends JobStoreContract {
  @Override
  protected JobStore open(InstantSource clock) {
    return JobStore.inMemory(clock);
  }
}
