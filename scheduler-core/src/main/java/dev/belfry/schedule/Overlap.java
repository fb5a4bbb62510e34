// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

/**
 * What happens to a tick of a schedule whose previous run is still active. A run is active until it
 * is final, so also while it waits for a retry.
 */
public enum Overlap {
  /** The tick is skipped. The default. */
  SKIP,

  /** A run starts beside the active one. */
  ALLOW,

  /** One run waits until the active one is final; further ticks are skipped meanwhile. */
  QUEUE,

  /** The active run is cancelled and a new one takes its place. */
  REPLACE
}
