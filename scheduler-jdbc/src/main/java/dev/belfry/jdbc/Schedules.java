// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.Page;
import dev.belfry.store.Amendment;
import dev.belfry.store.Declaration.DeclaredSchedule;
import dev.belfry.store.DueTicks;
import dev.belfry.store.Payload;
import dev.belfry.store.ScheduleRow;
import dev.belfry.store.ScheduleRow.Origin;
import dev.belfry.store.Verdict;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The rows of schedules: declared, read, changed. Ticks are fired elsewhere. */
final class Schedules {
  /*
   * A deleted schedule that code had ever declared stays as a tombstone, so that what code said
   * before does not bring it back. The version grows with each
   * change and never starts again, so that a firing that saw an older row is refused.
   */
  private static final String COLUMNS =
      "s.id, s.job, definition, s.codec, s.input, s.tags, s.origin, overridden, paused,"
          + " version, next_at, last_at, last_run, r.id, parked_on, queued";
  private static final String SELECT =
      "select " + COLUMNS + " from {schedule} s left join {run} r on r.id = s.last_run";
  private static final String WRITE =
      "update {schedule} set job = ?, definition = ?, codec = ?, input = ?, tags = ?, origin = ?,"
          + " overridden = false, paused = false, deleted = false, version = version + 1,"
          + " next_at = ?, parked_on = null, queued = false where id = ?";
  private static final String INSERT =
      "insert into {schedule} (job, definition, codec, input, tags, origin, next_at, id,"
          + " overridden, paused, deleted, version, queued)"
          + " values (?, ?, ?, ?, ?, ?, ?, ?, false, false, false, 1, false)";

  private Schedules() {}

  /** Writes what code says, if it never said so before. */
  static void declare(Tx tx, String job, DeclaredSchedule said) throws SQLException {
    String id = Texts.name("schedule id", said.id());
    boolean seen =
        tx.exists("select 1 from {declaration} where schedule = ? and hash = ?", id, said.hash());
    boolean present = tx.exists("select 1 from {schedule} where id = ?", id);
    if (seen && present) {
      return;
    }
    if (!seen) {
      see(tx, said);
    }
    put(tx, job, said, present);
  }

  private static void see(Tx tx, DeclaredSchedule said) throws SQLException {
    tx.update(
        "insert into {declaration} (schedule, hash, seen_at) values (?, ?, ?)",
        said.id(),
        said.hash(),
        tx.now());
  }

  static Verdict amend(Tx tx, Amendment.ResetSchedule change) throws SQLException {
    DeclaredSchedule said = change.said();
    String id = Texts.name("schedule id", said.id());
    boolean present =
        tx.first("select deleted from {schedule} where id = ? for update", Row::flag, id)
            .isPresent();
    if (!tx.exists(
        "select 1 from {declaration} where schedule = ? and hash = ?", id, said.hash())) {
      see(tx, said);
    }
    put(tx, change.job(), said, present);
    return Verdict.APPLIED;
  }

  private static void put(Tx tx, String job, DeclaredSchedule said, boolean present)
      throws SQLException {
    write(
        tx,
        present ? WRITE : INSERT,
        new Definition(
            said.id(),
            job,
            said.definition(),
            said.input(),
            said.tags(),
            Origin.CODE,
            said.firstAt()));
    tx.catalogChanged();
  }

  private static void write(Tx tx, String text, Definition d) throws SQLException {
    tx.requireOne(
        tx.update(
            text,
            Texts.name("job name", d.job()),
            d.definition(),
            d.input().codec(),
            d.input().bytes(),
            Texts.labels(d.tags()),
            d.origin(),
            d.nextAt(),
            d.id()));
  }

  static Verdict amend(Tx tx, Amendment.CreateSchedule change) throws SQLException {
    String id = Texts.name("schedule id", change.id());
    Optional<Boolean> deleted =
        tx.first("select deleted from {schedule} where id = ? for update", Row::flag, id);
    if (deleted.isPresent() && !deleted.get()) {
      return Verdict.REFUSED;
    }
    write(
        tx,
        deleted.isPresent() ? WRITE : INSERT,
        new Definition(
            id,
            change.job(),
            change.definition(),
            change.input(),
            change.tags(),
            Origin.CLIENT,
            change.firstAt()));
    if (deleted.isPresent()) {
      tx.update("update {schedule} set last_at = null, last_run = null where id = ?", id);
    }
    tx.catalogChanged();
    return Verdict.APPLIED;
  }

  static Verdict amend(Tx tx, Amendment.ChangeSchedule change) throws SQLException {
    return changed(
        tx,
        tx.update(
            "update {schedule} set definition = ?, next_at = ?, version = version + 1,"
                + " overridden = case when origin = 'CODE' then true else overridden end,"
                + " parked_on = null, queued = false where id = ? and deleted = false",
            change.definition(),
            change.nextAt(),
            change.id()));
  }

