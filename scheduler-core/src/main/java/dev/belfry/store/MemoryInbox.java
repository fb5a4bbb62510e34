// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Delivers what waits in the inbox, in memory. */
final class MemoryInbox {
  private final MemoryHistory history;
  private final MemoryLife life;
  private final MemorySchedules schedules;
  private final MemoryGroups groups;
  private final Map<Long, Set<String>> delivered = new HashMap<>();

  MemoryInbox(
      MemoryHistory history, MemoryLife life, MemorySchedules schedules, MemoryGroups groups) {
    this.history = history;
    this.life = life;
    this.schedules = schedules;
    this.groups = groups;
  }

  Verdict deliver(Delivery delivery, Commit commit) {
    long entry = delivery.entry();
    if (!history.isInInbox(entry)) {
      return Verdict.REFUSED;
    }
    delivery.effects().forEach(effect -> apply(entry, effect, commit));
    if (delivery.done()) {
      history.removeFromInbox(entry);
      delivered.remove(entry);
    }
    return Verdict.APPLIED;
  }

  /** Returns entries, oldest first, with those who have had theirs. */
  List<InboxEntry> read(int limit) {
    return history.inbox(limit).stream()
        .map(
            entry ->
                delivered.containsKey(entry.id())
                    ? entry.withDelivered(delivered.get(entry.id()))
                    : entry)
        .toList();
  }

  private void apply(long entry, Delivery.Effect effect, Commit commit) {
    if (effect instanceof Delivery.StartRun start) {
      if (isFirstFor(entry, start.subscriber())) {
        life.insert(start.run(), commit);
      }
    } else if (effect instanceof Delivery.PassOver pass) {
      isFirstFor(entry, pass.subscriber());
    } else if (effect instanceof Delivery.WakeRun wake) {
      life.wake(wake, commit);
    } else if (effect instanceof Delivery.CancelRun cancel) {
      life.cancel(cancel.run(), cancel.reason(), commit);
    } else if (effect instanceof Delivery.EndMember end) {
      if (isFirstFor(entry, Delivery.EndMember.COUNTED)) {
        groups.count(end, commit);
      }
    } else if (effect instanceof Delivery.EndGroup end) {
      groups.forget(end.group());
    } else {
      schedules.apply(effect);
    }
  }

  private boolean isFirstFor(long entry, String subscriber) {
    return delivered.computeIfAbsent(entry, e -> new HashSet<>()).add(subscriber);
  }
}
