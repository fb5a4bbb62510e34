// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.EventId;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Events in memory, found by name, or by name and key, in the order in which they were sent. */
final class MemoryEvents {
  private record Topic(String name, Optional<String> key) {}

  static final Comparator<SentEvent> ORDER =
      Comparator.comparing(SentEvent::sentAt).thenComparing(SentEvent::id);

  private final MemoryHistory history;
  private final Map<EventId, SentEvent> byId = new HashMap<>();
  private final NavigableSet<SentEvent> all = new TreeSet<>(ORDER);
  private final Map<Topic, NavigableSet<SentEvent>> topics = new HashMap<>();

  MemoryEvents(MemoryHistory history) {
    this.history = history;
  }

  void send(List<NewEvent> events, Commit commit) {
    for (var event : events) {
      if (!byId.containsKey(event.id())) {
        var sent = new SentEvent(event.id(), event.name(), event.key(), event.data(), commit.now());
        byId.put(sent.id(), sent);
        all.add(sent);
        topicsOf(sent).forEach(topic -> in(topic).add(sent));
        history.enter(entry -> new InboxEntry.Sent(entry, sent, Set.of()));
      }
    }
  }

  @Nullable SentEvent get(EventId id) {
    return byId.get(id);
  }

  /** Returns the events that a wait is for, those after one of them if that is given. */
  Stream<SentEvent> stream(Wait wait, Optional<EventId> after) {
    var topic = topics.getOrDefault(new Topic(wait.event(), wait.key()), new TreeSet<>(ORDER));
    SentEvent last = after.map(byId::get).orElse(null);
    return (last == null ? topic : topic.tailSet(last, false)).stream().filter(wait::isFor);
  }

  /** Deletes events that were sent before a time, but for those that wait for delivery. */
  void purge(Instant time) {
    while (!all.isEmpty()
        && all.first().sentAt().isBefore(time)
        && !history.isBehind(all.first().sentAt())) {
      var old = all.pollFirst();
      byId.remove(old.id());
      for (var topic : topicsOf(old)) {
        in(topic).remove(old);
        if (in(topic).isEmpty()) {
          topics.remove(topic);
        }
      }
    }
  }

  private static List<Topic> topicsOf(SentEvent event) {
    var named = new Topic(event.name(), Optional.empty());
    return event.key().isEmpty()
        ? List.of(named)
        : List.of(named, new Topic(event.name(), event.key()));
  }

  private NavigableSet<SentEvent> in(Topic topic) {
    return topics.computeIfAbsent(topic, t -> new TreeSet<>(ORDER));
  }
}
