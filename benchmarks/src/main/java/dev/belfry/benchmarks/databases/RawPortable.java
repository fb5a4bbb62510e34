// SPDX-License-Identifier: Apache-2.0

package dev.belfry.benchmarks.databases;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;

/**
 * Plain JDBC on MariaDB and H2, which return no rows from an update. H2 is drained by one thread,
 * which needs no locks; its own locking reads would lock all that is due.
 */
final class RawPortable implements RawQueue {
  private static final String INSERT =
      "insert into raw_run (id, lane, due_at, state, held, fence, attempt, opens, first_due,"
          + " created_at, interruptions, cancelled, waiting, kind, watched, codec, input)"
          + " values (?, 1, $now, 0, 0, 0, 0, true, $now, $now, 0, false, false,"
          + " 'ENQUEUE', false, 'json', ?)";
  private static final String SELECT =
      "select id, due_at, fence, attempt, codec, input from raw_run $index where state = 0"
          + " and held = 0 and lane = 1 and due_at <= $now and (due_at > ?"
          + " or (due_at = ? and id > ?)) order by state, held, lane, due_at, id limit $most";
  private static final String CLAIM =
      "update raw_run set state = 1, node = ?, fence = fence + 1, attempt = attempt + 1,"
          + " claimed_at = $now, first_claimed_at = $now where state = 0 and id in ";
  private static final String DELETE = "delete from raw_run where id in ";

  private final boolean maria;

  RawPortable(Product product) {
    this.maria = product == Product.MARIADB;
  }

  private String sql(String text) {
    return maria
        ? text.replace("$now", "now(6)").replace("$index", "force index (raw_run_ready)")
        : text.replace("$now", "localtimestamp(6)").replace("$index", "");
  }

  @Override
  public String changes() {
    return "";
  }

  @Override
  public String crowd(int future, int running) {
    throw new UnsupportedOperationException("only on PostgreSQL");
  }

  @Override
  public int threads() {
    return maria ? 2 : 1;
  }

  @Override
  public void insert(Connection connection, List<UUID> ids, String input) throws SQLException {
    begin(connection);
    try (PreparedStatement insert = connection.prepareStatement(sql(INSERT))) {
      for (UUID id : ids) {
        setId(insert, 1, id);
        insert.setBytes(2, input.getBytes(UTF_8));
        insert.addBatch();
      }
      insert.executeBatch();
    }
    connection.commit();
  }

  @Override
  public void keep(Connection connection, UUID run, String step, String value) {
    throw new UnsupportedOperationException("functions are measured on PostgreSQL only");
  }

  @Override
  public Batch claim(Connection connection, UUID node, int most, List<UUID> finished, Batch behind)
      throws SQLException {
    begin(connection);
    deleteIn(connection, finished);
    Batch claimed = select(connection, most, behind);
    if (!claimed.ids().isEmpty()) {
      try (PreparedStatement claim =
          connection.prepareStatement(sql(CLAIM) + marks(claimed.ids()))) {
        setId(claim, 1, node);
        setIds(claim, 2, claimed.ids());
        claim.executeUpdate();
      }
    }
    connection.commit();
    return claimed;
  }

  private Batch select(Connection connection, int most, Batch behind) throws SQLException {
    String sql = sql(SELECT).replace("$most", Integer.toString(most));
    try (PreparedStatement select =
        connection.prepareStatement(maria ? sql + " for update skip locked" : sql)) {
      select.setString(1, behind.due());
      select.setString(2, behind.due());
      setId(select, 3, behind.last());
      var ids = new ArrayList<UUID>();
      String due = behind.due();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          ids.add(id(rows));
          due = rows.getString(2);
          rows.getLong(3);
          rows.getInt(4);
          rows.getString(5);
          rows.getBytes(6);
        }
      }
      return new Batch(ids, due, ids.isEmpty() ? behind.last() : ids.get(ids.size() - 1));
    }
  }

  @Override
  public void delete(Connection connection, List<UUID> ids) throws SQLException {
    begin(connection);
    deleteIn(connection, ids);
    connection.commit();
  }

  private void deleteIn(Connection connection, List<UUID> ids) throws SQLException {
    if (!ids.isEmpty()) {
      try (PreparedStatement delete = connection.prepareStatement(DELETE + marks(ids))) {
        setIds(delete, 1, ids);
        delete.executeUpdate();
      }
    }
  }

  /** Puts a connection into a transaction that locks no gaps; the pool undoes that. */
  private static void begin(Connection connection) throws SQLException {
    if (connection.getAutoCommit()) {
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      connection.setAutoCommit(false);
    }
  }

  private static String marks(List<UUID> ids) {
    return "(" + String.join(",", Collections.nCopies(ids.size(), "?")) + ")";
  }

  private void setIds(PreparedStatement statement, int first, List<UUID> ids) throws SQLException {
    for (int i = 0; i < ids.size(); i++) {
      setId(statement, first + i, ids.get(i));
    }
  }

  private void setId(PreparedStatement statement, int index, UUID id) throws SQLException {
    if (maria) {
      statement.setBytes(
          index,
          ByteBuffer.allocate(16)
              .putLong(id.getMostSignificantBits())
              .putLong(id.getLeastSignificantBits())
              .array());
    } else {
      statement.setObject(index, id);
    }
  }

  private UUID id(ResultSet rows) throws SQLException {
    if (maria) {
      ByteBuffer bytes = ByteBuffer.wrap(rows.getBytes(1));
      return new UUID(bytes.getLong(), bytes.getLong());
    }
    return rows.getObject(1, UUID.class);
  }
}
