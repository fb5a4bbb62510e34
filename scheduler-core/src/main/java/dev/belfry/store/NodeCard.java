// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import java.util.Set;

/**
 * How a node presents itself.
 *
 * @param name for people; need not be unique
 * @param version the version of Belfry
 * @param jobs the names of the jobs that it can run
 */
public record NodeCard(String name, String version, Set<String> jobs) {
  /** Copies the names. */
  public NodeCard {
    jobs = Set.copyOf(jobs);
  }
}
