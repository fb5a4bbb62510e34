// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.EventId;
import dev.belfry.run.RunId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Open waits in memory, by the name of their event. */
final class MemoryWaits {
  private record Place(RunId run, MemoKey key) implements Comparable<Place> {
    private static final Comparator<Place> ORDER =
        Comparator.comparing(Place::run).thenComparing(Place::key);

    @Override
    public int compareTo(Place other) {
      return ORDER.compare(this, other);
    }
  }

  private final MemoryEvents events;
  private final Map<Place, OpenWait> open = new HashMap<>();
  private final Map<String, TreeMap<Place, OpenWait>> byEvent = new HashMap<>();

  MemoryWaits(MemoryEvents events) {
    this.events = events;
  }

  void open(MemoryRun run, MemoKey key, Wait wait) {
    var place = new Place(run.id, key);
    var opened = new OpenWait(run.id, run.lane.job, key, wait);
    open.put(place, opened);
    byEvent.computeIfAbsent(wait.event(), event -> new TreeMap<>()).put(place, opened);
  }

  void close(MemoryRun run, MemoKey key) {
    var place = new Place(run.id, key);
    var closed = open.remove(place);
    if (closed != null) {
      String event = closed.awaited().event();
      byEvent.computeIfPresent(
          event,
          (name, waits) -> {
            waits.remove(place);
            return waits.isEmpty() ? null : waits;
          });
    }
  }

  boolean isFor(RunId run, MemoKey key, EventId id) {
    var wait = open.get(new Place(run, key));
    var event = events.get(id);
    return wait != null && event != null && wait.awaited().isFor(event);
  }

  List<OpenWait> find(String event, Optional<String> key, Optional<OpenWait> after, int limit) {
    var named = byEvent.getOrDefault(event, new TreeMap<>());
    return after
        .<Map<Place, OpenWait>>map(last -> named.tailMap(new Place(last.run(), last.key()), false))
        .orElse(named)
        .values()
        .stream()
        .filter(wait -> wait.awaited().key().isEmpty() || wait.awaited().key().equals(key))
        .limit(limit)
        .toList();
  }

  /** Returns what could end a wait of a run, but for events that have ended another one of it. */
  List<WaitHit> lookBack(@Nullable MemoryRun run, LookBack question, int limit) {
    var found = new ArrayList<WaitHit>();
    var wait = open.get(new Place(question.run(), question.key()));
    if (run != null && wait != null) {
      events.stream(wait.awaited(), question.after())
          .filter(event -> !run.hasReceived(event.id()))
          .limit(limit)
          .forEach(event -> found.add(new WaitHit(question.run(), question.key(), event)));
    }
    return found;
  }
}
