// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.Job;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** What an application's own log lines can carry of the run that they are written for. */
class LogContextTest {
  private final Queue<Map<String, String>> seen = new ConcurrentLinkedQueue<>();

  @Test
  void handlersLogLines_carryJobRunAttemptAndNodeAndNothingOfThePassBefore() throws Exception {
    Job<Integer> job =
        Job.named("charge", Integer.class)
            .handler(
                (ctx, number) -> {
                  seen.add(MDC.getCopyOfContextMap());
                  MDC.put("customer", "left behind by pass " + number);
                });
    try (Scheduler scheduler = Scheduler.builder().name("web-1").workers(1).register(job).start()) {
      RunHandle first = scheduler.enqueue(job, 1);
      RunHandle second = scheduler.enqueue(job, 2);
      assertThat(second.await(Duration.ofSeconds(30))).isPresent();
      assertThat(first.await(Duration.ofSeconds(30))).isPresent();

      assertThat(List.copyOf(seen)).containsExactly(contextOf(first), contextOf(second));
    }
  }

  private static Map<String, String> contextOf(RunHandle run) {
    return Map.of("job", "charge", "run", run.id().toString(), "attempt", "1", "node", "web-1");
  }
}
