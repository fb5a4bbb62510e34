// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import java.util.List;

/**
 * A type of events.
 *
 * @param name its name
 * @param jobs the names of the jobs that subscribe to it, on whatever node
 */
public record EventEntry(String name, List<String> jobs) {
  /** Copies the names. */
  public EventEntry {
    jobs = List.copyOf(jobs);
  }
}
