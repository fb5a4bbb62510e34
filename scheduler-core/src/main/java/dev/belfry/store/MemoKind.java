// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

/** What a memo is of; a replay that finds another kind under its key has met changed code. */
public enum MemoKind {
  /** A step. */
  STEP,
  /** A step that commits with rows of the application. */
  TRANSACTION,
  /** A sleep. */
  SLEEP,
  /** A wait for an event. */
  WAIT,
  /** Another run, and its end. */
  INVOKE,
  /** An item of a map. */
  MAP_ITEM,
  /** How far the run is: never settled, and written again and again. */
  PROGRESS;

  /** Returns whether it ends by something other than time and its own body. */
  public boolean waits() {
    return this == WAIT || this == INVOKE;
  }
}
