// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import java.util.List;

/**
 * How many runs a node would take from some lanes. Runs that start in a batch count as one.
 *
 * @param lanes the lanes in the order in which they are to be asked, with a quota each
 * @param limit the most runs from all of them; at least 1
 */
public record Demand(List<Quota> lanes, int limit) {
  /** Copies the lanes. */
  public Demand {
    lanes = List.copyOf(lanes);
  }

  /**
   * The most runs to take from one lane.
   *
   * @param lane the lane's id
   * @param most 0 takes none and only asks when the first of them is due
   */
  public record Quota(int lane, int most) {}
}
