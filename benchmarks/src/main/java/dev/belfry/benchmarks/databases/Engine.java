// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

/** What is measured, in the words that all have in common. Its scheduler can be started again. */
interface Engine extends AutoCloseable {
  /** Makes its tables, in an empty database. */
  void create() throws Exception;

  /** Enqueues runs without input, due now, a thousand at a time, by one thread. */
  void fill(int runs) throws Exception;

  /** Enqueues one run, due now. Thread-safe. */
  void enqueue() throws Exception;

  /** Starts to carry out runs, each of which is counted and does nothing else. */
  void start(Tally tally) throws Exception;

  /** Waits until what was counted is in the database as well. */
  void settle() throws Exception;

  /** Ends what {@link #start} began. */
  void stop() throws Exception;

  /** Gives back what was opened; the scheduler was stopped before. */
  @Override
  default void close() {}
}
