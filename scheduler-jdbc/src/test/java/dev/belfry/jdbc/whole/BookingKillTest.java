// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.belfry.Scheduler;
import dev.belfry.jdbc.EmptyDatabase;
import dev.belfry.jdbc.JdbcJobStore;
import dev.belfry.jdbc.Product;
import dev.belfry.run.RunId;
import dev.belfry.run.Status;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code kill -9} in the middle of transactions of handlers: each is done once, or not yet. */
@Execution(ExecutionMode.CONCURRENT)
class BookingKillTest {
  private static final int ROUNDS = 3;
  private static final int RUNS_PER_ROUND = 150;

  /** Where the databases of these tests are; H2 in a file, as in memory it dies, too. */
  enum Place {
    H2_FILE,
    POSTGRES,
    MARIADB
  }

  /** Where the process is when it is killed. */
  enum Stop {
    BEFORE,
    AFTER
  }

  private final SplittableRandom random = new SplittableRandom(3);
  private final AtomicInteger bodies = new AtomicInteger();
  private Optional<EmptyDatabase> server = Optional.empty();
  @TempDir private Path directory;

  static Stream<Arguments> placesAndStops() {
    return Stream.of(Place.values())
        .flatMap(place -> Stream.of(Stop.values()).map(stop -> Arguments.of(place, stop)));
  }

  @AfterEach
  void dropDatabase() {
    server.ifPresent(EmptyDatabase::close);
  }

  private String open(Place place) {
    if (place == Place.H2_FILE) {
      return "jdbc:h2:file:" + directory.resolve("app") + ";WRITE_DELAY=0";
    }
    EmptyDatabase database = Product.valueOf(place.name()).open();
    server = Optional.of(database);
    return place == Place.POSTGRES ? database.url() + "&user=postgres" : database.url();
  }

  @ParameterizedTest
  @MethodSource("placesAndStops")
  void processKilledAtTheCommit_leavesRowAndMemoOrNeither(Place place, Stop stop) throws Exception {
    String url = open(place);
    makeTable(url);
    List<RunId> acknowledged = new ArrayList<>();
    try (Child child =
        Child.start(BookingVictim.class, url, stop.name().toLowerCase(Locale.ROOT), "1")) {
      note(child.linesUntil("stopped"), acknowledged);
      note(child.kill(), acknowledged);
    }

    String left = stop == Stop.AFTER ? "1" : "0";
    assertThat(query(url, "select count(*) from bookings")).containsExactly(left);
    assertThat(query(url, "select count(*) from belfry_memo")).containsExactly(left);
    goOn(url, acknowledged);

    assertThat(bodies.get()).isEqualTo(stop == Stop.AFTER ? 0 : 1);
    assertBookedOnce(url, acknowledged);
    assertThat(query(url, "select fence from bookings"))
        .singleElement()
        .satisfies(fence -> assertThat(fence.equals("1")).isEqualTo(stop == Stop.AFTER));
  }

  @ParameterizedTest
  @EnumSource
  void processKilledAgainAndAgain_booksEachRunOnce(Place place) throws Exception {
    String url = open(place);
    makeTable(url);
    List<RunId> acknowledged = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      try (Child child =
          Child.start(BookingVictim.class, url, "never", Integer.toString(RUNS_PER_ROUND))) {
        note(child.linesUntil("started"), acknowledged);
        for (int acks = random.nextInt(RUNS_PER_ROUND - 20); acks >= 0; acks--) {
          note(List.of(child.nextLine().orElseThrow()), acknowledged);
        }
        LockSupport.parkNanos(Duration.ofMillis(random.nextInt(50)).toNanos()); // of chance
        note(child.kill(), acknowledged);
      }
    }
    goOn(url, acknowledged);

    System.out.printf(
        "BookingKillTest: %s: %d kills, %d runs acknowledged, %s booked, %d of them by the last%n",
        place,
        ROUNDS,
        acknowledged.size(),
        query(url, "select count(*) from bookings"),
        bodies.get());
    assertThat(acknowledged).hasSizeGreaterThan(ROUNDS);
    assertBookedOnce(url, acknowledged);
  }

  private static void makeTable(String url) throws SQLException {
    try (HikariDataSource pool = BookingVictim.pool(url);
        Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      // No key: a second booking must show, not fail.
      statement.execute("create table bookings (run varchar(40), number int, fence bigint)");
    }
  }

  private static void note(List<String> lines, List<RunId> acknowledged) {
    lines.stream()
        .filter(line -> line.startsWith("ack "))
        .map(line -> RunId.parse(line.substring(4)))
        .forEach(acknowledged::add);
  }

  /** Has the next process do what is left. */
  private void goOn(String url, List<RunId> acknowledged) throws Exception {
    try (HikariDataSource pool = BookingVictim.pool(url);
        Scheduler last = BookingVictim.start(pool, BookingVictim.job(bodies::incrementAndGet))) {
      for (RunId run : acknowledged) {
        assertThat(last.handle(run).await(Duration.ofSeconds(60)))
            .as(() -> last.explain(run))
            .hasValueSatisfying(ended -> assertThat(ended.status()).isEqualTo(Status.COMPLETED));
      }
      assertThat(last.awaitIdle(Duration.ofSeconds(60))).isTrue();
      assertThat(new Audit().acknowledged(JdbcJobStore.using(pool), acknowledged).violations())
          .isEmpty();
    }
  }

  /** Each run that was acknowledged has one row and one memo; so have those whose answer died. */
  private static void assertBookedOnce(String url, List<RunId> acknowledged) throws SQLException {
    List<String> booked = query(url, "select run from bookings");
    Set<String> once = new LinkedHashSet<>(booked);
    assertThat(once).hasSameSizeAs(booked);
    assertThat(once).containsAll(acknowledged.stream().map(RunId::toString).toList());
    assertThat(query(url, "select count(*) from belfry_memo"))
        .containsExactly(Integer.toString(booked.size()));
    assertThat(query(url, "select count(distinct run) from belfry_history"))
        .containsExactly(Integer.toString(booked.size()));
  }

  private static List<String> query(String url, String sql) throws SQLException {
    try (HikariDataSource pool = BookingVictim.pool(url);
        Connection connection = pool.getConnection()) {
      return EmptyDatabase.query(connection, sql);
    }
  }
}
