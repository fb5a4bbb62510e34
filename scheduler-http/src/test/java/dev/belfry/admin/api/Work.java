// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.api;

import static java.time.Duration.ofMinutes;

import dev.belfry.AlertRule;
import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.schedule.Schedule;

/** Jobs for tests of the API. */
final class Work {
  record Mail(String to, String password) {}

  record Order(int id) {}

  static final EventType<Order> PLACED = EventType.of("order/placed", Order.class);

  /** Sends a mail: three items, one of which fails. */
  static final Job<Mail> MAIL =
      Job.named("mail/send", Mail.class)
          .title("Mail")
          .tags("shop")
          .handler(
              (ctx, mail) -> {
                ctx.step("render", String.class, () -> "for " + mail.to());
                ctx.items(2, 1);
                ctx.note("to", mail.to());
                ctx.log("sent to " + mail.to());
              });

  static final Job<Void> NIGHTLY =
      Job.named("nightly").schedule(Schedule.cron("0 3 * * *")).handler(ctx -> {});

  static final Job<Void> BROKEN =
      Job.named("broken")
          .retry(RetryPolicy.none())
          .alert(AlertRule.consecutiveFailures(1))
          .handler(
              ctx -> {
                throw new IllegalStateException("no disk");
              });

  static final Job<Void> SLOW =
      Job.named("slow").queue("heavy").schedule(Schedule.every(ofMinutes(5))).handler(ctx -> {});

  static final Job<Order> ORDERS =
      Job.named("orders", Order.class).onEvent(PLACED).handler((ctx, order) -> {});

  private Work() {}

  static ApiStage stage() {
    return new ApiStage(MAIL, NIGHTLY, BROKEN, SLOW, ORDERS);
  }
}
