// SPDX-License-Identifier: Apache-2.0
package dev.belfry.run;

/** What becomes of a new run of a singleton job while another one of its key is active. */
public enum OnActive {
  /** The new run ends SKIPPED; the active one goes on. */
  SKIP,
  /**
   * The active run is asked to end, and the new one starts when it has. So are those that still
   * wait for that, so that the last one starts.
   */
  CANCEL
}
