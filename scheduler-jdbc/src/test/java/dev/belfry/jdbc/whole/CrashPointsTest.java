// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerClient;
import dev.belfry.jdbc.EmptyDatabase;
import dev.belfry.jdbc.JdbcJobStore;
import dev.belfry.jdbc.Product;
import dev.belfry.jdbc.whole.BookingKillTest.Place;
import dev.belfry.jdbc.whole.Crash.Mode;
import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import dev.belfry.run.RunQuery;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A node may end, lose its connection or stand still before each statement, and before and after
 * each commit: nothing is lost, and nothing is done twice. Some points of each database by default;
 * {@code -Dbelfry.crashpoints=all} takes all of them, a number so many in each mode.
 */
@Execution(ExecutionMode.CONCURRENT)
class CrashPointsTest {
  private static final String ALL = "all";
  private static final String EXTENT = System.getProperty("belfry.crashpoints", "2");
  private static final int TRIES = 4; // a point that depends on a race may not be reached at once

  /** In the body of a transaction: the run is running, has its slot, and memos. */
  private static final String MIDDLE = "before insert into bookings (number) values (#)";

  private final Map<Mode, Integer> passed = new EnumMap<>(Mode.class);
  private final List<String> missed = new ArrayList<>();
  private Optional<EmptyDatabase> server = Optional.empty();
  private String url = "";
  private int number;
  private Instant first = Instant.MIN;
  @TempDir private Path directory;

  /**
   * Where something happens.
   *
   * @param passed how often a node was there in one case
   * @param recovering whether it was there only because a node had died before it
   */
  private record Point(String name, int passed, boolean recovering) {}

