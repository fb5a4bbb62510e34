// SPDX-License-Identifier: Apache-2.0

package dev.belfry.benchmarks.databases;

import java.sql.Connection;
import java.util.Map;

/** A running database server, or what stands for it. Closing it ends it. */
interface Server extends AutoCloseable {
  /** Returns where a database of some name is, or would be. */
  Place place(String name);

  /** Makes a database empty that nobody is connected to, whether it existed or not. */
  void empty(Place place);

  /** Makes a database the copy of another, to which nobody is connected. */
  default void copy(Place from, Place to) {
    throw new UnsupportedOperationException("no copies in " + to.product().title());
  }

  /** Brings a filled database to rest: statistics are up to date, nothing waits to be written. */
  void calm(Place place);

  /**
   * Begins a transaction that keeps its snapshot and does nothing, until the connection is closed.
   */
  default Connection pin(Place place) {
    throw new UnsupportedOperationException("no snapshots in " + place.product().title());
  }

  /** Returns counters of the server by name: those that it has, of all its databases. */
  Map<String, Long> counters();

  /** Has statements counted, or not; it costs a little. */
  void countStatements(boolean count);

  /** Says what it is and how it is set. */
  String describe();

  @Override
  void close();
}
