// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

import java.util.Map;

/** A running database server, or what stands for it. Closing it ends it. */
interface Server extends AutoCloseable {
  /** Makes an empty database in the place of the one of that name. */
  Place empty(String name);

  /** Brings a filled database to rest: statistics are up to date, nothing waits to be written. */
  void calm(Place place);

  /** Returns counters of the server by name: those that it has, of all its databases. */
  Map<String, Long> counters();

  /** Has statements counted, or not; it costs a little. */
  void countStatements(boolean count);

  /** Says what it is and how it is set, in a sentence. */
  String describe();

  @Override
  void close();
}
