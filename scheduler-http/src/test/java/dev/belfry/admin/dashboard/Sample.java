// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import dev.belfry.AlertRule;
import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.SchedulerClient;
import dev.belfry.admin.operations.Operations;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.Target;
import dev.belfry.schedule.Schedule;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;

/** A day and a half of a shop's work, the same each time: runs in all states, and what is wrong. */
final class Sample {
  private static final Instant START = Instant.parse("2026-03-02T03:00:00Z");
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  record Invoice(String number, String customer, String email, double amount, String apiKey) {}

  record User(long id, String name, String email) {}

  record Login(long userId) {}

  record Order(String id, List<String> items) {}

  record Mail(int mail, String variant) {}

  record Parcel(String carrier, String number, String token) {}

  static final EventType<User> USER_CREATED = EventType.of("user/created", User.class);
  static final EventType<Order> ORDER_PLACED = EventType.of("order/placed", Order.class);
  static final EventType<Login> LOGIN =
      EventType.of("user/login", Login.class).keyedBy(login -> "" + login.userId());

  private final Random random = new Random(7);
  private final AtomicReference<World> world = new AtomicReference<>();

  private Sample() {}

  static World world() {
    return new Sample().build();
  }

  /** Stands still until time goes on, so that it takes some. */
  private void work() throws InterruptedException {
    world.get().time.time().pause();
  }

  private Job<Invoice> sendInvoice() {
    return Job.named("send-invoice", Invoice.class)
        .title("Send invoice")
        .description("Renders the invoice and mails it to the customer.")
        .tags("billing", "mail")
        .limitRuns(5)
        .throttle(60, ofMinutes(1))
        .retry(RetryPolicy.exponential(ofSeconds(20)).withMaxAttempts(3))
        .timeout(ofMinutes(2))
        .alert(AlertRule.consecutiveFailures(3))
        .handler(
            (ctx, invoice) -> {
              ctx.log("rendering " + invoice.number() + " for " + invoice.customer());
              work();
              if (invoice.customer().startsWith("Marl")) {
                throw new IOException(
                    "mail server mx1.marlow.example answered 451 4.7.1 try again later");
              }
              ctx.note("message-id", "<" + invoice.number() + "@shop.example>");
              ctx.log("accepted by the mail server");
            });
  }

  private Job<Void> report() {
    return Job.named("nightly-report")
        .title("Nightly report")
        .description("Sums up the day's sales and puts them into the warehouse.")
        .tags("reporting")
        .schedule(Schedule.daily(LocalTime.of(2, 30), BERLIN))
        .alert(AlertRule.notFinishedBy(Schedule.daily(LocalTime.of(6, 0), BERLIN)))
        .handler(
            ctx -> {
              int rows = ctx.step("count", Integer.class, () -> 18_224);
              work();
              ctx.items(rows, 3);
            });
  }

  private Job<Void> inventory() {
    return Job.named("sync-inventory")
        .title("Sync inventory")
        .description("Brings stock levels from the warehouses into the shop.")
        .tags("stock")
        .schedule(Schedule.every(ofMinutes(10)))
        .retry(RetryPolicy.fixed(ofSeconds(30)).withMaxAttempts(2))
        .handler(
            ctx -> {
              work();
              if (random.nextInt(9) == 0) {
                throw new IllegalStateException(
                    "warehouse \"Leipzig\" answered 503 after 10 s; 2 of 3 warehouses done");
              }
              ctx.items(140 + random.nextInt(60), 0);
            });
  }

  private Job<User> onboarding() {
    return Job.named("onboarding", User.class)
        .title("Onboarding")
        .description("Welcomes a new user over three days.")
        .tags("growth")
        .onEvent(USER_CREATED)
        .handler(
            (ctx, user) -> {
              ctx.step("welcome", String.class, () -> "mail 8812 to " + user.email());
              ctx.sleep("wait-1-day", ofDays(1));
              ctx.step("tips", Mail.class, () -> new Mail(8_813, "b"));
              var login = ctx.waitForEvent("login", LOGIN, "" + user.id(), ofDays(3));
              if (login.isEmpty()) {
                ctx.step("re-engage", () -> {});
              }
            });
  }

