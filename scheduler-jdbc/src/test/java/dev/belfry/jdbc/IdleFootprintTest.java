// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.AlertRule;
import dev.belfry.Job;
import dev.belfry.Scheduler;
import dev.belfry.jdbc.CountedPool.Kind;
import dev.belfry.schedule.Schedule;
import dev.belfry.testkit.VirtualTime;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What a node asks of its database while there is nothing to do. The clock is that of the time
 * line, so that it moves; the database's would be read for nothing but the clean-up each ten
 * minutes.
 */
class IdleFootprintTest extends DatabaseTest {
  private static final Duration TIME = Duration.ofMinutes(30);

  @Test
  void idleNode_sendsLessThanOneStatementASecond() {
    measure();
  }

  @Test
  void idleNodeWithAlertRules_sendsLessThanOneStatementASecond() {
    measure(
        AlertRule.consecutiveFailures(3),
        AlertRule.longerThan(Duration.ofSeconds(45)),
        AlertRule.notFinishedBy(Schedule.daily(LocalTime.of(6, 0))),
        AlertRule.missedTicks(),
        AlertRule.nodeLost(),
        AlertRule.unserved());
  }

  private void measure(AlertRule... rules) {
    var counted = new CountedPool(pool);
    VirtualTime time = VirtualTime.from(START, 7);
    Job<?>[] jobs =
        IntStream.range(0, 8)
            .mapToObj(i -> Job.named("job-" + i, String.class).handler((ctx, input) -> {}))
            .toArray(Job<?>[]::new);
    Job<Void> yearly =
        Job.named("yearly")
            .schedule(Schedule.at(START.plus(Duration.ofDays(365))))
            .handler(ctx -> {});
    try (Scheduler scheduler =
        Scheduler.builder()
            .store(JdbcJobStore.using(counted.source()).withTime(time.clock()))
            .host(time.newHost())
            .register(jobs)
            .register(yearly)
            .alert(rules)
            .start()) {
      time.advance(Duration.ofMinutes(1));
      counted.clear();

      time.advance(TIME);

      System.out.printf(
          "IdleFootprintTest on %s, %d alert rules: %s a second%n",
          product(),
          rules.length,
          Arrays.stream(Kind.values())
              .map(kind -> "%s %.3f".formatted(kind, perSecond(counted.count(kind))))
              .collect(Collectors.joining(", ")));
      assertThat(perSecond(counted.count(Kind.STATEMENT)))
          .as(counted.texts().toString())
          .isLessThan(1);
    }
  }

  private static double perSecond(int count) {
    return (double) count / TIME.toSeconds();
  }
}
