// SPDX-License-Identifier: Apache-2.0
package dev.belfry.run;

/** The names of the states of a run, as stored and as shown to people. */
public enum Status {
  /** Has a due time; once that has come, the run is also called available. */
  SCHEDULED,
  /** Waits for something other than time, holding nothing. */
  WAITING,
  /** Can't be started as it is, for instance because its input can't be decoded. */
  BLOCKED,
  /** Held by one node. */
  RUNNING,
  /** Ended well, perhaps with failed items. */
  COMPLETED,
  /** Ended badly: attempts used up, or the failure was not to be retried. */
  FAILED,
  /** Ended because its last attempt ran past its timeout. */
  TIMED_OUT,
  /** Ended because somebody asked. */
  CANCELLED,
  /** Never started, by a policy; the reason says which. */
  SKIPPED;

  /** Returns whether a run in this state has ended for good. */
  public boolean isFinal() {
    return compareTo(COMPLETED) >= 0;
  }
}