  @AfterEach
  void dropDatabase() {
    server.ifPresent(EmptyDatabase::close);
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void nodeThatCrashesAnywhere_losesNothingAndDoesNothingTwice(Place place) throws Exception {
    long begin = System.nanoTime();
    open(place);
    makeTables();
    List<Point> points = points();
    for (Mode mode : Mode.values()) {
      if (EXTENT.equals(ALL)) {
        for (Point point : points) {
          crashAt(point, mode);
        }
      } else {
        crashAtSome(points, mode);
      }
      System.out.printf("CrashPointsTest: %s: cases passed so far: %s%n", place, passed);
    }
    checkTicks();

    System.out.printf(
        "CrashPointsTest: %s: %d points, %d of them of recovery; cases passed %s, not reached"
            + " again %s; %.0f s%n",
        place,
        points.size(),
        points.stream().filter(Point::recovering).count(),
        passed,
        missed,
        (System.nanoTime() - begin) / 1e9);
    assertThat(points).hasSizeGreaterThan(60);
    if (EXTENT.equals(ALL)) {
      assertThat(missed).hasSizeLessThanOrEqualTo(points.size() * Mode.values().length / 20);
    }
  }

  private void open(Place place) {
    if (place == Place.H2_FILE) {
      url = "jdbc:h2:file:retry:" + directory.resolve("app") + ";WRITE_DELAY=0";
      return;
    }
    EmptyDatabase database = Product.valueOf(place.name()).open();
    server = Optional.of(database);
    url = place == Place.POSTGRES ? database.url() + "&user=postgres" : database.url();
  }

  /** Each statement of the schema is a point of {@code MigrationTest}. */
  private void makeTables() throws SQLException {
    try (HikariDataSource pool = pool();
        Connection connection = pool.getConnection();
        var statement = connection.createStatement()) {
      // No key: a second booking must show, not fail.
      statement.execute("create table bookings (number int)");
      JdbcJobStore.using(pool).open();
    }
  }

  private Instant now() {
    try (HikariDataSource pool = pool()) {
      return JdbcJobStore.using(pool).now();
    }
  }

  private HikariDataSource pool() {
    return (HikariDataSource) CampaignNode.pool(url, 10);
  }

  /** Returns where a node is in its life, then where it is only after the death of another. */
  private List<Point> points() throws Exception {
    var life = new Crash.Census();
    live(life);
    first = now(); // by now the schedule is there
    number++;
    assertThat(halts(MIDDLE, 1)).isTrue();
    var recovery = new Crash.Census();
    live(recovery);
    check();
    var points = new ArrayList<Point>();
    life.counts().forEach((name, count) -> points.add(new Point(name, count, false)));
    recovery
        .counts()
        .forEach(
            (name, count) -> {
              if (!life.counts().containsKey(name)) {
                points.add(new Point(name, count, true));
              }
            });
    return points;
  }

  /** At so many points, or the next ones after those that are not reached. */
  private void crashAtSome(List<Point> points, Mode mode) throws Exception {
    int count = Integer.parseInt(EXTENT);
    int modes = Mode.values().length;
    for (int i = 0; i < count; i++) {
      int turn = i * modes + List.of(Mode.values()).indexOf(mode);
      int next = turn * points.size() / (count * modes);
      while (!crashAt(points.get(next), mode)) {
        next++;
        assertThat(next).as("points that are reached").isLessThan(points.size());
      }
    }
  }

  /** Returns whether the point was reached. */
  private boolean crashAt(Point point, Mode mode) throws Exception {
    for (int attempt = 1; attempt <= TRIES; attempt++) {
      number++;
      if (point.recovering()) {
        assertThat(halts(MIDDLE, 1)).isTrue();
      }
      int hit = attempt == 1 ? (point.passed() + 1) / 2 : 1;
      boolean reached =
          switch (mode) {
            case HALT -> halts(point.name(), hit);
            case THROW -> breaks(new Crash(Crash.id(point.name()), hit, mode));
            case DELAY -> standsStill(new Crash(Crash.id(point.name()), hit, mode));
          };
      live(at -> {});
      check();
      if (reached) {
        passed.merge(mode, 1, Integer::sum);
        return true;
      }
    }
    missed.add(mode + " " + point.name());
    return false;
  }

  /** Lets a process do the case until it ends; returns whether that was at the point. */
  private boolean halts(String point, int hit) throws InterruptedException {
    try (Child child =
        Child.start(
            CrashVictim.class,
            url,
            Crash.id(point),
            Integer.toString(hit),
            Integer.toString(number))) {
      child.rest();
      assertThat(child.exitValue()).isIn(0, CrashVictim.HALTED);
      return child.exitValue() == CrashVictim.HALTED;
    }
  }

  private boolean breaks(Crash crash) {
    live(crash);
    return isReached(crash);
  }

  /** Another node comes while one stands still. */
  private boolean standsStill(Crash crash) throws Exception {
    CompletableFuture<Void> slow = CompletableFuture.runAsync(() -> live(crash));
    Await.until("the node is slow or done", () -> slow.isDone() || isReached(crash));
    live(at -> {});
    slow.get();
    return isReached(crash);
  }

  private static boolean isReached(Crash crash) {
    return crash.reached().getCount() == 0;
  }

  /** Has a node of this process do the case, or what is left of it. */
  private void live(CrashPoints.Listener listener) {
    try (HikariDataSource pool = pool()) {
      try (Scheduler node = CrashWork.start("node", CrashPoints.of(pool, listener))) {
        CrashWork.run(node, number);
      }
      assertThat(pool.getHikariPoolMXBean().getActiveConnections())
          .as("connections that a closed node has kept")
          .isZero();
    }
  }

  private void check() throws SQLException {
    try (HikariDataSource pool = pool();
        Connection connection = pool.getConnection()) {
      JdbcJobStore store = JdbcJobStore.using(pool);
      SchedulerClient client = SchedulerClient.of(store);
      var origins = new HashSet<RunId>();
      for (int i = 0; i < CrashWork.CHARGES; i++) {
        int input = number * CrashWork.CHARGES + i;
        origins.add(charged(client, input));
        assertThat(
                EmptyDatabase.query(
                    connection, "select number from bookings where number = " + input))
            .as("bookings of %d", input)
            .hasSize(1);
      }
      List<Run> receipts = CrashWork.startedBy(client, CrashWork.RECEIPT, origins);
      RunId arrived = new RunId(CrashWork.event("arrived " + number).value());
      List<Run> greetings = CrashWork.startedBy(client, CrashWork.GREET, Set.of(arrived));
      assertThat(receipts)
          .as("receipts of case %d", number)
          .extracting(run -> run.trigger().origin().orElseThrow())
          .containsExactlyInAnyOrderElementsOf(origins);
      assertThat(greetings).as("greetings of case %d", number).hasSize(1);
      List<RunId> all =
          Stream.concat(
                  origins.stream(),
                  Stream.concat(receipts.stream(), greetings.stream()).map(Run::id))
              .toList();
      assertThat(new Audit().acknowledged(store, all).violations()).as("case %d", number).isEmpty();
    }
  }

  private static RunId charged(SchedulerClient client, int input) {
    List<Run> runs = client.runs(RunQuery.all().keyed("charge " + input)).items();
    assertThat(runs).as("charges of %d", input).hasSize(1);
    return runs.get(0).id();
  }

  /** Ticks go on while cases are done; none may be missing or doubled over all of them. */
  private void checkTicks() {
    try (HikariDataSource pool = pool();
        Scheduler node = CrashWork.start("last", pool)) {
      JdbcJobStore store = JdbcJobStore.using(pool);
      Instant last = store.now();
      RunQuery newest = RunQuery.all().ofSchedule(CrashWork.PULSE).limit(1);
      Await.until(
          "the last tick",
          () ->
              node.runs(newest).items().stream()
                  .flatMap(run -> run.trigger().nominal().stream())
                  .anyMatch(tick -> !tick.isBefore(last)));
      Audit audit =
          new Audit().ticks(store, CrashWork.PULSE, CampaignNode.EACH_SECOND, first, last);
      assertThat(audit.violations()).isEmpty();
    }
  }
}
