// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.jdbc.Inserts.Holder;
import dev.belfry.run.RunId;
import dev.belfry.run.Unique;
import dev.belfry.store.Accepted;
import dev.belfry.store.NewRun;
import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Inserts runs in a caller's transaction: one object for one call. */
final class JoinedInserts {
  /*
   * A caller's transaction may stay open for long, so it only inserts: it changes and locks no row
   * that is there. What can be refused is refused before anything is written, as the caller may go
   * on after it. Where an insert can be tried first (PostgreSQL) it is: a read before it would have
   * SERIALIZABLE transactions fail for what their neighbours insert. Elsewhere a look comes first,
   * as an insert that fails locks the row that it met (MariaDB).
   */
  private static final int TRIES = 3;

  private final Tx tx;
  private final Lanes lanes;
  private final Transactions own;
  private final Payloads payloads = new Payloads();
  private final List<@Nullable Object[]> taken = new ArrayList<>();

  /**
   * Prepares a call.
   *
   * @param own transactions on other connections, for keys whose time is over
   */
  JoinedInserts(Tx tx, Lanes lanes, Transactions own) {
    this.tx = tx;
    this.lanes = lanes;
    this.own = own;
  }

  List<Accepted> insert(List<NewRun> runs) throws SQLException {
    Set<RunId> known = known(runs);
    Map<RunId, @Nullable Object[]> rows = new HashMap<>();
    for (NewRun run : runs) {
      run.unique().ifPresent(unique -> Texts.name("unique key", unique.key()));
      if (!known.contains(run.id()) && !rows.containsKey(run.id())) {
        rows.put(run.id(), Inserts.row(tx, lanes, payloads, run));
      }
    }
    Map<RunId, NewRun> created = new HashMap<>();
    var answers = new Accepted[runs.size()];
    for (int i : Inserts.byKey(runs)) {
      NewRun run = runs.get(i);
      Optional<Accepted> held = known.add(run.id()) ? takeKey(run) : Optional.empty();
      answers[i] = held.orElseGet(() -> new Accepted.Created(run.id()));
      if (held.isEmpty() && rows.containsKey(run.id())) {
        created.put(run.id(), run);
      }
    }
    write(rows, created);
    return List.of(answers);
  }

  /** Returns the ids that are there: ended runs, and others where an insert would stumble. */
  private Set<RunId> known(List<NewRun> runs) throws SQLException {
    List<RunId> ids = runs.stream().map(NewRun::id).distinct().toList();
    Set<RunId> known = Inserts.ended(tx, ids);
    if (!tx.sql().insertsFirst()) {
      known.addAll(Inserts.pending(tx, ids));
    }
    return known;
  }

  private void write(Map<RunId, @Nullable Object[]> rows, Map<RunId, NewRun> created)
      throws SQLException {
    var inOrder = new ArrayList<@Nullable Object[]>();
    created.keySet().stream().sorted().map(rows::get).forEach(inOrder::add);
    tx.batch(Inserts.INSERT + tx.sql().unlessThere(), inOrder);
    payloads.writeNew(tx, created.keySet());
    KeySearch.remember(tx, created.values());
    Newcomers.add(tx, created.values());
    Waits.cancelOn(tx, created.values());
  }

  /** Takes the key of a run, if it has one; returns the answer if another holds it. */
  private Optional<Accepted> takeKey(NewRun run) throws SQLException {
    if (run.unique().isEmpty()) {
      return Optional.empty();
    }
    Unique unique = run.unique().get();
    Optional<Holder> holder = tx.sql().insertsFirst() ? Optional.empty() : holder(run, unique, "");
    for (int i = 0; i < TRIES; i++) {
      if (holder.isPresent() && !holder.get().isFree(tx.now())) {
        return answer(run, unique, holder.get().run());
      } else if (holder.isPresent()) {
        free(run, unique, holder.get());
      }
      if (take(run, unique)) {
        return Optional.empty();
      }
      holder = holder(run, unique, tx.sql().latest());
    }
    giveKeysBack();
    throw new SQLTransactionRollbackException(
        "unique key \"" + unique.key() + "\" was taken or freed since the transaction began",
        "40001");
  }

  private Optional<Accepted> answer(NewRun run, Unique unique, RunId holder) throws SQLException {
    if (holder.equals(run.id())) {
      return Optional.empty();
    } else if (unique.onConflict() == Unique.OnConflict.REPLACE) {
      giveKeysBack();
      throw noReplacement(run, holder);
    }
    return Optional.of(Inserts.held(unique, holder));
  }

  private boolean take(NewRun run, Unique unique) throws SQLException {
    Optional<Instant> expires = unique.window().map(tx.now()::plus);
    boolean mine =
        tx.insertUnlessThere(Inserts.TAKE_KEY, run.id(), expires, run.job(), unique.key());
    if (mine) {
      taken.add(new @Nullable Object[] {run.job(), unique.key(), run.id()});
    }
    return mine;
  }

  /** Frees what this call has taken: its caller may go on, and there may be no savepoint. */
  private void giveKeysBack() throws SQLException {
    tx.batch("delete from {unique_key} where job = ? and held_key = ? and run = ?", taken);
  }

  private Optional<Holder> holder(NewRun run, Unique unique, String latest) throws SQLException {
    return tx.first(Inserts.HOLDER + latest, Holder::of, run.job(), unique.key());
  }

  /** Frees a key whose time is over, in a transaction of its own. */
  private void free(NewRun run, Unique unique, Holder holder) {
    own.call(
        "free a key whose time is over",
        other ->
            other.update(
                "delete from {unique_key} where job = ? and held_key = ? and run = ?"
                    + " and expires_at <= ?",
                run.job(),
                unique.key(),
                holder.run(),
                other.now()));
  }

  private static StoreException noReplacement(NewRun run, RunId holder) {
    return new StoreException(
        Kind.PERMANENT,
        "run "
            + run.id()
            + " can't replace run "
            + holder
            + " in a caller's transaction, which only inserts; enqueue it outside of one",
        null);
  }
}
