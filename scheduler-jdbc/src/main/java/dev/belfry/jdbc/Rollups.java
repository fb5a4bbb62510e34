// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.NodeId;
import dev.belfry.run.Pass;
import dev.belfry.store.Rollup;
import dev.belfry.store.RollupQuery;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Counts of what ended, added to the rows of (job, minute, node), so that nodes do not meet. */
@SuppressWarnings("EnumOrdinal") // counts in memory are told by position; none is stored so
final class Rollups {
  private static final NodeId NOBODY = new NodeId(new UUID(0, 0));
  private static final int KINDS = 5;

  private final Map<Key, long[]> sums = new TreeMap<>(Key.ORDER);

  void add(Pass pass) {
    if (!pass.event().isFinal()) {
      return;
    }
    var key =
        new Key(
            pass.job(), pass.endedAt().truncatedTo(ChronoUnit.MINUTES), pass.node().orElse(NOBODY));
    long[] sum = sums.computeIfAbsent(key, k -> new long[KINDS + 2]);
    sum[pass.event().ordinal()]++;
    if (pass.event().compareTo(Pass.Event.TIMED_OUT) <= 0) {
      long ran = Texts.nanos(pass.ran());
      sum[KINDS] += ran;
      sum[KINDS + 1] = Math.max(sum[KINDS + 1], ran);
    }
  }

  void write(Tx tx) throws SQLException {
    for (Map.Entry<Key, long[]> entry : sums.entrySet()) {
      @Nullable Object[] values = values(entry.getKey(), entry.getValue());
      int found =
          tx.update(
              "update {rollup} set completed = completed + ?, failed = failed + ?,"
                  + " timed_out = timed_out + ?, cancelled = cancelled + ?, skipped = skipped + ?,"
                  + " total = total + ?, longest = greatest(longest, ?)"
                  + " where job = ? and at_minute = ? and node = ?",
              values);
      if (found == 0) {
        tx.update(
            "insert into {rollup} (completed, failed, timed_out, cancelled, skipped, total,"
                + " longest, job, at_minute, node) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            values);
      }
    }
    sums.clear();
  }

  private static @Nullable Object[] values(Key key, long[] sum) {
    var values = new ArrayList<@Nullable Object>();
    for (long part : sum) {
      values.add(part);
    }
    values.addAll(List.of(key.job, key.minute, key.node));
    return values.toArray();
  }

  static List<Rollup> read(Tx tx, RollupQuery query) throws SQLException {
    long seconds = query.width().toSeconds();
    return tx.listIn(
        """
        select job, %1$s as part, sum(completed), sum(failed), sum(timed_out), sum(cancelled),
          sum(skipped), sum(total), max(longest)
        from {rollup} where job in (*) and at_minute >= ? and at_minute < ?
        group by job, %1$s order by job, part
        """
            .formatted(tx.sql().partOfTime("at_minute", seconds)),
        row ->
            new Rollup(
                row.text(),
                Instant.ofEpochSecond(row.bigNumber() * seconds),
                row.bigNumber(),
                row.bigNumber(),
                row.bigNumber(),
                row.bigNumber(),
                row.bigNumber(),
                Duration.ofNanos(row.bigNumber()),
                Duration.ofNanos(row.bigNumber())),
        new TreeSet<>(query.jobs()),
        query.from(),
        query.to());
  }

  private record Key(String job, Instant minute, NodeId node) {
    static final Comparator<Key> ORDER =
        Comparator.comparing(Key::job)
            .thenComparing(Key::minute)
            .thenComparing(key -> key.node.value());
  }
}
