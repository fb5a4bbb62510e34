// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.jdbc.History.End;
import dev.belfry.jdbc.History.Span;
import dev.belfry.run.Pass;
import dev.belfry.run.RunId;
import dev.belfry.run.Trigger;
import dev.belfry.run.Unique;
import dev.belfry.store.Accepted;
import dev.belfry.store.Lane;
import dev.belfry.store.NewRun;
import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Inserts runs and takes their unique keys: one object for one call. */
final class Inserts {
  /*
   * Ids are looked up before, in both tables, for a run that ended has left the hot one. Two
   * inserts of one id or key at a time meet at the primary key; the later one is done again. Keys
   * are taken in order, so that two calls with the same keys do not wait for each other.
   */
  private static final String INSERT =
      "insert into {run} (id, lane, due_at, state, held, fence, attempt, opens, first_due,"
          + " created_at, interruptions, cancelled, waiting, kind, actor, schedule, nominal, origin, tags,"
          + " unique_key, watched, limits, codec, input)"
          + " values (?, ?, ?, 0, 0, 0, 0, true, ?, ?, 0, false, false, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
          + " ?)";

  private final Tx tx;
  private final Lanes lanes;
  private final boolean joined;
  private final Payloads payloads = new Payloads();
  private final List<NewRun> pending = new ArrayList<>();

  /**
   * Prepares a call.
   *
   * @param joined whether the transaction is somebody else's, so that no row of ours may be changed
   */
  Inserts(Tx tx, Lanes lanes, boolean joined) {
    this.tx = tx;
    this.lanes = lanes;
    this.joined = joined;
  }

  /** Returns the lanes that runs need, with the queue to make them in. */
  static Map<Lanes.Name, String> lanesOf(List<NewRun> runs) {
    var names = new LinkedHashMap<Lanes.Name, String>();
    for (NewRun run : runs) {
      names.putIfAbsent(new Lanes.Name(run.job(), run.priority()), run.queue());
    }
    return names;
  }

  List<Accepted> insert(List<NewRun> runs) throws SQLException {
    Set<RunId> known = known(runs.stream().map(NewRun::id).distinct().toList());
    var answers = new Accepted[runs.size()];
    List<Integer> order =
        IntStream.range(0, runs.size())
            .boxed()
            .sorted(Comparator.comparing(i -> keyOf(runs.get(i))))
            .toList();
    for (int i : order) {
      NewRun run = runs.get(i);
      answers[i] = known.add(run.id()) ? accept(run) : new Accepted.Created(run.id());
    }
    flush();
    return List.of(answers);
  }

  private static String keyOf(NewRun run) {
    return run.unique().map(unique -> run.job() + "\n" + unique.key()).orElse("");
  }

  private Set<RunId> known(List<RunId> ids) throws SQLException {
    var known = new HashSet<RunId>();
    if (!ids.isEmpty()) {
      known.addAll(tx.listIn("select id from {run} where id in (*)", Row::run, ids));
      known.addAll(tx.listIn("select run from {history} where run in (*)", Row::run, ids));
    }
    return known;
  }

  private Accepted accept(NewRun run) throws SQLException {
    Optional<Accepted> conflict =
        run.unique().isPresent() ? takeKey(run, run.unique().get()) : Optional.empty();
    if (conflict.isPresent()) {
      return conflict.get();
    }
    pending.add(run);
    return new Accepted.Created(run.id());
  }

  /** Takes a key for a run; returns the answer if another holds it. */
  private Optional<Accepted> takeKey(NewRun run, Unique unique) throws SQLException {
    String key = Texts.name("unique key", unique.key());
    Optional<Instant> expires = unique.window().map(tx.now()::plus);
    Optional<Holder> holder = holder(run.job(), key, joined ? "" : " for update");
    if (holder.isEmpty()) {
      boolean mine =
          tx.insertUnlessThere(
              "insert into {unique_key} (run, expires_at, job, held_key) values (?, ?, ?, ?)",
              run.id(),
              expires,
              run.job(),
              key);
      if (mine) {
        return Optional.empty();
      }
      holder = holder(run.job(), key, tx.sql().latest()); // a rival's, who has committed meanwhile
      tx.requireOne(holder.isPresent() ? 1 : 0);
    }
    RunId other = holder.orElseThrow().run();
    boolean held = !holder.orElseThrow().isFree(tx.now());
    if (held && unique.onConflict() != Unique.OnConflict.REPLACE) {
      return Optional.of(
          unique.onConflict() == Unique.OnConflict.REJECT
              ? new Accepted.Rejected(other)
              : new Accepted.Existing(other));
    }
    tx.requireOne(
        tx.update(
            "update {unique_key} set run = ?, expires_at = ?"
                + " where job = ? and held_key = ? and run = ?",
            run.id(),
            expires,
            run.job(),
            key,
            other));
    if (held) {
      replace(other, run); // whose end no longer frees the key
    }
    return Optional.empty();
  }

  private Optional<Holder> holder(String job, String key, String lock) throws SQLException {
    return tx.first(
        "select run, expires_at from {unique_key} where job = ? and held_key = ?" + lock,
        row -> new Holder(row.run(), row.optionalInstant()),
        job,
        key);
  }

  private void replace(RunId holder, NewRun by) throws SQLException {
    if (joined) {
      throw new StoreException(
          Kind.PERMANENT,
          "run "
              + by.id()
              + " can't replace run "
              + holder
              + " in a caller's transaction, which only inserts; enqueue it outside of one",
          null);
    }
    flush();
    Optional<HotRun> old = HotRun.lock(tx, holder).filter(run -> run.state() != HotRun.RUNNING);
    if (old.isPresent()) {
      HotRun run = old.get();
      Lane lane = lanes.byId(tx, run.lane());
      End end = End.of(Pass.Event.CANCELLED, "replaced by run " + by.id());
      Pass pass =
          History.silent(
              run.id(),
              run.fence() + 1,
              lane.job(),
              0,
              Optional.empty(),
              end,
              new Span(tx.now(), tx.now()));
      tx.requireOne(tx.update("delete from {run} where id = ?", run.id()));
      Limits.left(tx, run);
      var ledger = new Ledger();
      ledger.ended(run, lane.priority(), pass, Optional.empty());
      ledger.write(tx);
    }
  }

  private void flush() throws SQLException {
    pending.sort(Comparator.comparing(NewRun::id));
    var rows = new ArrayList<@Nullable Object[]>();
    for (NewRun run : pending) {
      rows.add(row(run));
    }
    tx.batch(INSERT, rows);
    payloads.write(tx);
    KeySearch.remember(tx, pending);
    pending.clear();
  }

  private @Nullable Object[] row(NewRun run) throws SQLException {
    Instant now = tx.now();
    Instant due = Tx.cut(run.due().from(now));
    int lane = lanes.named(run.job(), run.priority()).id();
    tx.ready(lane, due);
    Trigger trigger = run.trigger();
    return new @Nullable Object[] {
      run.id(),
      lane,
      due,
      due,
      now,
      trigger.kind(),
      trigger.actor(),
      trigger.schedule(),
      trigger.nominal(),
      trigger.origin(),
      Texts.labels(run.tags()),
      run.unique().filter(unique -> unique.window().isEmpty()).map(Unique::key),
      run.watched(),
      Limits.text(run.limits()),
      run.input().codec(),
      payloads.inline(run.id(), Payloads.INPUT, run.input())
    };
  }

  private record Holder(RunId run, Optional<Instant> expires) {
    boolean isFree(Instant now) {
      return expires.isPresent() && !expires.get().isAfter(now);
    }
  }
}
