// SPDX-License-Identifier: Apache-2.0

/** Virtual time, faults and the store contract, for testing jobs without waiting. */
module dev.belfry.testkit {
  requires transitive dev.belfry;
  requires static org.junit.jupiter.api;
  requires static org.assertj.core;
  requires static org.jspecify;

  exports dev.belfry.testkit;
  exports dev.belfry.testkit.contract;
  exports dev.belfry.testkit.junit;

  // JUnit calls the parts of the contract, which are not public.
  opens dev.belfry.testkit.contract;
}
