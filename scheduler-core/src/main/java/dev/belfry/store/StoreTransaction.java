// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

/** A transaction that the caller began and will end; the store only adds inserts to it. */
public interface StoreTransaction {
  /**
   * Returns what stands for the transaction in the store's world, for instance its connection.
   *
   * @throws IllegalArgumentException if this transaction has no such resource
   */
  <C> C unwrap(Class<C> resource);
}
