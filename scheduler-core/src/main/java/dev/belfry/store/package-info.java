// SPDX-License-Identifier: Apache-2.0
/**
 * The store's side of the protocol: what keeps runs, schedules and nodes, and the values that go in
 * and out. Implement {@link dev.belfry.store.JobStore} to keep jobs elsewhere.
 */
@NullMarked
package dev.belfry.store;

import org.jspecify.annotations.NullMarked;
