// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.jdbc.History.End;
import dev.belfry.jdbc.History.Span;
import dev.belfry.run.Pass;
import dev.belfry.run.RunId;
import dev.belfry.run.Trigger;
import dev.belfry.run.Unique;
import dev.belfry.store.Accepted;
import dev.belfry.store.Due;
import dev.belfry.store.Lane;
import dev.belfry.store.NewRun;
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
  static final String INSERT =
      "insert into {run} (id, lane, due_at, state, held, fence, attempt, opens, first_due,"
          + " created_at, interruptions, cancelled, waiting, kind, actor, schedule, nominal,"
          + " origin, tags, unique_key, watched, cancel_on, limits, codec, input)"
          + " values (?, ?, ?, 0, 0, 0, 0, true, ?, ?, 0, false, false, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
          + " ?, ?)";

  static final String TAKE_KEY =
      "insert into {unique_key} (run, expires_at, job, held_key) values (?, ?, ?, ?)";
  static final String HOLDER =
      "select run, expires_at from {unique_key} where job = ? and held_key = ?";

  private final Tx tx;
  private final Lanes lanes;
  private final Payloads payloads = new Payloads();
  private final List<NewRun> pending = new ArrayList<>();

  Inserts(Tx tx, Lanes lanes) {
    this.tx = tx;
    this.lanes = lanes;
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
    if (runs.isEmpty()) {
      return List.of();
    }
    Optional<String> atOnce = tx.sql().insertAtOnce();
    if (atOnce.isPresent() && runs.stream().allMatch(Inserts::isPlain)) {
      tx.update(atOnce.get(), parameters(runs, Optional.of(tx.now())));
      return created(runs);
    }
    return insertEach(runs);
  }

  /** Inserts plain runs by a statement that is a transaction of its own. */
  List<Accepted> insertAlone(List<NewRun> runs, String statement) throws SQLException {
    tx.updateDated(
        statement, runs.size() == 1 ? parameters(runs.get(0)) : parameters(runs, tx.ownNow()));
    return created(runs);
  }

  /** Returns whether a run is one row, without a key, an event that ends it, or a large input. */
  static boolean isPlain(NewRun run) {
    return run.unique().isEmpty()
        && run.input().size() <= Payloads.INLINE_BYTES
        && run.cancelOn().isEmpty()
        && !Newcomers.has(run);
  }

  private @Nullable Object[] parameters(List<NewRun> runs, Optional<Instant> now) {
    List<NewRun> rows = runs.stream().sorted(Comparator.comparing(NewRun::id)).toList();
    return SqlRows.of(rows)
        .runs(NewRun::id)
        .numbers(run -> laneOf(lanes, run))
        .instants(run -> run.due() instanceof Due.At at ? Tx.cut(at.instant()) : null)
        .bigNumbers(run -> run.due() instanceof Due.After after ? Texts.micros(after.delay()) : 0L)
        .texts(run -> run.trigger().kind().name())
        .texts(run -> run.trigger().actor().orElse(null))
        .texts(run -> run.trigger().schedule().orElse(null))
        .instants(run -> run.trigger().nominal().map(Tx::cut).orElse(null))
        .runs(run -> run.trigger().origin().orElse(null))
        .texts(run -> Texts.labels(run.tags()))
        .flags(NewRun::watched)
        .texts(run -> Limits.text(run.limits()))
        .texts(run -> run.input().codec())
        .bytes(run -> run.input().bytes())
        .and(now, rows.get(0).id(), rows.get(rows.size() - 1).id());
  }

  private @Nullable Object[] parameters(NewRun run) {
    Trigger trigger = run.trigger();
    return new @Nullable Object[] {
      laneOf(lanes, run),
      trigger.kind(),
      trigger.actor(),
      trigger.schedule(),
      trigger.nominal(),
      trigger.origin(),
      Texts.labels(run.tags()),
      run.watched(),
      Limits.text(run.limits()),
      run.input().codec(),
      run.input().bytes(),
      run.id(),
      run.due() instanceof Due.At at ? at.instant() : null,
      run.due() instanceof Due.After after ? Texts.micros(after.delay()) : 0L,
      tx.ownNow()
    };
  }

  private List<Accepted> created(List<NewRun> runs) throws SQLException {
    for (NewRun run : runs) {
      tx.ready(laneOf(lanes, run), Tx.cut(run.due().from(tx.now())));
    }
    return runs.stream().<Accepted>map(run -> new Accepted.Created(run.id())).toList();
  }

  private static int laneOf(Lanes lanes, NewRun run) {
    return lanes.named(run.job(), run.priority()).id();
  }

  private List<Accepted> insertEach(List<NewRun> runs) throws SQLException {
    Set<RunId> known = known(runs.stream().map(NewRun::id).distinct().toList());
    var answers = new Accepted[runs.size()];
    for (int i : byKey(runs)) {
      NewRun run = runs.get(i);
      answers[i] = known.add(run.id()) ? accept(run) : new Accepted.Created(run.id());
    }
    flush();
    return List.of(answers);
  }

  /** Returns the places of runs in the order in which their keys are to be taken. */
  static List<Integer> byKey(List<NewRun> runs) {
    return IntStream.range(0, runs.size())
        .boxed()
        .sorted(Comparator.comparing(i -> keyOf(runs.get(i))))
        .toList();
  }

  private static String keyOf(NewRun run) {
    return run.unique().map(unique -> run.job() + "\n" + unique.key()).orElse("");
  }

  private Set<RunId> known(List<RunId> ids) throws SQLException {
    Set<RunId> known = pending(tx, ids);
    known.addAll(ended(tx, ids));
    return known;
  }

  static Set<RunId> pending(Tx tx, List<RunId> ids) throws SQLException {
    return new HashSet<>(tx.listIn("select id from {run} where id in (*)", Row::run, ids));
  }

  static Set<RunId> ended(Tx tx, List<RunId> ids) throws SQLException {
    return new HashSet<>(tx.listIn("select run from {history} where run in (*)", Row::run, ids));
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
    Optional<Holder> holder = holder(run.job(), key);
    if (holder.isEmpty()) {
      if (tx.insertUnlessThere(TAKE_KEY, run.id(), expires, run.job(), key)) {
        return Optional.empty();
      }
      holder = holder(run.job(), key); // a rival's, who has committed meanwhile
      tx.requireOne(holder.isPresent() ? 1 : 0);
    }
    RunId other = holder.orElseThrow().run();
    boolean held = !holder.orElseThrow().isFree(tx.now());
    if (held && unique.onConflict() != Unique.OnConflict.REPLACE) {
      return Optional.of(held(unique, other));
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

  /** Returns the answer to a run whose key another holds. */
  static Accepted held(Unique unique, RunId holder) {
    return unique.onConflict() == Unique.OnConflict.REJECT
        ? new Accepted.Rejected(holder)
        : new Accepted.Existing(holder);
  }

  private Optional<Holder> holder(String job, String key) throws SQLException {
    return tx.first(HOLDER + " for update", Holder::of, job, key);
  }

  private void replace(RunId holder, NewRun by) throws SQLException {
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
      Limits.ended(tx, run);
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
    Newcomers.add(tx, pending);
    Waits.cancelOn(tx, pending);
    pending.clear();
  }

  /** Returns the row of a run, and notes that it will be ready. */
  private @Nullable Object[] row(NewRun run) throws SQLException {
    return row(tx, lanes, payloads, run);
  }

  static @Nullable Object[] row(Tx tx, Lanes lanes, Payloads payloads, NewRun run)
      throws SQLException {
    Instant now = tx.now();
    Instant due = Tx.cut(run.due().from(now));
    int lane = laneOf(lanes, run);
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
      !run.cancelOn().isEmpty(),
      Limits.text(run.limits()),
      run.input().codec(),
      payloads.inline(run.id(), Payloads.INPUT, run.input())
    };
  }

  /** Who holds a key, and until when, if not as long as it is active. */
  record Holder(RunId run, Optional<Instant> expires) {
    static Holder of(Row row) throws SQLException {
      return new Holder(row.run(), row.optionalInstant());
    }

    boolean isFree(Instant now) {
      return expires.isPresent() && !expires.get().isAfter(now);
    }
  }
}
