// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import dev.belfry.Alert;
import dev.belfry.AlertRule;
import dev.belfry.Job;
import dev.belfry.SchedulerBuilder;
import dev.belfry.SchedulerClient;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.RunId;
import dev.belfry.schedule.Schedule;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;

/** What tests of alerts share: a job whose runs end as told, and who is told of it. */
abstract class AlertWords {
  static final Duration MINUTE = Duration.ofMinutes(1);
  static final AlertRule THREE = AlertRule.consecutiveFailures(3);

  final World world = new World();
  final List<Alert> alerts = new ArrayList<>();
  final List<RunId> runs = new ArrayList<>();

  SchedulerBuilder builder(Job<?>... jobs) {
    return world.builder(world.time.newHost(), jobs).onAlert(alerts::add);
  }

  Job.Builder<String> job(AlertRule... rules) {
    return Job.named("work", String.class).retry(RetryPolicy.none()).alert(rules);
  }

  /** A job whose input says how its runs end. */
  Job<String> obedient(Job.Builder<String> builder) {
    return builder
        .onlyIf(input -> !input.equals("skip"))
        .handler(
            (ctx, input) -> {
              switch (input) {
                case "disk" -> throw new IOException("no disk");
                case "bug" -> throw new IllegalStateException("a bug");
                case "late", "long" -> world.time.pause();
                case "partly" -> ctx.items(7, 3);
                default -> {}
              }
            });
  }

  /** Has runs end in this way, one a minute. */
  void run(SchedulerClient client, Job<String> job, String... inputs) {
    for (String input : inputs) {
      runs.add(client.enqueue(job, input).id());
      world.time.advance(MINUTE);
    }
  }

  List<String> told() {
    return alerts.stream().map(Alert::sentence).toList();
  }

  Job<Void> nightly(boolean[] broken, AlertRule rule) {
    return Job.named("nightly")
        .schedule(Schedule.daily(LocalTime.of(3, 0)))
        .retry(RetryPolicy.none())
        .alert(rule)
        .handler(
            ctx -> {
              if (broken[0]) {
                throw new IOException("no disk");
              }
            });
  }
}
