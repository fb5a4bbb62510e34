// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.cron;

import java.time.Instant;
import org.jobrunr.scheduling.cron.CronExpression;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** The next run of expressions that every library can read. */
@SuppressWarnings("NullAway.Init") // set by parseForJobRunr()
public class CronNext extends NextRun {
  @Param({"0 * * * * *", "0 0 9-17 * * MON-FRI", "0 30 4 1 * *", "0 0 0 L * *", "0 0 0 29 2 *"})
  public String cron;

  private CronExpression jobRunr;

  @Override
  String cron() {
    return cron;
  }

  @Setup
  public void parseForJobRunr() {
    jobRunr = Peers.jobRunr(cron);
  }

  @Benchmark
  public Instant jobRunr(Questions questions) {
    Instant after = questions.instant();
    return jobRunr.next(after, after, questions.zone());
  }
}
