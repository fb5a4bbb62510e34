// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.cron;

import com.cronutils.model.time.ExecutionTime;
import dev.belfry.schedule.CronDialect;
import dev.belfry.schedule.CronExpression;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Reading an expression, to the point where it can be asked. */
@SuppressWarnings("NullAway.Init") // set by translate()
public class CronParse extends CronCost {
  @Param({"0 * * * * *", "0 0 9-17 * * MON-FRI", "0 30 4 1 * *", "0 0 0 L * *", "0 0 0 29 2 *"})
  public String cron;

  private String inQuartz;

  @Setup
  public void translate() {
    inQuartz = Peers.inQuartz(cron);
  }

  @Benchmark
  public CronExpression belfry() {
    return CronExpression.parse(cron, CronDialect.SPRING);
  }

  @Benchmark
  public org.springframework.scheduling.support.CronExpression spring() {
    return Peers.spring(cron);
  }

  @Benchmark
  public org.quartz.CronExpression quartz() {
    return Peers.quartz(inQuartz);
  }

  @Benchmark
  public ExecutionTime cronUtils() {
    return ExecutionTime.forCron(Peers.cronUtils(cron));
  }

  @Benchmark
  public org.jobrunr.scheduling.cron.CronExpression jobRunr() {
    return Peers.jobRunr(cron);
  }
}
