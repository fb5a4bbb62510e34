// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which jobs subscribe to which events, in memory. */
final class MemorySubscriptions {
  private final Map<String, Set<String>> jobs = new HashMap<>(); // by event

  void declare(Declaration declaration) {
    jobs.values().forEach(subscribed -> subscribed.remove(declaration.job()));
    for (var event : declaration.events()) {
      jobs.computeIfAbsent(event, e -> new TreeSet<>()).add(declaration.job());
    }
    jobs.values().removeIf(Set::isEmpty);
  }

  /** Whether somebody follows the runs of a job. */
  boolean isFollowed(String job) {
    return !jobs.isEmpty() && jobs.containsKey(Declaration.endOf(job));
  }

  Map<String, Set<String>> of(Set<String> events) {
    var found = new HashMap<String, Set<String>>();
    for (var event : events) {
      if (jobs.containsKey(event)) {
        found.put(event, Set.copyOf(jobs.get(event)));
      }
    }
    return found;
  }
}
