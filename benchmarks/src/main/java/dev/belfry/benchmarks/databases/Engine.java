// SPDX-License-Identifier: Apache-2.0

package dev.belfry.benchmarks.databases;

import java.time.Instant;

/** What is measured, in the words that all have in common. Its scheduler can be started again. */
interface Engine extends AutoCloseable {
  /** Makes its tables, in an empty database. */
  void create() throws Exception;

  /** Enqueues runs without input, due now, a thousand at a time, by one thread. */
  void fill(int runs) throws Exception;

  /** Enqueues runs of other work as well, as above. */
  default void fill(Work work, int runs) throws Exception {
    if (work != Work.NOTHING) {
      throw new UnsupportedOperationException("no such work for " + getClass().getSimpleName());
    }
    fill(runs);
  }

  /**
   * Enqueues one run, due now; on the started scheduler, if there is one. Thread-safe.
   *
   * @param stamp what the run carries, and its handler gives to {@link Tally#began}
   */
  void enqueue(long stamp) throws Exception;

  /** Starts to carry out runs: the handlers tell the tally and do nothing else. */
  void start(Tally tally) throws Exception;

  /** Waits until what was counted is in the database as well. */
  void settle() throws Exception;

  /** Ends what {@link #start} began. */
  void stop() throws Exception;

  /**
   * Fills the tables with runs that a drain must not stumble over: some that are due tomorrow, some
   * that another living node is carrying out, some that have ended, where these are kept.
   */
  default void crowd(int future, int running, int ended) throws Exception {
    throw new UnsupportedOperationException("no crowd for " + getClass().getSimpleName());
  }

  /**
   * Carries out a durable function whose steps return 0, 1, 2 and so on; on the started scheduler.
   * Thread-safe.
   *
   * @return the sum of what the steps returned, once the end of the function is in the database
   */
  default int function(int steps) throws Exception {
    throw new UnsupportedOperationException("no functions for " + getClass().getSimpleName());
  }

  /**
   * Enqueues runs that go to sleep, on the started scheduler, and waits until all of them do.
   *
   * @param until when all wake up, and tell the tally how much later it is
   */
  default void sleep(int runs, Instant until) throws Exception {
    throw new UnsupportedOperationException("no sleep for " + getClass().getSimpleName());
  }

  /** Returns the most runs that the database has seen carried out at once. */
  default long mostAtOnce() throws Exception {
    throw new UnsupportedOperationException("no history for " + getClass().getSimpleName());
  }

  /** Returns how many runs are in the database that have not ended. */
  default long left() throws Exception {
    throw new UnsupportedOperationException("no limits for " + getClass().getSimpleName());
  }

  /** Returns how many ends of runs the database has recorded twice; 0 where none are kept. */
  default long recordedTwice() throws Exception {
    return 0;
  }

  /** Gives back what was opened; the scheduler was stopped before. */
  @Override
  default void close() {}
}
