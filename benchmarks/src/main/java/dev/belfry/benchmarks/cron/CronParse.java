// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.cron;

import com.cronutils.model.time.ExecutionTime;
import dev.belfry.schedule.CronDialect;
import dev.belfry.schedule.CronExpression;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Reading an expression, to the point where it can be asked. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // set by translate()
public class CronParse {
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
