// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

import dev.belfry.jdbc.whole.Campaign.Setting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The same on MariaDB. */
@Execution(ExecutionMode.CONCURRENT)
class MariaCampaignTest {
  @TempDir private static Path serverDirectory;
  private static OwnMaria server;
  @TempDir private Path directory;

  @BeforeAll
  static void startServer() {
    server = new OwnMaria(serverDirectory);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @Test
  void killedNodesAndACrashedServer_loseNothing() throws Exception {
    try (var campaign =
        new Campaign("mariadb", server.newDatabase("campaign"), directory, Setting.USUAL)) {
      var killed = new ArrayList<Long>();
      var down = new ArrayList<Long>();
      var crashed = new ArrayList<Long>();
      for (int i = 0; i < (Campaign.LONG ? 10 : 1); i++) {
        campaign.kill("one");
        killed.add(campaign.awaitFlow().toMillis());
        Campaign.letPass(campaign.lease());
        campaign.startNode("one");
        long begin = System.nanoTime();
        server.crash();
        down.add(Duration.ofNanos(System.nanoTime() - begin).toMillis());
        crashed.add(campaign.awaitFlow().toMillis());
        Campaign.letPass(Duration.ofSeconds(2));
      }
      campaign.end(
          "runs flow again after %s ms when a node was killed; %s ms when the server was, for %s ms"
              .formatted(killed, crashed, down));
    }
  }
}
