// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.cron;

import com.cronutils.model.time.ExecutionTime;
import dev.belfry.schedule.CronDialect;
import dev.belfry.schedule.CronExpression;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.Optional;
import java.util.TimeZone;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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

/** The next run of expressions that every library can read. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // set by parse()
public class CronNext {
  @Param({"0 * * * * *", "0 0 9-17 * * MON-FRI", "0 30 4 1 * *", "0 0 0 L * *", "0 0 0 29 2 *"})
  public String cron;

  private CronExpression belfry;
  private org.springframework.scheduling.support.CronExpression spring;
  private org.quartz.CronExpression quartz;
  private ExecutionTime cronUtils;
  private org.jobrunr.scheduling.cron.CronExpression jobRunr;

  @Setup
  public void parse(Questions questions) {
    belfry = CronExpression.parse(cron, CronDialect.SPRING);
    spring = Peers.spring(cron);
    quartz = Peers.quartz(Peers.inQuartz(cron));
    quartz.setTimeZone(TimeZone.getTimeZone(questions.zone()));
    cronUtils = ExecutionTime.forCron(Peers.cronUtils(cron));
    jobRunr = Peers.jobRunr(cron);
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

  @Benchmark
  public Instant jobRunr(Questions questions) {
    Instant after = questions.instant();
    return jobRunr.next(after, after, questions.zone());
  }
}
