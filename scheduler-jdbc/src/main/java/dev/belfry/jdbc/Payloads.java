// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.RunId;
import dev.belfry.store.Payload;
import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The table of large payloads, which neither a claim nor a finish rewrites. A run has at most one
 * of each kind; memos have kinds of their own, from 2 on.
 */
final class Payloads {
  static final int INPUT = 0;
  static final int RESULT = 1;

  static final int INLINE_BYTES = 2 * 1024;

  private static final String INSERT = "insert into {payload} (run, kind, bytes) values (?, ?, ?)";

  private final List<@Nullable Object[]> rows = new ArrayList<>();

  /** Returns the bytes to keep in the row itself, or null if they are large and go beside it. */
  byte @Nullable [] inline(RunId run, int kind, Payload payload) {
    if (payload.size() <= INLINE_BYTES) {
      return payload.bytes();
    }
    if (payload.size() > Payload.MAX_BYTES) {
      throw new StoreException(
          Kind.PERMANENT,
          (kind == INPUT ? "input" : "result")
              + " of run "
              + run
              + " has "
              + payload.size()
              + " bytes; at most "
              + Payload.MAX_BYTES
              + " are allowed",
          null);
    }
    rows.add(new Object[] {run, kind, payload.bytes()});
    return null;
  }

  void write(Tx tx) throws SQLException {
    tx.batch(INSERT, rows);
    rows.clear();
  }

  /** Writes those of some runs, unless they are there, and drops the others. */
  void writeNew(Tx tx, Collection<RunId> runs) throws SQLException {
    rows.removeIf(row -> !runs.contains(row[0]));
    tx.batch(INSERT + tx.sql().unlessThere(), rows);
    rows.clear();
  }

  /** Reads large payloads of one kind. */
  static Map<RunId, byte[]> read(Tx tx, Collection<RunId> runs, int kind) throws SQLException {
    var found = new HashMap<RunId, byte[]>();
    if (!runs.isEmpty()) {
      tx.listIn(
          "select run, bytes from {payload} where run in (*) and kind = ?",
          row -> found.put(row.run(), bytes(row)),
          runs,
          kind);
    }
    return found;
  }

  /** Returns the inputs of runs, wherever they lie. */
  static Map<RunId, Payload> inputs(Tx tx, List<HotRun> runs) throws SQLException {
    Map<RunId, byte[]> large =
        read(tx, runs.stream().filter(r -> r.input() == null).map(HotRun::id).toList(), INPUT);
    var inputs = new HashMap<RunId, Payload>();
    for (HotRun run : runs) {
      byte[] bytes = run.input() == null ? large.get(run.id()) : run.input();
      inputs.put(run.id(), of(run.codec(), bytes, run.id()));
    }
    return inputs;
  }

  static Payload of(String codec, byte @Nullable [] bytes, RunId run) {
    if (bytes == null) {
      throw new StoreException(
          Kind.PERMANENT, "a payload of run " + run + " is missing in the payload table", null);
    }
    return Payload.of(codec, bytes);
  }

  private static byte[] bytes(Row row) throws SQLException {
    byte[] bytes = row.bytesOrNull();
    return bytes == null ? new byte[0] : bytes;
  }
}
