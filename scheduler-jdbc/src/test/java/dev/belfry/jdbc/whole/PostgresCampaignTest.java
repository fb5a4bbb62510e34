// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.jdbc.whole.Campaign.Setting;
import dev.belfry.run.Pass;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * What is done to nodes and to a PostgreSQL server costs time and nothing else. Short by default;
 * {@code -Dbelfry.campaign=long} takes about twelve minutes.
 */
@Execution(ExecutionMode.CONCURRENT) // with other classes; one server, so one campaign at a time
@ResourceLock("own PostgreSQL")
class PostgresCampaignTest {
  private static final String SESSIONS =
      "select sessions from pg_stat_database where datname = current_database()";

  @TempDir private static Path serverDirectory;
  private static OwnPostgres server;
  @TempDir private Path directory;

  @BeforeAll
  static void startServer() {
    server = new OwnPostgres(serverDirectory);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private Campaign campaign(String name, Setting setting) throws InterruptedException {
    return new Campaign("postgres-" + name, server.newSchema(name), directory, setting);
  }

  private static int times(int inShort, int inLong) {
    return Campaign.LONG ? inLong : inShort;
  }

  private static String millis(List<Duration> times) {
    return times.stream().map(Duration::toMillis).toList() + " ms";
  }

  @Test
  void killedNodes_loseNothing() throws Exception {
    try (Campaign campaign = campaign("kill", Setting.USUAL)) {
      var flow = new ArrayList<Duration>();
      for (int i = 0; i < times(2, 10); i++) {
        String node = i % 2 == 0 ? "one" : "two";
        campaign.kill(node);
        flow.add(campaign.awaitFlow());
        Campaign.letPass(campaign.lease());
        campaign.startNode(node);
        Campaign.letPass(Duration.ofSeconds(1));
      }
      campaign.end(flow.size() + " kills, runs flow again after " + millis(flow));
    }
  }

  @Test
  void nodeThatIsStoppedForLongerThanItsLease_losesNothingAndRecordsNothingTwice()
      throws Exception {
    try (Campaign campaign = campaign("stop", Setting.USUAL)) {
      var flow = new ArrayList<Duration>();
      for (int i = 0; i < times(2, 6); i++) {
        Child node = campaign.node(i % 2 == 0 ? "one" : "two");
        node.stop();
        flow.add(campaign.awaitFlow());
        Campaign.letPass(campaign.lease().multipliedBy(times(2, 3)));
        node.goOn();
        Campaign.letPass(Duration.ofSeconds(1));
      }
      campaign.end(flow.size() + " stops, runs flow again after " + millis(flow));
    }
  }

  @Test
  void sessionsThatAreEndedEachThreeSeconds_loseNothing() throws Exception {
    try (Campaign campaign = campaign("terminate", Setting.USUAL)) {
      var flow = new ArrayList<Duration>();
      int ended = 0;
      for (int i = 0; i < times(3, 100); i++) {
        long begin = System.nanoTime();
        ended += server.endSessions();
        flow.add(campaign.awaitFlow());
        Campaign.letPass(Duration.ofSeconds(3).minusNanos(System.nanoTime() - begin));
      }
      flow.sort(null);
      campaign.end(
          "%d sessions ended in %d rounds, runs flow again after %d ms at the median, %d ms at most"
              .formatted(
                  ended,
                  flow.size(),
                  flow.get(flow.size() / 2).toMillis(),
                  flow.get(flow.size() - 1).toMillis()));
    }
  }

  @Test
  void serverThatCrashes_losesNothing() throws Exception {
    try (Campaign campaign = campaign("crash", Setting.USUAL)) {
      var down = new ArrayList<Duration>();
      var flow = new ArrayList<Duration>();
      for (int i = 0; i < times(2, 10); i++) {
        long begin = System.nanoTime();
        server.crash();
        down.add(Duration.ofNanos(System.nanoTime() - begin));
        flow.add(campaign.awaitFlow());
        Campaign.letPass(Duration.ofSeconds(2));
      }
      campaign.end(
          "%d crashes, down for %s, runs flow again after %s"
              .formatted(flow.size(), millis(down), millis(flow)));
    }
  }

  @Test
  void serverThatTakesNoWrites_isTriedUntilItDoes() throws Exception {
    try (Campaign campaign = campaign("readonly", Setting.USUAL)) {
      // As after a fail-over: whoever connected meanwhile stays where nothing can be written.
      server.execute("alter database postgres set default_transaction_read_only = on");
      server.endSessions();
      long before = Long.parseLong(server.query(SESSIONS).get(0));
      Campaign.letPass(Duration.ofSeconds(times(5, 30)));
      long made = Long.parseLong(server.query(SESSIONS).get(0)) - before;
      server.execute("alter database postgres reset default_transaction_read_only");
      Duration flow = campaign.awaitFlow();
      campaign.end(
          "read-only for %d s, %d sessions made, runs flow again after %d ms"
              .formatted(times(5, 30), made, flow.toMillis()));
    } finally {
      server.execute("alter database postgres reset default_transaction_read_only");
    }
  }

  @Test
  void poolOfOneConnection_keepsItsLease() throws Exception {
    var setting = new Setting(1, Duration.ofSeconds(3), 8, Duration.ZERO, Duration.ZERO);
    try (Campaign campaign = campaign("one", setting)) {
      Campaign.letPass(Duration.ofSeconds(times(8, 60)));
      Audit audit = campaign.end("one connection, 8 threads beside that read");

      assertThat(audit.count(Pass.Event.LOST)).isZero();
      assertThat(campaign.said()).noneMatch(line -> line.contains("NodeRejoined"));
    }
  }
}
