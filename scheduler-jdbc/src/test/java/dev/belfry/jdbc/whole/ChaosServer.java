// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

/** A database server, and what can be done to it while nodes are at work. */
interface ChaosServer extends AutoCloseable {
  /** Returns where it answers, also after a restart. */
  int port();

  /** Makes an empty database; returns its URL by way of a port, for clients that wait 5 s. */
  String newDatabase(String name, int port);

  /** Kills it and starts it again. */
  void restart() throws InterruptedException;

  /** Ends the sessions of all clients; returns how many. */
  int endSessions();

  @Override
  void close();
}
