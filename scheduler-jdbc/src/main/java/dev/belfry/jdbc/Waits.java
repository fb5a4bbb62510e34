// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.EventId;
import dev.belfry.run.RunId;
import dev.belfry.store.CancelOn;
import dev.belfry.store.LookBack;
import dev.belfry.store.MemoKey;
import dev.belfry.store.NewRun;
import dev.belfry.store.OpenWait;
import dev.belfry.store.SentEvent;
import dev.belfry.store.Wait;
import dev.belfry.store.WaitHit;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Open waits: written with their memo, found by their event, and gone when the memo is settled. */
final class Waits {
  /*
   * The row of a run that has ended stays until its history goes, for the sake of a cheap finish;
   * whoever reads waits therefore joins the runs that are pending. Not so what cancels a run: each
   * run of such a job has a row, and all of them may be for one event, so they go with its end.
   */
  private static final String PLACE = "run = ? and scope = ? and step = ? and occurrence = ?";
  private static final String INSERT =
      "insert into {wait} (event, event_key, since, run, scope, step, occurrence)"
          + " values (?, ?, ?, ?, ?, ?, ?)";
  private static final String SELECT =
      "select {wait}.run, job, scope, step, occurrence, event, event_key, since from {wait}"
          + " join {run} on {run}.id = {wait}.run join {lane} on {lane}.id = {run}.lane";

  private Waits() {}

  /** Has runs that are being inserted found by the events that end them. */
  static void cancelOn(Tx tx, Collection<NewRun> runs) throws SQLException {
    var rows = new ArrayList<@Nullable Object[]>();
    for (NewRun run : runs) {
      for (CancelOn each : run.cancelOn()) {
        Wait wait = each.toWait(run.trigger(), tx.now());
        MemoKey place = each.place();
        rows.add(
            new @Nullable Object[] {
              wait.event(),
              wait.key(),
              wait.since(),
              run.id(),
              place.scope(),
              place.id(),
              place.occurrence()
            });
      }
    }
    tx.batch(INSERT + tx.sql().unlessThere(), rows);
  }

  /** Deletes what stands there of runs that have ended, so that nobody finds them. */
  static void ended(Tx tx, List<RunId> runs) throws SQLException {
    tx.batch(
        "delete from {wait} where run = ?",
        runs.stream().sorted().map(run -> new @Nullable Object[] {run}).toList());
  }

  static void open(Tx tx, RunId run, MemoKey key, Wait wait) throws SQLException {
    tx.update(
        INSERT,
        wait.event(),
        wait.key(),
        wait.since(),
        run,
        key.scope(),
        key.id(),
        key.occurrence());
  }

  static void close(Tx tx, RunId run, MemoKey key) throws SQLException {
    tx.update("delete from {wait} where " + PLACE, run, key.scope(), key.id(), key.occurrence());
  }

  /** Returns whether an event is one that an open wait is for. */
  static boolean isFor(Tx tx, RunId run, MemoKey key, EventId event) throws SQLException {
    Optional<OpenWait> open = find(tx, run, key);
    Optional<SentEvent> sent =
        tx.first("select " + Events.COLUMNS + " from {event} where id = ?", Events::read, event);
    return open.isPresent() && sent.isPresent() && open.get().awaited().isFor(sent.get());
  }

  private static Optional<OpenWait> find(Tx tx, RunId run, MemoKey key) throws SQLException {
    return tx.first(
        SELECT + " where " + PLACE, Waits::read, run, key.scope(), key.id(), key.occurrence());
  }

  static List<OpenWait> find(
      Tx tx, String event, Optional<String> key, Optional<OpenWait> after, int limit)
      throws SQLException {
    var text = new StringBuilder(SELECT).append(" where event = ?");
    var values = new ArrayList<@Nullable Object>(List.of(event));
    text.append(
        key.isPresent() ? " and (event_key is null or event_key = ?)" : " and event_key is null");
    key.ifPresent(values::add);
    if (after.isPresent()) {
      MemoKey last = after.get().key();
      text.append(" and ({wait}.run, scope, step, occurrence) > (?, ?, ?, ?)");
      values.addAll(List.of(after.get().run(), last.scope(), last.id(), last.occurrence()));
    }
    text.append(" order by {wait}.run, scope, step, occurrence limit ?");
    values.add(limit);
    return tx.list(text.toString(), Waits::read, values.toArray());
  }

  private static OpenWait read(Row row) throws SQLException {
    RunId run = row.run();
    String job = row.text();
    var key = new MemoKey(row.text(), row.text(), row.number());
    return new OpenWait(run, job, key, new Wait(row.text(), row.optionalText(), row.instant()));
  }

  static List<WaitHit> lookBack(Tx tx, List<LookBack> questions, int limit) throws SQLException {
    var hits = new ArrayList<WaitHit>();
    for (LookBack question : questions) {
      Optional<OpenWait> open = find(tx, question.run(), question.key());
      if (open.isPresent()) {
        for (SentEvent event : events(tx, open.get(), question.after(), limit)) {
          hits.add(new WaitHit(question.run(), question.key(), event));
        }
      }
    }
    return hits;
  }

  /** Returns what could end a wait of a run, but for events that have ended another one of it. */
  private static List<SentEvent> events(Tx tx, OpenWait open, Optional<EventId> after, int limit)
      throws SQLException {
    Wait wait = open.awaited();
    var text =
        new StringBuilder("select ")
            .append(Events.COLUMNS)
            .append(" from {event} where name = ? and sent_at >= ?");
    var values = new ArrayList<@Nullable Object>(List.of(wait.event(), wait.since()));
    if (wait.key().isPresent()) {
      text.append(" and event_key = ?");
      values.add(wait.key().get());
    }
    if (after.isPresent()) {
      text.append(" and (sent_at, id) > (select e.sent_at, e.id from {event} e where e.id = ?)");
      values.add(after.get());
    }
    text.append(" and not exists (select 1 from {memo} where run = ? and event = {event}.id)")
        .append(" order by sent_at, id limit ?");
    values.addAll(List.of(open.run(), limit));
    return tx.list(text.toString(), Events::read, values.toArray());
  }
}
