// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.Page;
import dev.belfry.store.RecordContent;
import dev.belfry.store.RecordQuery;
import dev.belfry.store.RecordWrite;
import dev.belfry.store.Records;
import dev.belfry.store.StoredRecord;
import dev.belfry.store.Verdict;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Records in a database. Thread-safe. */
final class JdbcRecords implements Records {
  private static final String SELECT =
      "select kind, id, version, json, attribute1, attribute2, attribute3, expires_at"
          + " from {record} where kind = ?";
  private static final String PRESENT = " and (expires_at is null or expires_at > ?)";
  static final int PURGED = 1_000;

  private final Database database;

  JdbcRecords(Database database) {
    this.database = database;
  }

  @Override
  public Optional<StoredRecord> get(String kind, String id) {
    return call(
        "read a record",
        tx -> tx.first(SELECT + " and id = ?" + PRESENT, JdbcRecords::read, kind, id, tx.now()));
  }

  @Override
  public Page<StoredRecord> list(RecordQuery query) {
    return call(
        "read records",
        tx -> {
          var text = new StringBuilder(SELECT).append(PRESENT);
          var values = new ArrayList<@Nullable Object>(List.of(query.kind(), tx.now()));
          String order = "kind, ";
          if (query.attribute().isPresent()) {
            String column = "attribute" + (query.attribute().get().place() + 1);
            text.append(" and ").append(column).append(" = ?");
            values.add(query.attribute().get().value());
            order += column + ", ";
          }
          if (query.after().isPresent()) {
            text.append(" and id > ?");
            values.add(query.after().get());
          }
          text.append(" order by ").append(order).append("id limit ?");
          values.add(query.limit() + 1);
          return Page.of(
              tx.list(text.toString(), JdbcRecords::read, values.toArray()), query.limit());
        });
  }

  /** Writes in order of kind and id, so that rivals never wait for each other in a circle. */
  @Override
  public List<Verdict> write(List<RecordWrite> writes) {
    return call(
        "write records",
        tx -> {
          var verdicts = new Verdict[writes.size()];
          List<Integer> order =
              IntStream.range(0, verdicts.length)
                  .boxed()
                  .sorted(
                      Comparator.comparing((Integer i) -> writes.get(i).kind())
                          .thenComparing(i -> writes.get(i).id()))
                  .toList();
          for (int i : order) {
            verdicts[i] = write(tx, writes.get(i));
          }
          return List.of(verdicts);
        });
  }

  private static Verdict write(Tx tx, RecordWrite write) throws SQLException {
    Optional<StoredRecord> row =
        tx.first(SELECT + " and id = ? for update", JdbcRecords::read, write.kind(), write.id());
    Optional<StoredRecord> found =
        row.isPresent() && isOver(tx, row.get()) ? Optional.empty() : row;
    long version = found.map(StoredRecord::version).orElse(0L);
    if (write instanceof RecordWrite.Put put) {
      if (version == put.version()) {
        tx.requireOne(put(tx, put, row.isPresent()));
        return Verdict.APPLIED;
      }
      boolean same = found.map(StoredRecord::content).equals(Optional.of(put.content()));
      return same && version == put.version() + 1 ? Verdict.REPEATED : Verdict.REFUSED;
    }
    if (found.isEmpty()) {
      return Verdict.REPEATED;
    }
    if (version != write.version()) {
      return Verdict.REFUSED;
    }
    tx.requireOne(
        tx.update("delete from {record} where kind = ? and id = ?", write.kind(), write.id()));
    return Verdict.APPLIED;
  }

  private static boolean isOver(Tx tx, StoredRecord record) throws SQLException {
    return record.content().expiresAt().isPresent()
        && !record.content().expiresAt().get().isAfter(tx.now());
  }

  private static int put(Tx tx, RecordWrite.Put put, boolean there) throws SQLException {
    List<String> attributes = put.content().attributes();
    return tx.update(
        there
            ? "update {record} set version = ?, json = ?, attribute1 = ?, attribute2 = ?,"
                + " attribute3 = ?, expires_at = ? where kind = ? and id = ?"
            : "insert into {record} (version, json, attribute1, attribute2, attribute3,"
                + " expires_at, kind, id) values (?, ?, ?, ?, ?, ?, ?, ?)",
        put.version() + 1,
        put.content().json(),
        attributes.stream().findFirst(),
        attributes.stream().skip(1).findFirst(),
        attributes.stream().skip(2).findFirst(),
        put.content().expiresAt(),
        put.kind(),
        put.id());
  }

  private static StoredRecord read(Row row) throws SQLException {
    String kind = row.text();
    String id = row.text();
    long version = row.bigNumber();
    String json = row.text();
    var attributes = new ArrayList<String>();
    for (int i = 0; i < RecordContent.MAX_ATTRIBUTES; i++) {
      row.optionalText().ifPresent(attributes::add);
    }
    return new StoredRecord(
        kind, id, version, new RecordContent(json, attributes, row.optionalInstant()));
  }

  /** Deletes records whose time is over, some at a time. */
  static int purge(Tx tx) throws SQLException {
    var now = tx.now();
    List<@Nullable Object[]> over =
        tx.list(
            "select kind, id from {record} where expires_at <= ? order by expires_at limit ?",
            row -> new @Nullable Object[] {row.text(), row.text(), now},
            now,
            PURGED);
    tx.batch("delete from {record} where kind = ? and id = ? and expires_at <= ?", over);
    return over.size();
  }

  private <T> T call(String what, Transactions.Work<T> work) {
    return database.transactions().call(what, work);
  }
}
