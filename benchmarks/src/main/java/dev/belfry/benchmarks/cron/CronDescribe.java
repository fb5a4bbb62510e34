// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.cron;

import com.cronutils.descriptor.CronDescriptor;
import com.cronutils.model.Cron;
import dev.belfry.schedule.CronDialect;
import dev.belfry.schedule.CronExpression;
import java.util.Locale;
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

/** An expression in English. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // set by parse()
public class CronDescribe {
  @Param({"0 * * * * *", "0 0 9-17 * * MON-FRI", "0 30 4 1 * *", "0 0 0 L * *", "0 0 0 29 2 *"})
  public String cron;

  private final CronDescriptor descriptor = CronDescriptor.instance(Locale.ENGLISH);
  private CronExpression belfry;
  private Cron cronUtils;

  @Setup
  public void parse() {
    belfry = CronExpression.parse(cron, CronDialect.SPRING);
    cronUtils = Peers.cronUtils(cron);
  }

  @Benchmark
  public String belfry() {
    return belfry.describe();
  }

  @Benchmark
  public String cronUtils() {
    return descriptor.describe(cronUtils);
  }
}
