// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.cron;

import com.cronutils.descriptor.CronDescriptor;
import com.cronutils.model.Cron;
import dev.belfry.schedule.CronDialect;
import dev.belfry.schedule.CronExpression;
import java.util.Locale;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** An expression in English. */
@SuppressWarnings("NullAway.Init") // set by parse()
public class CronDescribe extends CronCost {
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
