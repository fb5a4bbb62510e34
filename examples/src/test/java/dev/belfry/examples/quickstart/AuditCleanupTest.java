// SPDX-License-Identifier: Apache-2.0
package dev.belfry.examples.quickstart;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.belfry.Job;
import dev.belfry.examples.quickstart.Logs.Table;
import dev.belfry.testkit.CrashMatrix;
import dev.belfry.testkit.TestScheduler;
import dev.belfry.testkit.junit.SchedulerTest;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The clean-up of the quickstart, night by night and crash by crash, in no time. */
class AuditCleanupTest {
  private static final int ROWS = 1_000; // a quarter is too old: two batches

  @TempDir Path folder;
  private HikariDataSource database;
  private Logs logs;

  @BeforeEach
  void open() throws Exception {
    database = Logs.open(folder);
    logs = new Logs(database);
    logs.create();
  }

  @AfterEach
  void close() {
    database.close();
  }

  private long tooOld() throws Exception {
    return logs.count(Table.AUDIT, Instant.now().minus(AuditCleanup.KEPT));
  }

  @SchedulerTest(start = "2026-03-28T12:00:00Z")
  void cleanUp_goesOnEachNight(TestScheduler t) throws Exception {
    logs.fill(Table.AUDIT, Instant.now(), ROWS);
    t.register(new AuditCleanup(logs, () -> {}).job());

    t.advance(ofDays(7));

    assertThat(t.runsOf("audit-log-cleanup"))
        .extracting(run -> run.createdAt().toString())
        .hasSize(7)
        .allMatch(at -> at.endsWith("T03:00:00Z"));
    assertThat(tooOld()).isZero();
  }

  @Test
  void cleanUp_leavesNothing_whereverANodeDies() {
    int crashes =
        CrashMatrix.of(
                t -> {
                  logs.fill(Table.AUDIT, Instant.now(), ROWS);
                  Job<Void> job = new AuditCleanup(logs, () -> {}).job();
                  t.register(job).enqueue(job);
                  t.advance(ofHours(6));
                  assertThat(tooOld()).isZero();
                })
            .run();

    assertThat(crashes).isGreaterThan(10);
  }
}