  static Verdict amend(Tx tx, Amendment.PauseSchedule change) throws SQLException {
    Optional<ScheduleRow> row = lock(tx, change.id());
    if (row.isPresent() && row.get().paused() == change.paused()) {
      return Verdict.REPEATED;
    }
    return changed(
        tx,
        tx.update(
            "update {schedule} set paused = ?, version = version + 1"
                + " where id = ? and deleted = false",
            change.paused(),
            change.id()));
  }

  static Verdict amend(Tx tx, Amendment.DeleteSchedule change) throws SQLException {
    Optional<ScheduleRow> row = lock(tx, change.id());
    if (row.isEmpty()) {
      return Verdict.REFUSED;
    }
    return changed(
        tx,
        isOfCallsOnly(tx, change.id())
            ? tx.update("delete from {schedule} where id = ?", change.id())
            : tx.update(
                "update {schedule} set deleted = true, version = version + 1,"
                    + " next_at = null, parked_on = null, queued = false where id = ?",
                change.id()));
  }

  private static boolean isOfCallsOnly(Tx tx, String id) throws SQLException {
    return !tx.exists("select 1 from {declaration} where schedule = ? limit 1", id);
  }

  private static Verdict changed(Tx tx, int rows) throws SQLException {
    if (rows == 0) {
      return Verdict.REFUSED;
    }
    tx.catalogChanged();
    return Verdict.APPLIED;
  }

  static Optional<ScheduleRow> read(Tx tx, String id) throws SQLException {
    return tx.first(SELECT + " where s.id = ? and deleted = false", Schedules::row, id);
  }

  /** Reads a schedule that is not deleted and locks its row. */
  static Optional<ScheduleRow> lock(Tx tx, String id) throws SQLException {
    return tx.exists("select 1 from {schedule} where id = ? and deleted = false for update", id)
        ? read(tx, id)
        : Optional.empty();
  }

  /** Reads schedules that are not deleted, by id, and locks their rows. */
  static Map<String, ScheduleRow> lock(Tx tx, Collection<String> ids) throws SQLException {
    tx.listIn(
        "select id from {schedule} where id in (*) and deleted = false order by id for update",
        Row::text,
        ids);
    return byId(tx, ids);
  }

  private static Map<String, ScheduleRow> byId(Tx tx, Collection<String> ids) throws SQLException {
    return tx
        .listIn(SELECT + " where s.id in (*) and deleted = false", Schedules::row, ids)
        .stream()
        .collect(Collectors.toMap(ScheduleRow::id, row -> row));
  }

  static Page<ScheduleRow> page(Tx tx, Optional<String> afterId, int limit) throws SQLException {
    return Page.of(
        tx.list(
            SELECT + " where s.id > ? and deleted = false order by s.id limit ?",
            Schedules::row,
            afterId.orElse(""),
            limit + 1),
        limit);
  }

  static List<ScheduleRow> ofJob(Tx tx, String job, int limit) throws SQLException {
    return tx.list(
        SELECT + " where s.job = ? and deleted = false order by s.job, s.id limit ?",
        Schedules::row,
        job,
        limit);
  }

  static DueTicks due(Tx tx, Set<String> jobs, Set<String> declared, int limit)
      throws SQLException {
    var walk = new TickWalk(tx, candidate -> candidate.isServed(jobs, declared), limit);
    walk.run();
    Instant now = walk.now();
    var ids = walk.due().stream().map(TickWalk.Candidate::id).toList();
    var rows = byId(tx, ids);
    var due =
        ids.stream()
            .flatMap(id -> Optional.ofNullable(rows.get(id)).stream())
            .filter(row -> isDue(row, now))
            .toList();
    Stream<Instant> moved = // by a rival, since they were found
        rows.values().stream()
            .filter(row -> !row.paused() && row.parkedOn().isEmpty())
            .flatMap(row -> row.nextAt().stream())
            .filter(at -> at.isAfter(now));
    return new DueTicks(
        now, due, Stream.concat(walk.next().stream(), moved).min(Comparator.naturalOrder()));
  }

  /** A row is read after it was found; a rival may have fired or changed it in between. */
  private static boolean isDue(ScheduleRow row, Instant now) {
    return !row.paused()
        && row.parkedOn().isEmpty()
        && row.nextAt().filter(at -> !at.isAfter(now)).isPresent();
  }

  private static ScheduleRow row(Row row) throws SQLException {
    return new ScheduleRow(
        row.text(),
        row.text(),
        row.text(),
        Payload.of(row.text(), Objects.requireNonNull(row.bytesOrNull())),
        Texts.labels(row.textOrNull()),
        Origin.valueOf(row.text()),
        row.flag(),
        row.flag(),
        row.bigNumber(),
        row.optionalInstant(),
        row.optionalInstant(),
        row.optionalRun(),
        row.optionalRun().isPresent(),
        row.optionalRun(),
        row.flag());
  }

  private record Definition(
      String id,
      String job,
      String definition,
      Payload input,
      List<String> tags,
      Origin origin,
      Optional<Instant> nextAt) {}
}
