// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

/** What became of a request to cancel a run. */
public enum CancelResult {
  /** The run will end: a running one is told and interrupted, any other ends at its next claim. */
  REQUESTED,
  /** Somebody had asked before. */
  ALREADY_REQUESTED,
  /** The run has ended. */
  ALREADY_ENDED,
  /** There is no such run. */
  UNKNOWN
}
