// SPDX-License-Identifier: Apache-2.0
package dev.belfry.examples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.belfry.examples.ChildJvm;
import dev.belfry.examples.quickstart.Logs.Table;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class QuickstartTest {
  @TempDir Path folder;

  @Test
  void run_cleansUpSendsMailsAndReports() throws Exception {
    var server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    server.start();
    var printed = new ByteArrayOutputStream();
    try (var out = new PrintStream(printed, true, UTF_8)) {
      String smtp = "127.0.0.1:" + server.getSmtp().getPort();
      new Quickstart(Options.parse("--data", folder.toString(), "--smtp", smtp), out).run();

      assertThat(recipientsAndSubjects(server))
          .containsExactlyInAnyOrder(
              "customer-1@example.com: Welcome",
              "customer-2@example.com: Welcome",
              "customer-3@example.com: Welcome",
              "customer-1@example.com: Your week");
    } finally {
      server.stop();
    }

    assertThat(steady(printed.toString(UTF_8)))
        .isEqualTo(
            """
            Filled audit_logs with 6000 rows and system_logs with 2400, of the last 120 days.
            Starting the clean-up by hand, in addition to its nightly runs.
            The clean-up ended COMPLETED, deleted 2100 rows.
            Enqueued the weekly digest.
            Did not enqueue the weekly digest again: run (id) has its key.
            Mails are sent.
            Rows older than 90 days: 0 in audit_logs, 0 in system_logs.

            Log of the last clean-up
             +(t) deleted 1500 rows of audit_logs
             +(t) deleted 600 rows of system_logs

            History, newest run first
             JOB ATTEMPT EVENT STARTED (UTC) RAN ITEMS DETAIL
             send-email 1 COMPLETED (at) (t) 0
             send-email 1 COMPLETED (at) (t) 0
             send-email 1 COMPLETED (at) (t) 0
             send-email 1 COMPLETED (at) (t) 0
             audit-log-cleanup 1 COMPLETED (at) (t) 2100

            Statistics
             JOB ENDED COMPLETED FAILED SUCCESS MEAN LONGEST NEXT
             audit-log-cleanup 1 1 0 100 % (t) (t) (at)
             send-email 4 4 0 100 % (t) (t) -
            """);
    try (var database = Logs.open(folder)) {
      var logs = new Logs(database);
      Instant future = Instant.now().plusSeconds(60);
      assertThat(logs.count(Table.AUDIT, future)).isEqualTo(4_500);
      assertThat(logs.count(Table.SYSTEM, future)).as("with one line of its own").isEqualTo(1_801);
    }
  }

  @Test
  void start_afterACrash_takesTheRunOverAndFinishesIt() throws Exception {
    String data = folder.resolve("data").toString();

    ChildJvm crashed = ChildJvm.run(folder, Quickstart.class, "--data", data, "--crash");
    ChildJvm next = ChildJvm.run(folder, Quickstart.class, "--data", data);

    assertThat(crashed.printed())
        .containsExactly(
            "Filled audit_logs with 6000 rows and system_logs with 2400, of the last 120 days.",
            "Starting the clean-up by hand, in addition to its nightly runs.",
            "Killing this JVM in the middle of the clean-up. Start again to see it go on.");
    assertThat(crashed.exitCode()).isEqualTo(137);
    assertThat(steady(String.join("\n", next.printed())))
        .startsWith(
            """
            Taking over run (id) of audit-log-cleanup, left by the last start.
            Finished it: COMPLETED, 1500 rows were left.
            """)
        .contains(
            """
            Rows older than 90 days: 0 in audit_logs, 0 in system_logs.

            Log of the last clean-up
             +(t) attempt 2 goes on with what the one before left
             +(t) deleted 900 rows of audit_logs
             +(t) deleted 600 rows of system_logs
            """)
        .contains(
            """
             audit-log-cleanup 1 LOST (at) (t) 0 the node that held it died
             audit-log-cleanup 2 COMPLETED (at) (t) 1500
            """)
        .endsWith("\nThe mail server of this example got 4 mails.");
    assertThat(next.exitCode()).isZero();
  }

  @Test
  void main_withAWrongOption_saysSoAndShowsTheOptions() throws Exception {
    ChildJvm wrong = ChildJvm.run(folder, Quickstart.class, "--dta");

    assertThat(wrong.output().strip())
        .isEqualTo("unknown option \"--dta\"\n\n" + Options.HELP.strip());
    assertThat(wrong.exitCode()).isEqualTo(2);
  }

  @Test
  void main_whileAnotherProcessHasTheDatabase_saysSo() throws Exception {
    try (var database = Logs.open(folder)) {
      ChildJvm second = ChildJvm.run(folder, Quickstart.class, "--data", folder.toString());

      assertThat(second.output().replaceAll("\".*\"", "(file)").strip())
          .isEqualTo(
              "The database can't be opened. Database may be already in use: (file). Possible"
                  + " solutions: close all other connection(s); use the server mode [90020-240]");
      assertThat(second.exitCode()).isEqualTo(1);
      assertThat(database.isClosed()).isFalse();
    }
  }

  /** What differs from start to start is replaced, and the padding of tables with it. */
  private static String steady(String text) {
    return text.replace("\r", "")
        .replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "(id)")
        .replaceAll("\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\dZ?", "(at)")
        .replaceAll("\\d+\\.\\d{3} ?s", "(t)")
        .replaceAll(" +", " ");
  }

  private static List<String> recipientsAndSubjects(GreenMail server) throws Exception {
    var found = new ArrayList<String>();
    for (var message : server.getReceivedMessages()) {
      found.add(message.getAllRecipients()[0] + ": " + message.getSubject());
    }
    return found;
  }
}
