// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

/**
 * What a handler does in a transaction that is committed with the memo of it, and has no value.
 *
 * @param <C> the type of the resource, for instance {@code java.sql.Connection}
 * @param <X> what it throws to have the transaction rolled back
 */
@FunctionalInterface
public interface TransactionBody<C, X extends Exception> {
  /**
   * Does its part.
   *
   * @param resource stands for the transaction; not to be used after this call
   * @throws X whatever keeps the transaction from being committed
   */
  void run(C resource) throws X;
}
