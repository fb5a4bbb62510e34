// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.RunId;

/** What became of a run to insert. */
public sealed interface Accepted {
  /** Returns the run that the caller should look at. */
  RunId run();

  /**
   * It was inserted, now or by an earlier try of the same call.
   *
   * @param run its id
   */
  record Created(RunId run) implements Accepted {}

  /**
   * Nothing was inserted: another run holds its unique key.
   *
   * @param run the holder
   */
  record Existing(RunId run) implements Accepted {}

  /**
   * Nothing was inserted: another run holds its unique key, and the caller wants to be told so.
   *
   * @param run the holder
   */
  record Rejected(RunId run) implements Accepted {}
}
