// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.store.InboxEntry;
import dev.belfry.store.JobStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Entries of the inbox of which this node has done its part, and which wait for other nodes to do
 * theirs. One thread at a time.
 */
final class LeftEntries {
  private final JobStore store;
  private final Duration kept;
  private final Set<Long> ids = new HashSet<>();

  LeftEntries(Settings settings) {
    this.store = settings.store();
    this.kept = settings.retention().events();
  }

  /** Forgets the entries that are gone. */
  void keepOnly(List<? extends InboxEntry> entries) {
    ids.retainAll(entries.stream().map(InboxEntry::id).toList());
  }

  boolean contains(InboxEntry entry) {
    return ids.contains(entry.id());
  }

  void addAll(Collection<? extends InboxEntry> entries) {
    entries.forEach(entry -> ids.add(entry.id()));
  }

  /** Returns whether an entry has waited here for as long as events are kept. */
  boolean isPast(InboxEntry entry, Instant since) {
    return contains(entry) && !since.plus(kept).isAfter(store.now());
  }
}
