// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.jdbc.TcpProxy;
import dev.belfry.jdbc.whole.Campaign.Setting;
import dev.belfry.run.Pass;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Three processes with clocks an hour apart, a server and a network to all of which anything may
 * happen: no run is lost, none is recorded twice, each tick is there once. For 10 s by default;
 * {@code -Dbelfry.chaos=PT30M} says how long, {@code -Dbelfry.chaos.seed=7} in which order.
 */
@Execution(ExecutionMode.CONCURRENT)
class ChaosTest {
  private static final Duration TIME = Duration.parse(System.getProperty("belfry.chaos", "PT10S"));
  private static final long SEED = Long.getLong("belfry.chaos.seed", System.nanoTime() % 1_000);
  private static final Duration ALL_KINDS = Duration.ofMinutes(5);

  @TempDir private Path directory;

  static Stream<Named<Function<Path, ChaosServer>>> servers() {
    return Stream.of(Named.of("postgres", OwnPostgres::new), Named.of("mariadb", OwnMaria::new));
  }

  @ParameterizedTest
  @MethodSource("servers")
  void whateverHappens_nothingIsLostAndNothingIsDoneTwice(Function<Path, ChaosServer> start)
      throws Exception {
    var setting =
        new Setting(5, Duration.ofSeconds(2), 0, Duration.ofMinutes(30), Duration.ofMillis(250));
    try (ChaosServer server = start.apply(directory);
        TcpProxy network = new TcpProxy(server.port())) {
      String url = server.newDatabase("chaos", network.port());
      try (Campaign campaign =
          new Campaign("chaos-" + server.getClass().getSimpleName(), url, directory, setting)) {
        var chaos = new Chaos(campaign, server, network, SEED);
        chaos.run(TIME);
        Audit audit = campaign.end("seed " + SEED + ": " + chaos);

        assertThat(chaos.done()).isNotEmpty();
        if (TIME.compareTo(ALL_KINDS) >= 0) { // one that proves too little shall not count
          assertThat(chaos.done()).containsOnlyKeys(Chaos.Kind.values());
          assertThat(audit.count(Pass.Event.LOST)).isGreaterThan(10);
        }
      }
    }
  }
}
