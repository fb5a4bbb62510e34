// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static java.util.Objects.requireNonNull;

import dev.belfry.run.EventId;
import dev.belfry.store.NewEvent;
import dev.belfry.store.Payload;
import dev.belfry.store.SentEvent;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Events as they are sent, kept and deleted. */
final class Events {
  /** The columns of an event, as {@link #read} takes them. */
  static final String COLUMNS =
      "{event}.id, {event}.name, {event}.event_key, {event}.codec, {event}.data, {event}.sent_at";

  /** How many columns that are. */
  static final int WIDTH = 6;

  static final int PURGED = 1_000;

  private Events() {}

  /**
   * Inserts events and their entries; those that are there already are left as they are.
   *
   * @return how many were not there
   */
  static int send(Tx tx, List<NewEvent> events) throws SQLException {
    List<EventId> ids = events.stream().map(NewEvent::id).distinct().toList();
    Set<EventId> known =
        new HashSet<>(tx.listIn("select id from {event} where id in (*)", Row::event, ids));
    Instant now = tx.now();
    var rows = new ArrayList<@Nullable Object[]>();
    var entries = new ArrayList<@Nullable Object[]>();
    for (NewEvent event : events) {
      if (known.add(event.id())) {
        rows.add(
            new @Nullable Object[] {
              event.id(), event.name(), event.key(), event.data().codec(), event.data().bytes(), now
            });
        entries.add(new @Nullable Object[] {event.id(), now});
      }
    }
    rows.sort(Comparator.comparing(row -> (EventId) requireNonNull(row[0])));
    tx.batch(
        "insert into {event} (id, name, event_key, codec, data, sent_at)"
            + " values (?, ?, ?, ?, ?, ?)",
        rows);
    tx.batch("insert into {inbox} (kind, event, entered_at) values (1, ?, ?)", entries);
    return rows.size();
  }

  static SentEvent read(Row row) throws SQLException {
    EventId id = row.event();
    String name = row.text();
    Optional<String> key = row.optionalText();
    String codec = row.text();
    byte[] data = row.bytesOrNull();
    return new SentEvent(
        id, name, key, Payload.of(codec, data == null ? new byte[0] : data), row.instant());
  }

  static List<SentEvent> find(Tx tx, Collection<EventId> ids) throws SQLException {
    return tx.listIn(
        "select " + COLUMNS + " from {event} where id in (*)", Events::read, Set.copyOf(ids));
  }

  /** Sets what a job subscribes to. */
  static void subscribe(Tx tx, String job, Set<String> events) throws SQLException {
    var missing = new TreeSet<>(events);
    for (String event :
        tx.list("select event from {subscription} where job = ? order by event", Row::text, job)) {
      if (!missing.remove(event)) {
        tx.update("delete from {subscription} where event = ? and job = ?", event, job);
      }
    }
    for (String event : missing) {
      tx.update("insert into {subscription} (event, job) values (?, ?)", event, job);
    }
  }

  static Map<String, Set<String>> subscribers(Tx tx, Set<String> events) throws SQLException {
    var found = new HashMap<String, Set<String>>();
    tx.listIn(
        "select event, job from {subscription} where event in (*)",
        row -> found.computeIfAbsent(row.text(), event -> new TreeSet<>()).add(row.text()),
        events);
    return found;
  }

  /** Deletes old events, but for those that may still wait for delivery, some at a time. */
  static int purge(Tx tx, Duration kept) throws SQLException {
    Instant before = tx.now().minus(kept);
    Optional<Instant> undelivered =
        tx.first("select entered_at from {inbox} order by id limit 1", Row::instant);
    Instant end = undelivered.filter(before::isAfter).orElse(before);
    List<@Nullable Object[]> old =
        tx.list(
            "select id from {event} where sent_at < ? order by sent_at limit ?",
            row -> new @Nullable Object[] {row.event()},
            end,
            PURGED);
    tx.batch("delete from {event} where id = ?", old);
    return old.size();
  }
}
