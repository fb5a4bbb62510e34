// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.cron;

import com.cronutils.model.time.ExecutionTime;
import dev.belfry.schedule.CronDialect;
import dev.belfry.schedule.CronExpression;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.Optional;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/** The next run, by the libraries that read each expression alike. */
@SuppressWarnings("NullAway.Init") // set by parse()
public abstract class NextRun extends CronCost {
  private CronExpression belfry;
  private org.springframework.scheduling.support.CronExpression spring;
  private org.quartz.CronExpression quartz;
  private ExecutionTime cronUtils;

  /** Returns the expression, in the dialect of Spring. */
  abstract String cron();

  @Setup
  public void parse(Questions questions) {
    belfry = CronExpression.parse(cron(), CronDialect.SPRING);
    spring = Peers.spring(cron());
    quartz = Peers.quartz(Peers.inQuartz(cron()));
    quartz.setTimeZone(TimeZone.getTimeZone(questions.zone()));
    cronUtils = ExecutionTime.forCron(Peers.cronUtils(cron()));
  }

  @Benchmark
  public long belfryEpochSecond(Questions questions) {
    return belfry.nextEpochSecond(questions.second(), questions.zone());
  }

  @Benchmark
  public Optional<ZonedDateTime> belfry(Questions questions) {
    return belfry.next(questions.time());
  }

  @Benchmark
  public @Nullable ZonedDateTime spring(Questions questions) {
    return spring.next(questions.time());
  }

  @Benchmark
  public @Nullable Date quartz(Questions questions) {
    return quartz.getNextValidTimeAfter(questions.date());
  }

  @Benchmark
  public Optional<ZonedDateTime> cronUtils(Questions questions) {
    return cronUtils.nextExecution(questions.time());
  }
}
