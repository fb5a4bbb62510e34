// SPDX-License-Identifier: Apache-2.0
package dev.belfry.examples.quickstart;

import dev.belfry.Job;
import dev.belfry.JobContext;
import dev.belfry.examples.quickstart.Logs.Table;
import dev.belfry.schedule.Schedule;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

/** Deletes log rows older than 90 days, every night at 3:00 UTC. */
final class AuditCleanup {
  static final Duration KEPT = Duration.ofDays(90);
  private static final int BATCH = 200;

  private final Logs logs;
  private final Runnable afterBatch;

  /**
   * @param afterBatch called whenever a batch was committed
   */
  AuditCleanup(Logs logs, Runnable afterBatch) {
    this.logs = logs;
    this.afterBatch = afterBatch;
  }

  Job<Void> job() {
    return Job.named("audit-log-cleanup")
        .title("Audit log clean-up")
        .schedule(Schedule.cron("0 3 * * *", ZoneOffset.UTC))
        .timeout(Duration.ofMinutes(10))
        .handler(this::run);
  }

  /*
   * Each batch is committed by itself, so a run that is cut short (a killed process, a redeploy)
   * keeps what it did, and the next attempt finds only the rest.
   */
  private void run(JobContext ctx) throws SQLException {
    if (ctx.attempt() > 1) {
      ctx.log("attempt " + ctx.attempt() + " goes on with what the one before left");
    }
    Instant now = Instant.now();
    long audit = delete(ctx, Table.AUDIT, now.minus(KEPT));
    long system = delete(ctx, Table.SYSTEM, now.minus(KEPT));
    logs.add(now, "clean-up: deleted " + audit + " audit rows and " + system + " system rows");
  }

  private long delete(JobContext ctx, Table table, Instant olderThan) throws SQLException {
    long deleted = 0;
    int batch;
    do {
      if (ctx.cancelled()) {
        throw new IllegalStateException("told to end before all rows were deleted");
      }
      batch = logs.deleteBatch(table, olderThan, BATCH);
      deleted += batch;
      ctx.items(batch, 0);
      afterBatch.run();
    } while (batch == BATCH);
    ctx.note(table.toString(), Long.toString(deleted));
    ctx.log("deleted " + deleted + " rows of " + table);
    return deleted;
  }
}
