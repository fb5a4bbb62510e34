// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.RunId;
import dev.belfry.run.Status;
import dev.belfry.store.Delivery;
import dev.belfry.store.InboxEntry;
import dev.belfry.store.NewRun;
import dev.belfry.store.Verdict;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads and delivers what waits in the inbox: one object for one transaction. */
final class Deliveries {
  private static final int SENT = 1;
  private static final int GROUPED = 2;

  private final Tx tx;
  private final Lanes lanes;

  Deliveries(Tx tx, Lanes lanes) {
    this.tx = tx;
    this.lanes = lanes;
  }

  static List<InboxEntry> inbox(Tx tx, int limit) throws SQLException {
    List<InboxEntry> entries = entries(tx, limit);
    var delivered = new HashMap<Long, Set<String>>();
    tx.listIn(
        "select entry, subscriber from {delivered} where entry in (*)",
        row -> delivered.computeIfAbsent(row.bigNumber(), e -> new HashSet<>()).add(row.text()),
        entries.stream().map(InboxEntry::id).toList());
    return delivered.isEmpty()
        ? entries
        : entries.stream().map(entry -> with(entry, delivered.get(entry.id()))).toList();
  }

  private static InboxEntry with(InboxEntry entry, @Nullable Set<String> delivered) {
    return delivered == null ? entry : entry.withDelivered(delivered);
  }

  private static List<InboxEntry> entries(Tx tx, int limit) throws SQLException {
    return tx.list(
        "select {inbox}.id, {inbox}.kind, "
            + Events.COLUMNS
            + ", run, {inbox}.job, schedule, status, entered_at, "
            + Groups.COLUMNS
            + " from {inbox} left join {event} on {event}.id = {inbox}.event"
            + " left join {run_group} on {run_group}.id = {inbox}.run and {inbox}.kind = 2"
            + " order by {inbox}.id limit ?",
        Deliveries::entry,
        limit);
  }

  private static InboxEntry entry(Row row) throws SQLException {
    long id = row.bigNumber();
    int kind = row.number();
    if (kind == SENT) {
      return new InboxEntry.Sent(id, Events.read(row), Set.of());
    }
    row.skip(Events.WIDTH);
    if (kind == GROUPED) {
      return grouped(row, id);
    }
    return new InboxEntry.Ended(
        id,
        row.run(),
        row.text(),
        row.optionalText(),
        Status.valueOf(row.text()),
        row.instant(),
        Set.of());
  }

  private static InboxEntry grouped(Row row, long id) throws SQLException {
    RunId group = row.run();
    String then = row.text();
    row.skip(2);
    return new InboxEntry.Grouped(id, then, Groups.end(row, group, row.instant()), Set.of());
  }

  /** Returns the runs that deliveries will insert. */
  static List<NewRun> newRuns(List<Delivery> deliveries) {
    var runs = new ArrayList<NewRun>();
    for (Delivery delivery : deliveries) {
      for (Delivery.Effect effect : delivery.effects()) {
        if (effect instanceof Delivery.StartRun start) {
          runs.add(start.run());
        }
      }
    }
    return runs;
  }

  List<Verdict> deliver(List<Delivery> deliveries) throws SQLException {
    var verdicts = new Verdict[deliveries.size()];
    List<Integer> order =
        IntStream.range(0, verdicts.length)
            .boxed()
            .sorted(Comparator.comparingLong(i -> deliveries.get(i).entry()))
            .toList();
    for (int i : order) {
      verdicts[i] = deliver(deliveries.get(i));
    }
    return List.of(verdicts);
  }

  /** Locks the entry first, so that rivals see what was delivered. */
  private Verdict deliver(Delivery delivery) throws SQLException {
    long entry = delivery.entry();
    boolean mine =
        delivery.done()
            ? tx.update("delete from {inbox} where id = ?", entry) == 1
            : tx.exists("select 1 from {inbox} where id = ? for update", entry);
    if (!mine) {
      return Verdict.REFUSED;
    }
    for (Delivery.Effect effect : delivery.effects()) {
      apply(entry, effect);
    }
    if (delivery.done()) {
      tx.update("delete from {delivered} where entry = ?", entry);
    }
    return Verdict.APPLIED;
  }

  private void apply(long entry, Delivery.Effect effect) throws SQLException {
    if (effect instanceof Delivery.Unpark unpark) {
      tx.update(
          "update {schedule} set parked_on = null, queued = true where id = ? and parked_on = ?",
          unpark.schedule(),
          unpark.run());
    } else if (effect instanceof Delivery.NextTick tick) {
      tx.update(
          "update {schedule} set next_at = ?, parked_on = null"
              + " where id = ? and last_run = ? and (next_at is null or parked_on = ?)"
              + " and deleted = false",
          tick.at(),
          tick.schedule(),
          tick.run(),
          tick.run());
    } else if (effect instanceof Delivery.StartRun start) {
      start(entry, start);
    } else if (effect instanceof Delivery.PassOver pass) {
      firstFor(entry, pass.subscriber());
    } else if (effect instanceof Delivery.WakeRun wake) {
      new Memos(tx).wake(wake);
    } else if (effect instanceof Delivery.CancelRun cancel) {
      new Amendments(tx, lanes).cancel(cancel.run(), cancel.reason());
    } else if (effect instanceof Delivery.EndMember end) {
      if (firstFor(entry, Delivery.EndMember.COUNTED)) {
        Groups.count(tx, end);
      }
    } else if (effect instanceof Delivery.EndGroup end) {
      Groups.forget(tx, end.group());
    }
  }

  private void start(long entry, Delivery.StartRun start) throws SQLException {
    if (firstFor(entry, start.subscriber())) {
      new Inserts(tx, lanes).insert(List.of(start.run()));
    }
  }

  private boolean firstFor(long entry, String subscriber) throws SQLException {
    boolean delivered =
        tx.exists(
            "select 1 from {delivered} where entry = ? and subscriber = ?", entry, subscriber);
    if (!delivered) {
      tx.update("insert into {delivered} (entry, subscriber) values (?, ?)", entry, subscriber);
    }
    return !delivered;
  }
}
