// SPDX-License-Identifier: Apache-2.0
package dev.belfry.examples.quickstart;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import dev.belfry.EnqueueOptions;
import dev.belfry.Job;
import dev.belfry.Plugin;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerClient;
import dev.belfry.admin.Admin;
import dev.belfry.examples.quickstart.Logs.Table;
import dev.belfry.examples.quickstart.Options.SmtpServer;
import dev.belfry.jdbc.JdbcJobStore;
import dev.belfry.run.Run;
import dev.belfry.run.RunQuery;
import dev.belfry.run.Status;
import dev.belfry.run.Unique;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A small application with two jobs: a clean-up of its log tables, every night and once at the
 * start, and a queue of mails. Its database is one H2 file, which holds Belfry's tables too.
 */
public final class Quickstart {
  private static final int AUDIT_ROWS = 6_000;
  private static final int SYSTEM_ROWS = 2_400;
  private static final int CRASH_AFTER_BATCHES = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Options options;
  private final PrintStream out;
  private final AtomicInteger batches = new AtomicInteger();

  Quickstart(Options options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  /** Runs the example; {@code --help} lists the options. */
  public static void main(String[] args) throws SQLException, InterruptedException {
    Options options;
    try {
      options = Options.parse(args);
    } catch (IllegalArgumentException wrong) {
      System.err.println(wrong.getMessage() + "\n\n" + Options.HELP);
      System.exit(2);
      return;
    }
    if (options.help()) {
      System.out.println(Options.HELP);
    } else {
      try {
        new Quickstart(options, System.out).run();
      } catch (HikariPool.PoolInitializationException closed) {
        System.err.println("The database can't be opened. " + closed.getCause().getMessage());
        System.exit(1);
      }
    }
  }

  void run() throws SQLException, InterruptedException {
    if (options.smtp().isPresent()) {
      run(options.smtp().get());
      return;
    }
    var server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    server.start();
    try {
      run(new SmtpServer("127.0.0.1", server.getSmtp().getPort()));
      out.println("\nThe mail server of this example got " + received(server) + " mails.");
    } finally {
      server.stop();
    }
  }

  private static int received(GreenMail server) {
    return server.getReceivedMessages().length;
  }

  private void run(SmtpServer smtp) throws SQLException, InterruptedException {
    try (HikariDataSource database = Logs.open(options.data())) {
      var logs = new Logs(database);
      fill(logs);
      Job<Void> cleanup = new AuditCleanup(logs, this::afterBatch).job();
      Job<Email> email = new Mailer(smtp).job();
      try (JdbcJobStore store = JdbcJobStore.using(database)) {
        List<Run> left = left(SchedulerClient.of(store, cleanup, email));
        var leftToEnd = new CountDownLatch(left.size());
        try (Scheduler scheduler =
            Scheduler.builder()
                .name("quickstart")
                .store(store)
                .register(cleanup, email)
                .with(plugins())
                .onRunEnded(
                    ended -> {
                      if (left.stream().anyMatch(run -> run.id().equals(ended.run()))) {
                        leftToEnd.countDown();
                      }
                    })
                .start()) {
          if (!left.isEmpty()) {
            takeOver(scheduler, left, leftToEnd);
          } else {
            cleanUp(scheduler);
          }
          sendMails(scheduler, email);
          report(scheduler, logs, cleanup, email);
          if (options.stay()) {
            out.println(
                "\nThe clean-up runs every night at 3:00 UTC. The address of the dashboard is in the"
                    + " log above. Ctrl-C ends this.");
            scheduler.closeOnShutdown().awaitShutdown();
          }
        }
      }
    }
  }

  /** Who stays has time to look: the dashboard is for this machine alone. */
  private Plugin[] plugins() {
    return options.stay() ? new Plugin[] {Admin.local()} : new Plugin[0];
  }

  private void fill(Logs logs) throws SQLException {
    Instant now = Instant.now();
    boolean created = logs.create();
    boolean nothingToCrashIn =
        options.crash() && logs.count(Table.AUDIT, now.minus(AuditCleanup.KEPT)) == 0;
    if (created || nothingToCrashIn) {
      logs.fill(Table.AUDIT, now, AUDIT_ROWS);
      logs.fill(Table.SYSTEM, now, SYSTEM_ROWS);
      out.println(
          "Filled audit_logs with "
              + AUDIT_ROWS
              + " rows and system_logs with "
              + SYSTEM_ROWS
              + ", of the last 120 days.");
    }
  }

  /** Counts the batches that were committed; with {@code --crash} the third one is the last. */
  private void afterBatch() {
    if (options.crash() && batches.incrementAndGet() == CRASH_AFTER_BATCHES) {
      out.println("Killing this JVM in the middle of the clean-up. Start again to see it go on.");
      out.flush();
      Runtime.getRuntime().halt(137); // as kill -9: no handler, hook or finally block runs
    }
  }

  /** Returns the runs that the last start left behind when it was killed. */
  private static List<Run> left(SchedulerClient client) {
    return client.runs(RunQuery.all().in(Status.RUNNING, Status.SCHEDULED)).items();
  }

  private void takeOver(Scheduler scheduler, List<Run> left, CountDownLatch leftToEnd)
      throws InterruptedException {
    for (Run run : left) {
      out.println("Taking over run " + run.id() + " of " + run.job() + ", left by the last start.");
    }
    if (!leftToEnd.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("what the last start left has not ended in " + PATIENCE);
    }
    for (Run run : left) {
      Run ended = scheduler.run(run.id()).orElseThrow();
      out.println("Finished it: " + ended.status() + ", " + items(ended) + " were left.");
    }
  }

  private static String items(Run run) {
    return run.counters().processed() + " rows";
  }

  private void cleanUp(Scheduler scheduler) throws InterruptedException {
    out.println("Starting the clean-up by hand, in addition to its nightly runs.");
    RunHandle handle = scheduler.schedules().trigger("audit-log-cleanup", "quickstart");
    Run run = awaitEnd(handle);
    out.println("The clean-up ended " + run.status() + ", deleted " + items(run) + ".");
  }

  private void sendMails(Scheduler scheduler, Job<Email> email) throws InterruptedException {
    var mails = new ArrayList<Email>();
    for (int customer = 1; customer <= 3; customer++) {
      mails.add(
          new Email("customer-" + customer + "@example.com", "Welcome", "<p>Good to see you.</p>"));
    }
    List<RunHandle> handles = new ArrayList<>(scheduler.enqueueAll(email, mails));
    for (int times = 1; times <= 2; times++) { // the second time by mistake
      RunHandle digest =
          scheduler.enqueue(
              email,
              new Email("customer-1@example.com", "Your week", "<p>All is well.</p>"),
              EnqueueOptions.now()
                  .withUnique(Unique.within(Duration.ofDays(1), "digest:customer-1")));
      out.println(
          digest.created()
              ? "Enqueued the weekly digest."
              : "Did not enqueue the weekly digest again: run " + digest.id() + " has its key.");
      handles.add(digest);
    }
    for (RunHandle handle : handles) {
      awaitEnd(handle);
    }
    out.println("Mails are sent.");
  }

  private static Run awaitEnd(RunHandle handle) throws InterruptedException {
    return handle
        .await(PATIENCE)
        .orElseThrow(
            () ->
                new IllegalStateException("run " + handle.id() + " has not ended in " + PATIENCE));
  }

  private void report(Scheduler scheduler, Logs logs, Job<?> cleanup, Job<?> email)
      throws SQLException {
    Instant limit = Instant.now().minus(AuditCleanup.KEPT);
    out.println(
        "Rows older than 90 days: "
            + logs.count(Table.AUDIT, limit)
            + " in audit_logs, "
            + logs.count(Table.SYSTEM, limit)
            + " in system_logs.");
    out.println("\nLog of the last clean-up");
    out.print(Report.log(scheduler, cleanup));
    out.println("\nHistory, newest run first");
    out.print(Report.history(scheduler));
    out.println("\nStatistics");
    out.print(Report.statistics(scheduler, cleanup, email));
  }
}
