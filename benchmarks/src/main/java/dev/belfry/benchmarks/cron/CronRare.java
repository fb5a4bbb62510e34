// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.cron;

import org.openjdk.jmh.annotations.Param;

/**
 * The next run of expressions that run in 2044, or never. JobRunr is not here: the first it reads
 * in another way, the others it refuses.
 */
@SuppressWarnings("NullAway.Init") // set by JMH
public class CronRare extends NextRun {
  @Param({"0 0 0 29 2 MON", "0 0 0 30 2 *", "0 0 0 L-30 2 *"})
  public String cron;

  @Override
  String cron() {
    return cron;
  }
}