  private Job<Order> prices() {
    return Job.named("fulfil-order", Order.class)
        .title("Fulfil order")
        .description("Reserves stock, charges the customer, and books the parcel.")
        .tags("orders")
        .onEvent(ORDER_PLACED)
        .retry(RetryPolicy.exponential(ofSeconds(30)).withMaxAttempts(4))
        .handler(
            (ctx, order) -> {
              ctx.step("reserve", Integer.class, () -> order.items().size());
              work();
              ctx.step(
                  "charge",
                  String.class,
                  () -> {
                    if (order.id().endsWith("7") && ctx.attempt() < 3) {
                      throw new IOException("payment gateway: connection reset by peer");
                    }
                    return "ch_3NqX" + order.id();
                  });
              work();
              ctx.step(
                  "book-parcel",
                  Parcel.class,
                  () -> new Parcel("DHL", "00340434" + order.id(), "t-19ab"));
              ctx.note("parcel", "00340434" + order.id());
            });
  }

  private Job<Void> search() {
    return Job.named("rebuild-search")
        .title("Rebuild search index")
        .description("Reads all products and writes a new index beside the old one.")
        .tags("search")
        .queue("heavy")
        .timeout(ofMinutes(30))
        .retry(RetryPolicy.none())
        .schedule("rebuild-search-weekly", Schedule.cron("0 4 * * 1", BERLIN), null)
        .handler(
            ctx -> {
              ctx.progress(42_180, 96_400);
              ctx.log("segment 17 of 39 written");
              work();
            });
  }

  private Job<Void> purge() {
    return Job.named("purge-sessions")
        .title("Purge sessions")
        .tags("housekeeping")
        .schedule(Schedule.cron("*/30 * * * *", ZoneId.of("UTC")))
        .handler(ctx -> ctx.items(random.nextInt(80), 0));
  }

  private World build() {
    Job<Invoice> invoices = sendInvoice();
    Job<Void> search = search();
    World made =
        new World(START, invoices, report(), inventory(), onboarding(), prices(), search, purge());
    world.set(made);
    made.time.enqueue(search);
    go(ofMinutes(40)); // past its timeout
    for (int i = 1; i <= 40; i++) {
      String customer = List.of("Adler & Co", "Brandt KG", "Marlow Ltd", "Novak").get(i % 4);
      if (i % 3 == 0) {
        made.time.enqueue(invoices, invoice(i, customer));
      }
      if (i % 7 == 0) {
        made.time.send(USER_CREATED, new User(i, "Ida " + i, "ida" + i + "@mail.example"));
      }
      if (i % 5 == 0) {
        made.time.send(ORDER_PLACED, new Order("1000" + (i + 2), List.of("mug", "poster")));
      }
      go(ofMinutes(45));
    }
    for (int i = 0; i < 3; i++) {
      made.time.enqueue(invoices, invoice(60 + i, "Marlow Ltd"));
    }
    go(ofMinutes(6));
    last(made, invoices, search);
    return made;
  }

  private static Invoice invoice(int i, String customer) {
    return new Invoice(
        "2026-" + (4_000 + i), customer, "office@" + i + ".example", 119.5 + i, "sk_live_" + i);
  }

  /** What is going on when somebody looks. */
  private void last(World made, Job<Invoice> invoices, Job<Void> search) {
    Operations operations = made.operations();
    SchedulerClient other =
        SchedulerClient.of(
            made.time.store(),
            made.context().host(),
            Job.named("send-invoice", String.class).handler((ctx, text) -> {}));
    other.enqueue(Job.named("send-invoice", String.class).handler((ctx, text) -> {}), "not one");
    made.time.enqueue(invoices, invoice(71, "Novak"));
    var cancelled = made.time.enqueue(invoices, invoice(72, "Novak"));
    operations.runs().cancel(World.ADA, cancelled.id(), "sent by hand");
    operations.schedules().pause(World.ADA, "purge-sessions");
    operations.schedules().change(World.ADA, "sync-inventory", "*/20 * * * *", Optional.of("UTC"));
    made.time.runDue();
    made.time.enqueue(search);
    made.time.runDue();
    made.time.advance(ofMinutes(3));
    operations.pause(World.ADA, Target.job("fulfil-order"));
    made.time.send(ORDER_PLACED, new Order("200001", List.of("lamp")));
    made.time.runDue();
    made.time.advance(ofSeconds(100));
  }

  /** Lets time pass, in which whoever works takes some seconds each. */
  private void go(Duration time) {
    World made = world.get();
    Instant end = made.time.now().plus(time);
    while (made.time.now().isBefore(end)) {
      made.time.advance(ofSeconds(20 + random.nextInt(90)));
      if (made.time.now().isAfter(START.plus(ofMinutes(35)))) {
        made.time.time().resumeAll();
      }
      made.time.runDue();
    }
  }
}
