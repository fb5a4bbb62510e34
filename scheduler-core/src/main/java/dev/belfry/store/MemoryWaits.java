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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Open waits in memory, by the name of their event and the key that it must have. */
final class MemoryWaits {
  private record Place(RunId run, MemoKey key) implements Comparable<Place> {
    private static final Comparator<Place> ORDER =
        Comparator.comparing(Place::run).thenComparing(Place::key);

    @Override
    public int compareTo(Place other) {
      return ORDER.compare(this, other);
    }
  }

  private record Topic(String event, Optional<String> key) {
    static Topic of(Wait wait) {
      return new Topic(wait.event(), wait.key());
    }
  }

  private final MemoryEvents events;
  private final Map<Place, OpenWait> open = new HashMap<>();
  private final Map<Topic, TreeMap<Place, OpenWait>> byTopic = new HashMap<>();

  MemoryWaits(MemoryEvents events) {
    this.events = events;
  }

  void open(MemoryRun run, MemoKey key, Wait wait) {
    var place = new Place(run.id, key);
    var opened = new OpenWait(run.id, run.lane.job, key, wait);
    open.put(place, opened);
    byTopic.computeIfAbsent(Topic.of(wait), topic -> new TreeMap<>()).put(place, opened);
  }

  void close(MemoryRun run, MemoKey key) {
    var place = new Place(run.id, key);
    var closed = open.remove(place);
    if (closed != null) {
      byTopic.computeIfPresent(
          Topic.of(closed.awaited()),
          (topic, waits) -> {
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
    Stream<OpenWait> ofAny = of(new Topic(event, Optional.empty()), after, limit);
    Stream<OpenWait> ofKey =
        key.isPresent() ? of(new Topic(event, key), after, limit) : Stream.empty();
    return Stream.concat(ofAny, ofKey)
        .sorted(Comparator.comparing(wait -> new Place(wait.run(), wait.key())))
        .limit(limit)
        .toList();
  }

  private Stream<OpenWait> of(Topic topic, Optional<OpenWait> after, int limit) {
    var waits = byTopic.getOrDefault(topic, new TreeMap<>());
    return after
        .<Map<Place, OpenWait>>map(last -> waits.tailMap(new Place(last.run(), last.key()), false))
        .orElse(waits)
        .values()
        .stream()
        .limit(limit);
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
