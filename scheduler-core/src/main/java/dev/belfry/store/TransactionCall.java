// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import org.jspecify.annotations.Nullable;

/**
 * What an application does in a transaction that it neither begins nor ends.
 *
 * @param <C> the type of the resource, for instance {@code java.sql.Connection}
 * @param <T> the type of the value
 * @param <X> what it throws to have the transaction rolled back
 */
@FunctionalInterface
public interface TransactionCall<C, T extends @Nullable Object, X extends Exception> {
  /**
   * Does its part.
   *
   * @param resource stands for the transaction; not to be used after this call
   * @return the value of the part
   * @throws X whatever keeps the transaction from being committed
   */
  T call(C resource) throws X;
}
