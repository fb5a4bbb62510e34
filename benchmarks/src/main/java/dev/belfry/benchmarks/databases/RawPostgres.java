// SPDX-License-Identifier: Apache-2.0

package dev.belfry.benchmarks.databases;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Plain JDBC on PostgreSQL: one statement for each step. */
final class RawPostgres implements RawQueue {
  private static final String INSERT =
      "insert into raw_run (id, lane, due_at, state, held, fence, attempt, opens, first_due,"
          + " created_at, interruptions, cancelled, waiting, kind, watched, codec, input)"
          + " select id, 1, now(), 0, 0, 0, 0, true, now(), now(), 0, false, false, 'ENQUEUE',"
          + " false, 'json', ? from unnest(?::uuid[]) id";
  private static final String CLAIM =
      "update raw_run set state = 1, node = ?, fence = fence + 1, attempt = attempt + 1,"
          + " claimed_at = now(), first_claimed_at = now()"
          + " where id = any(array(select id from raw_run where lane = 1 and state = 0 and held = 0"
          + " and due_at <= now() and (due_at, id) > (?::timestamptz, ?)"
          + " order by lane, due_at, id limit $most for update skip locked))"
          + " returning id, due_at::text, fence, attempt, codec, input";
  private static final String DELETE = "delete from raw_run where id = any(?)";
  private static final String KEEP =
      "insert into raw_memo (run, scope, step, occurrence, kind, type, state, tries, codec, bytes,"
          + " written_at)"
          + " values (?, '', ?, 0, 'STEP', 'Integer', 'DONE', 1, 'json', ?, now())";
  private static final String CROWD =
      """
      insert into raw_run (id, lane, due_at, state, held, node, fence, attempt, opens, first_due,
          created_at, claimed_at, first_claimed_at, interruptions, cancelled, waiting, kind,
          watched, codec, input)
        select gen_random_uuid(), 1, due, 0, 0, null, 0, 0, true, due, now(), null, null, 0, false,
          false, 'ENQUEUE', false, 'json', 'null'
        from (select now() + interval '1 day' + n * interval '1 millisecond' due
          from generate_series(1, $future) n) future;
      insert into raw_run (id, lane, due_at, state, held, node, fence, attempt, opens, first_due,
          created_at, claimed_at, first_claimed_at, interruptions, cancelled, waiting, kind,
          watched, codec, input)
        select gen_random_uuid(), 1, due, 1, 0, '00000000-0000-0000-0000-000000000001', 1, 1, true,
          due, due, due, due, 0, false, false, 'ENQUEUE', false, 'json', 'null'
        from (select now() - interval '1 hour' + n * interval '1 millisecond' due
          from generate_series(1, $running) n) running;
      """;

  @Override
  public String changes() {
    return "alter table raw_run reset (fillfactor);\n"; // its pages are filled, as by default
  }

  @Override
  public String crowd(int future, int running) {
    return CROWD
        .replace("$future", Integer.toString(future))
        .replace("$running", Integer.toString(running));
  }

  @Override
  public int threads() {
    return 2;
  }

  @Override
  public void insert(Connection connection, List<UUID> ids, String input) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      insert.setBytes(1, input.getBytes(UTF_8));
      insert.setArray(2, array(connection, ids));
      insert.executeUpdate();
    }
  }

  @Override
  public Batch claim(Connection connection, UUID node, int most, List<UUID> finished, Batch behind)
      throws SQLException {
    String sql = CLAIM.replace("$most", Integer.toString(most));
    boolean joined = !finished.isEmpty();
    if (joined) {
      sql = "with finished as (" + DELETE + "), claimed as (" + sql + ") select * from claimed";
    }
    try (PreparedStatement claim = connection.prepareStatement(sql)) {
      int next = 1;
      if (joined) {
        claim.setArray(next++, array(connection, finished));
      }
      claim.setObject(next++, node);
      claim.setString(next++, behind.due());
      claim.setObject(next, behind.last());
      return batch(claim, behind);
    }
  }

  private static Batch batch(PreparedStatement claim, Batch behind) throws SQLException {
    var ids = new ArrayList<UUID>();
    String due = "";
    UUID last = START;
    try (ResultSet rows = claim.executeQuery()) {
      while (rows.next()) {
        UUID id = rows.getObject(1, UUID.class);
        String dueAt = rows.getString(2);
        rows.getLong(3);
        rows.getInt(4);
        rows.getString(5);
        rows.getBytes(6);
        ids.add(id);
        int order = dueAt.compareTo(due); // not in the order of the claim
        if (order > 0 || (order == 0 && id.compareTo(last) > 0)) {
          due = dueAt;
          last = id;
        }
      }
    }
    return ids.isEmpty() ? new Batch(ids, behind.due(), behind.last()) : new Batch(ids, due, last);
  }

  @Override
  public void keep(Connection connection, UUID run, String step, String value) throws SQLException {
    try (PreparedStatement keep = connection.prepareStatement(KEEP)) {
      keep.setObject(1, run);
      keep.setString(2, step);
      keep.setBytes(3, value.getBytes(UTF_8));
      keep.executeUpdate();
    }
  }

  @Override
  public void delete(Connection connection, List<UUID> ids) throws SQLException {
    try (PreparedStatement delete = connection.prepareStatement(DELETE)) {
      delete.setArray(1, array(connection, ids));
      delete.executeUpdate();
    }
  }

  private static Array array(Connection connection, List<UUID> ids) throws SQLException {
    return connection.createArrayOf("uuid", ids.toArray());
  }
}
