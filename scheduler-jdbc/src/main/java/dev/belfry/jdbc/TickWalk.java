// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.store.ScheduleRow.Origin;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Walks over schedules by their next tick: those that have come, and the first that has not. */
final class TickWalk {
  /*
   * Page by page, for rows that this node does not serve may lie before those it does. Mostly
   * nothing is due, and the first few rows say so.
   */
  private static final int FIRST_PAGE = 16;
  private static final int PAGE = 500;
  private static final String SELECT =
      "select next_at, id, job, origin, $now from {schedule}"
          + " where deleted = false and paused = false and parked_on is null"
          + " and next_at >= ? and (next_at > ? or id > ?) order by next_at, id limit ?";
  private static final Instant BEFORE_ALL = Instant.EPOCH.minusSeconds(1L << 35);

  private final Tx tx;
  private final Predicate<Candidate> served;
  private final int limit;
  private final List<Candidate> due = new ArrayList<>();
  private @Nullable Instant now;
  private @Nullable Instant next;

  TickWalk(Tx tx, Predicate<Candidate> served, int limit) {
    this.tx = tx;
    this.served = served;
    this.limit = limit;
  }

  /** Returns those that have come, earliest first, then by id. */
  List<Candidate> due() {
    return due;
  }

  /** Returns the earliest tick that has not come. */
  Optional<Instant> next() {
    return Optional.ofNullable(next);
  }

  /** Returns when the walk began, by the database's clock. */
  Instant now() throws SQLException {
    return now == null ? tx.now() : now;
  }

  void run() throws SQLException {
    Instant at = BEFORE_ALL;
    String id = "";
    for (int size = FIRST_PAGE; next == null; size = PAGE) {
      Dated page = tx.dated(SELECT, at, at, id, size);
      List<Candidate> found = tx.list(page.text(), Candidate::of, page.all());
      boolean full = false;
      for (Candidate candidate : found) {
        full |= !take(candidate);
      }
      if (found.size() < size) {
        return;
      }
      if (full) { // what is left to find lies behind all that has come
        at = now().plus(1, ChronoUnit.MICROS);
        id = "";
      } else {
        at = found.get(size - 1).at;
        id = found.get(size - 1).id;
      }
    }
  }

  /** Returns whether there was room for it. */
  private boolean take(Candidate candidate) {
    Instant begun = now == null ? candidate.now : now;
    now = begun;
    if (!served.test(candidate) || next != null) {
      return true;
    }
    if (candidate.at.isAfter(begun)) {
      next = candidate.at;
    } else if (due.size() == limit) {
      return false;
    } else {
      due.add(candidate);
    }
    return true;
  }

  /** A schedule on the way. */
  record Candidate(Instant at, String id, String job, Origin origin, Instant now) {
    static Candidate of(Row row) throws SQLException {
      return new Candidate(
          row.instant(), row.text(), row.text(), Origin.valueOf(row.text()), row.instant());
    }

    boolean isServed(Set<String> jobs, Set<String> declared) {
      return jobs.contains(job) && (origin == Origin.CLIENT || declared.contains(id));
    }
  }
}
