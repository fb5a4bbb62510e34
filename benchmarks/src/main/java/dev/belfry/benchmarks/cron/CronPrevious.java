// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.cron;

import com.cronutils.model.time.ExecutionTime;
import dev.belfry.schedule.CronDialect;
import dev.belfry.schedule.CronExpression;
import java.time.ZonedDateTime;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * The run before a time. Of the others only cron-utils has it; Quartz declares it and answers null.
 */
@SuppressWarnings("NullAway.Init") // set by parse()
public class CronPrevious extends CronCost {
  @Param({"0 * * * * *", "0 0 9-17 * * MON-FRI", "0 30 4 1 * *", "0 0 0 L * *", "0 0 0 29 2 *"})
  public String cron;

  private CronExpression belfry;
  private ExecutionTime cronUtils;

  @Setup
  public void parse() {
    belfry = CronExpression.parse(cron, CronDialect.SPRING);
    cronUtils = ExecutionTime.forCron(Peers.cronUtils(cron));
  }

  @Benchmark
  public Optional<ZonedDateTime> belfry(Questions questions) {
    return belfry.previous(questions.time());
  }

  @Benchmark
  public Optional<ZonedDateTime> cronUtils(Questions questions) {
    return cronUtils.lastExecution(questions.time());
  }
}
