// SPDX-License-Identifier: Apache-2.0
package dev.belfry.examples.docs;

import static java.time.DayOfWeek.FRIDAY;
import static java.time.DayOfWeek.MONDAY;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.belfry.EnqueueOptions;
import dev.belfry.Job;
import dev.belfry.JobStatistics;
import dev.belfry.LedgerFormat;
import dev.belfry.ResultJob;
import dev.belfry.RunHandle;
import dev.belfry.ScheduleSpec;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerClient;
import dev.belfry.SchedulerEvent;
import dev.belfry.Schedules;
import dev.belfry.jdbc.JdbcJobStore;
import dev.belfry.retry.NonRetryableException;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.retry.SnoozeException;
import dev.belfry.run.LedgerCursor;
import dev.belfry.run.LedgerQuery;
import dev.belfry.run.Page;
import dev.belfry.run.Pass;
import dev.belfry.run.Run;
import dev.belfry.run.RunQuery;
import dev.belfry.run.Status;
import dev.belfry.run.Target;
import dev.belfry.run.TypeRef;
import dev.belfry.run.Unique;
import dev.belfry.schedule.CatchUp;
import dev.belfry.schedule.CronDialect;
import dev.belfry.schedule.CronError;
import dev.belfry.schedule.CronExpression;
import dev.belfry.schedule.CronParseResult;
import dev.belfry.schedule.Exclusion;
import dev.belfry.schedule.Overlap;
import dev.belfry.schedule.PlannedTick;
import dev.belfry.schedule.Schedule;
import dev.belfry.store.JobStore;
import dev.belfry.testkit.VirtualTime;
import java.io.Writer;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The code of README and guide, run. */
@Timeout(60)
class GuideTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  record Email(String to, String subject) {}

  record Order(String id, long cents) {}

  private final List<String> done = new ArrayList<>();
  private final Mailer mailer = (email, key) -> done.add(email.to());
  private final Audit audit = limit -> 7;
  private final Gateway gateway = order -> "paid " + order.cents();

  interface Mailer {
    void send(Email email, String key);
  }

  interface Audit {
    int deleteOlderThan(Duration limit);
  }

  interface Ledger {
    String book(Connection connection, Order order) throws SQLException;
  }

  interface Gateway {
    String charge(Order order);
  }

  @Test
  void aRealJob() throws Exception {
    Job<Email> sendEmail =
        Job.named("send-email", Email.class)
            .retry(RetryPolicy.exponential(Duration.ofSeconds(2)).withMaxAttempts(5))
            .timeout(Duration.ofSeconds(30))
            .handler((ctx, email) -> mailer.send(email, ctx.idempotencyKey()));

    Job<Void> cleanup =
        Job.named("audit-log-cleanup")
            .schedule(Schedule.cron("0 3 * * *", ZoneId.of("Europe/Berlin")))
            .handler(ctx -> ctx.items(audit.deleteOlderThan(Duration.ofDays(90)), 0));

    try (Scheduler scheduler = Scheduler.builder().register(sendEmail, cleanup).start()) {
      scheduler.enqueue(sendEmail, new Email("a@example.com", "Hello")).await(SOON);
      Run run = scheduler.schedules().trigger("audit-log-cleanup", "me").await(SOON).orElseThrow();

      assertThat(done).containsExactly("a@example.com");
      assertThat(run.counters().succeeded()).isEqualTo(7);
    }
  }

  @Test
  void jobsAndInputs() throws Exception {
    ResultJob<Order, String> charge =
        Job.named("charge", Order.class)
            .title("Charge an order")
            .tags("billing")
            .queue("payments")
            .priority(2)
            .returning(String.class, (ctx, order) -> gateway.charge(order));

    Job<List<Order>> ship =
        Job.named("ship", new TypeRef<List<Order>>() {})
            .handler((ctx, orders) -> ctx.items(orders.size(), 0));

    try (Scheduler scheduler =
        Scheduler.builder().workers(10).queue("payments", 2).register(charge, ship).start()) {
      String receipt = scheduler.enqueue(charge, new Order("o-1", 4200)).result(SOON);
      scheduler.enqueue(ship, List.of(new Order("o-1", 4200)));
      scheduler.awaitIdle(SOON);

      assertThat(receipt).isEqualTo("paid 4200");
      Run shipped = scheduler.runs(RunQuery.ofJob("ship")).items().get(0);
      assertThat(shipped.counters().succeeded()).isEqualTo(1);
    }
  }

  @Test
  void ledger(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("ledger.tsv");
    Job<Void> report = Job.named("report").handler(ctx -> {});
    try (Scheduler scheduler = Scheduler.builder().register(report).start()) {
      scheduler.enqueue(report).await(SOON);

      Optional<LedgerCursor> end;
      try (Writer out = Files.newBufferedWriter(file)) {
        end = scheduler.exportLedger(LedgerQuery.all(), LedgerFormat.TSV, out);
      }
      LedgerQuery next = end.map(LedgerQuery.all()::after).orElse(LedgerQuery.all());

      assertThat(Files.readString(file)).startsWith("run\tfence\tjob\tkey\t");
      assertThat(next).isEqualTo(LedgerQuery.all()); // the run has just ended
      var text = new StringBuilder();
      scheduler.exportLedger(next.withLatest(), LedgerFormat.JSON_LINES, text);
      assertThat(text.toString()).contains("\"job\":\"report\"").hasLineCount(1);
    }
  }

  @Test
  void schedules() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    List<Schedule> examples =
        List.of(
            Schedule.cron("0 3 * * *"), // UTC, whatever the machine's zone
            Schedule.cron("30 2 * * *", berlin),
            Schedule.daily(LocalTime.of(2, 30), berlin), // equals the one above
            Schedule.weekly(Set.of(MONDAY, FRIDAY), LocalTime.of(9, 0), berlin),
            Schedule.monthly(31, LocalTime.MIDNIGHT, berlin), // in shorter months on the last day
            Schedule.every(Duration.ofMinutes(5)), // on the clock: :00, :05, :10
            Schedule.afterCompletion(Duration.ofMinutes(1)), // from the end of the last run
            Schedule.at(Instant.parse("2027-01-01T00:00:00Z")));

    assertThat(examples.get(1)).isEqualTo(examples.get(2));
    assertThat(examples)
        .extracting(Schedule::describe)
        .containsExactly(
            "at 03:00 UTC every day",
            "at 02:30 Europe/Berlin every day",
            "at 02:30 Europe/Berlin every day",
            "at 09:00 Europe/Berlin on Monday and Friday",
            "at 00:00 Europe/Berlin on day 31 of each month or on the last if it is shorter",
            "every 5 minutes",
            "1 minute after the end of the last run",
            "once, at 2027-01-01T00:00:00Z");
  }

  @Test
  void daylightSavingTime() {
    Schedule nightly = Schedule.cron("30 2 * * *", ZoneId.of("Europe/Berlin"));

    // On 2026-03-29 the clock leaps from 2:00 to 3:00: one run, at 3:00 (01:00 UTC).
    // On 2026-10-25 it shows 2:30 twice: one run, at the first 2:30 (00:30 UTC).
    List<PlannedTick> spring = nightly.preview(2, Instant.parse("2026-03-28T12:00:00Z"));
    List<PlannedTick> autumn = nightly.preview(2, Instant.parse("2026-10-24T12:00:00Z"));

    assertThat(spring)
        .extracting(PlannedTick::at)
        .containsExactly(
            Instant.parse("2026-03-29T01:00:00Z"), Instant.parse("2026-03-30T00:30:00Z"));
    assertThat(autumn)
        .extracting(PlannedTick::at)
        .containsExactly(
            Instant.parse("2026-10-25T00:30:00Z"), Instant.parse("2026-10-26T01:30:00Z"));
  }

  @Test
  void cronExpressions() {
    ZonedDateTime noon = ZonedDateTime.of(2026, 3, 28, 12, 0, 0, 0, ZoneId.of("Europe/Berlin"));

    CronExpression payday = CronExpression.parse("0 0 9 LW * *", CronDialect.SPRING);
    String words = payday.describe(); // at 09:00 on the last weekday of the month
    Optional<ZonedDateTime> next = payday.next(noon); // 2026-03-31T09:00+02:00[Europe/Berlin]
    CronExpression same = payday.to(CronDialect.QUARTZ); // 0 0 9 LW * ?
    CronParseResult typed = CronExpression.tryParse("0 9 * * 1-5", CronDialect.SPRING);
    String wrong = typed.error().map(CronError::message).orElse("");

    assertThat(words).isEqualTo("at 09:00 on the last weekday of the month");
    assertThat(next).map(ZonedDateTime::toString).contains("2026-03-31T09:00+02:00[Europe/Berlin]");
    assertThat(same).isEqualTo(payday).hasToString("0 0 9 LW * ?");
    assertThat(wrong)
        .isEqualTo(
            "bad cron \"0 9 * * 1-5\": 6 fields expected (second, minute, hour, day of month,"
                + " month, day of week), was 5; did you mean the UNIX dialect?");
  }

  @Test
  void preview() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    Schedule nightly = Schedule.daily(LocalTime.of(2, 30), berlin);

    nightly.preview(2, Instant.parse("2026-03-28T12:00:00Z")).forEach(System.out::println);
    // 2026-03-29T01:00:00Z: 02:30 is left out on 2026-03-29 in Europe/Berlin; the clock goes on...
    // 2026-03-30T00:30:00Z: 02:30 on 2026-03-30 in Europe/Berlin

    assertThat(nightly.preview(2, Instant.parse("2026-03-28T12:00:00Z")))
        .extracting(PlannedTick::toString)
        .containsExactly(
            "2026-03-29T01:00:00Z: 02:30 is left out on 2026-03-29 in Europe/Berlin; the clock goes"
                + " on at 03:00",
            "2026-03-30T00:30:00Z: 02:30 on 2026-03-30 in Europe/Berlin");
  }

  @Test
  void someDatesAndSpreadLoad() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    Set<LocalDate> holidays = Set.of(LocalDate.of(2026, 5, 1));

    Schedule payroll =
        Schedule.cron("0 6 * * 5", berlin)
            .everyWeeks(2, LocalDate.of(2026, 1, 2)) // the weeks of this date, and every other one
            .except(Exclusion.weekends())
            .except(Exclusion.named("holidays", holidays::contains));
    Schedule sync = Schedule.spread("H H(1-5) * * *", "customer-42", berlin); // cron 24 1 * * *
    Schedule report = Schedule.daily(LocalTime.of(6, 0)).withJitter(Duration.ofMinutes(10));

    assertThat(payroll)
        .hasToString(
            "cron 0 6 * * 5 Europe/Berlin; every 2 weeks from 2025-12-29; except weekends; except"
                + " named holidays");
    assertThat(sync).hasToString("cron 24 1 * * * Europe/Berlin");
    assertThat(report).hasToString("cron 0 6 * * * UTC; jitter PT10M");
  }

  @Test
  void missedAndOverlappingTicks() {
    Schedule invoices =
        Schedule.cron("0 6 1 * *")
            .withCatchUp(CatchUp.all(12, Duration.ofDays(366)))
            .withOverlap(Overlap.QUEUE);

    assertThat(invoices).hasToString("cron 0 6 1 * * UTC; catch-up all 12 PT8784H; overlap queue");
  }

  @Test
  void retry() {
    RetryPolicy policy =
        RetryPolicy.exponential(Duration.ofSeconds(10))
            .withMaxAttempts(4) // the first one included
            .withMaxDelay(Duration.ofMinutes(10))
            .failOn(IllegalArgumentException.class)
            .discardOn(InterruptedException.class)
            .pauseJobOn(SecurityException.class);

    List<Duration> waits = policy.plan(10, 42); // computed, nothing runs

    assertThat(waits).hasSize(3);
  }

  @Test
  void steeringFromTheHandler() throws Exception {
    Job<Order> settle =
        Job.named("settle", Order.class)
            .handler(
                (ctx, order) -> {
                  if (order.cents() < 0) {
                    throw new NonRetryableException("negative: " + order.cents());
                  }
                  if (order.cents() == 0) {
                    throw new SnoozeException("no amount yet", Duration.ofMinutes(5));
                  }
                  ctx.note("receipt", gateway.charge(order));
                  ctx.log("charged " + order.id());
                  ctx.items(1, 0);
                });

    try (Scheduler scheduler = Scheduler.builder().register(settle).start()) {
      RunHandle good = scheduler.enqueue(settle, new Order("o-1", 10));
      RunHandle bad = scheduler.enqueue(settle, new Order("o-2", -1));
      RunHandle early = scheduler.enqueue(settle, new Order("o-3", 0));
      scheduler.awaitIdle(SOON);

      assertThat(scheduler.run(good.id()).orElseThrow().notes())
          .containsEntry("receipt", "paid 10");
      assertThat(scheduler.run(bad.id()).orElseThrow().status()).isEqualTo(Status.FAILED);
      assertThat(scheduler.passes(early.id()))
          .extracting(Pass::event)
          .containsExactly(Pass.Event.SNOOZED);
    }
  }

  @Test
  void enqueueing() throws Exception {
    Job<Email> sendEmail =
        Job.named("send-email", Email.class)
            .handler((ctx, email) -> mailer.send(email, ctx.idempotencyKey()));
    Email email = new Email("a@example.com", "Your week");
    try (Scheduler scheduler = Scheduler.builder().workers(1).register(sendEmail).start()) {
      scheduler.enqueue(sendEmail, email);
      scheduler.enqueue(sendEmail, email, EnqueueOptions.after(Duration.ofMinutes(10)));
      scheduler.enqueue(sendEmail, email, EnqueueOptions.now().withPriority(3).withTags("vip"));
      scheduler.enqueueAll(sendEmail, List.of(email, email));
      RunHandle digest =
          scheduler.enqueue(
              sendEmail,
              email,
              EnqueueOptions.now().withUnique(Unique.within(Duration.ofDays(7), email.to())));

      Optional<Run> ended = digest.await(Duration.ofSeconds(20));

      assertThat(digest.created()).isTrue();
      assertThat(ended).map(Run::status).contains(Status.COMPLETED);
    }
  }

  @Test
  void enqueueingInATransaction() throws Exception {
    Job<Email> sendEmail =
        Job.named("send-email", Email.class)
            .handler((ctx, email) -> mailer.send(email, ctx.idempotencyKey()));
    Email email = new Email("a@example.com", "Your order");
    try (var database = new HikariDataSource()) {
      database.setJdbcUrl("jdbc:h2:mem:guide");
      var store = JdbcJobStore.using(database);
      try (Scheduler scheduler = Scheduler.builder().store(store).register(sendEmail).start()) {
        try (Connection connection = database.getConnection()) {
          connection.setAutoCommit(false);
          // ... your own rows
          RunHandle handle = store.within(connection).enqueue(sendEmail, email);
          connection.commit(); // both, or neither
          scheduler.wake(); // look for it at once, not at the next poll

          Optional<Run> before = scheduler.run(handle.id());
          assertThat(before).isPresent();
        }
        try (Connection connection = database.getConnection()) {
          connection.setAutoCommit(false);
          RunHandle handle = store.within(connection).enqueue(sendEmail, email);
          connection.rollback();

          assertThat(scheduler.run(handle.id())).isEmpty();
        }
      }
    }
  }

  @Test
  void transactionsOfHandlers() throws Exception {
    Job<Email> sendEmail =
        Job.named("send-email", Email.class)
            .handler((ctx, email) -> mailer.send(email, ctx.idempotencyKey()));
    Ledger ledger =
        (connection, order) -> {
          try (var statement = connection.createStatement()) {
            statement.executeUpdate("insert into ledger values (" + order.cents() + ")");
          }
          return "b-" + order.id();
        };
    var email = new Email("a@example.com", "Your receipt");
    try (var database = new HikariDataSource()) {
      database.setJdbcUrl("jdbc:h2:mem:bookings");
      try (Connection connection = database.getConnection();
          var statement = connection.createStatement()) {
        statement.execute("create table ledger (cents bigint)");
      }
      var store = JdbcJobStore.using(database);
      Job<Order> book =
          Job.named("book", Order.class)
              .handler(
                  (ctx, order) -> {
                    String number =
                        ctx.transaction(
                            "book",
                            String.class,
                            Connection.class,
                            connection -> {
                              store.within(connection).enqueue(sendEmail, email); // in it, too
                              return ledger.book(connection, order);
                            });
                    ctx.note("booking", number);
                  });
      try (Scheduler scheduler =
          Scheduler.builder().store(store).register(book, sendEmail).start()) {
        Run run = scheduler.enqueue(book, new Order("o-1", 4200)).await(SOON).orElseThrow();
        scheduler.awaitIdle(SOON);

        assertThat(run.notes()).containsEntry("booking", "b-o-1");
        assertThat(done).containsExactly("a@example.com");
      }
    }
  }

  @Test
  void operating() throws Exception {
    Job<Void> report = Job.named("report").handler(ctx -> ctx.log("done"));
    try (Scheduler scheduler = Scheduler.builder().register(report).start()) {
      Schedules schedules = scheduler.schedules();
      schedules.create(ScheduleSpec.of("report-p1", report, Schedule.daily(LocalTime.of(9, 0))));
      schedules.change("report-p1", Schedule.daily(LocalTime.of(14, 0)));
      schedules.pause("report-p1");
      schedules.resume("report-p1");
      RunHandle now = schedules.trigger("report-p1", "user-7");
      now.await(SOON);

      scheduler.pause(Target.job("report"), "user-7");
      RunHandle later = scheduler.enqueue(report);
      String why = scheduler.explain(later.id()); // ... waits: job report is paused
      scheduler.cancel(later.id(), "not needed");
      scheduler.resume(Target.job("report"), "user-7");

      later.await(SOON);
      RunHandle again = scheduler.retry(now.id(), "user-7");
      again.await(SOON);

      List<Run> failed = scheduler.runs(RunQuery.ofJob("report").in(Status.FAILED)).items();
      List<Pass> passes = scheduler.passes(now.id());
      JobStatistics statistics = scheduler.statistics(report);

      RunQuery refused = RunQuery.ofJob("report").failingWith("Connection refused");
      Page<Run> page = scheduler.runs(refused.limit(50));
      Page<Run> ofCustomer = scheduler.runs(RunQuery.all().keyed("customer-7").tagged("vip"));

      assertThat(page.items()).isEmpty();
      assertThat(ofCustomer.more()).isFalse();
      assertThat(why).endsWith("and waits: job report is paused");
      assertThat(failed).isEmpty();
      assertThat(passes).singleElement().extracting(Pass::event).isEqualTo(Pass.Event.COMPLETED);
      assertThat(statistics.completed()).isEqualTo(2);
      assertThat(statistics.cancelled()).isEqualTo(1);
    }
  }

  @Test
  void clientWithoutAScheduler() throws Exception {
    Job<Email> sendEmail =
        Job.named("send-email", Email.class)
            .handler((ctx, email) -> mailer.send(email, ctx.idempotencyKey()));
    JobStore store = JobStore.inMemory();

    SchedulerClient client = SchedulerClient.of(store, sendEmail); // no threads, no lease
    RunHandle handle = client.enqueue(sendEmail, new Email("a@example.com", "Hello"));

    try (Scheduler scheduler = Scheduler.builder().store(store).register(sendEmail).start()) {
      scheduler.awaitIdle(SOON);
      assertThat(client.run(handle.id())).map(Run::status).contains(Status.COMPLETED);
    }
  }

  @Test
  void listening() throws Exception {
    Job<Void> flaky =
        Job.named("flaky")
            .retry(RetryPolicy.none())
            .handler(
                ctx -> {
                  throw new ConnectException("refused");
                });
    var heard = new LinkedBlockingQueue<String>();
    try (Scheduler scheduler =
        Scheduler.builder()
            .register(flaky)
            .onRunEnded(ended -> heard.add(ended.job() + " " + ended.status()))
            .listener(
                event -> {
                  if (event instanceof SchedulerEvent.StoreLost lost) {
                    heard.add("the store is gone: " + lost.cause());
                  }
                })
            .start()) {
      scheduler.enqueue(flaky);

      assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("flaky FAILED");
    }
  }

  @Test
  void testing() {
    Job<Void> nightly =
        Job.named("nightly")
            .schedule(Schedule.cron("30 2 * * *", ZoneId.of("Europe/Berlin")))
            .handler(ctx -> done.add(ctx.dueAt().toString()));

    VirtualTime time = VirtualTime.from(Instant.parse("2026-03-28T12:00:00Z"), 42);
    Scheduler scheduler =
        Scheduler.builder()
            .store(JobStore.inMemory(time.clock()))
            .host(time.newHost())
            .register(nightly)
            .start();
    time.advance(Duration.ofDays(2)); // takes milliseconds

    assertThat(done).containsExactly("2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z");
    assertThat(scheduler.statistics(nightly).completed()).isEqualTo(2);
  }
}
