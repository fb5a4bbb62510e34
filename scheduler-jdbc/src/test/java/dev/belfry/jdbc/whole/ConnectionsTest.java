// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import dev.belfry.Job;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.jdbc.EmptyDatabase;
import dev.belfry.jdbc.JdbcJobStore;
import dev.belfry.jdbc.Product;
import dev.belfry.jdbc.TcpProxy;
import dev.belfry.run.NodeId;
import dev.belfry.store.NodeInfo;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A node keeps its lease while others have all connections, or its own lead nowhere. */
@Execution(ExecutionMode.CONCURRENT)
class ConnectionsTest {
  private static final Duration LEASE = ofSeconds(6);

  private final Job<Integer> work = Job.named("work", Integer.class).handler((ctx, number) -> {});
  private EmptyDatabase database;
  private JdbcJobStore aside; // which nothing is done to

  @BeforeEach
  void openDatabase() {
    database = Product.POSTGRES.open();
    aside = JdbcJobStore.using(database.pool());
    aside.open();
  }

  @AfterEach
  void dropDatabase() {
    aside.close();
    database.close();
  }

  private Scheduler start(String name, HikariDataSource pool) {
    return Scheduler.builder()
        .name(name)
        .store(JdbcJobStore.using(pool))
        .lease(LEASE)
        .register(work)
        .start();
  }

  private HikariDataSource pool(int port, int size) {
    String url = database.url().replaceFirst("//[^/]*/", "//127.0.0.1:" + port + "/");
    var config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setUsername("postgres");
    config.setMaximumPoolSize(size);
    config.setValidationTimeout(250); // a pool must find out sooner than the lease ends
    return new HikariDataSource(config);
  }

  private int port() {
    return Integer.parseInt(database.url().replaceFirst("^[^/]*//[^/:]*:([0-9]+).*", "$1"));
  }

  private void assertThatRunsFlow(Scheduler scheduler, Duration patience)
      throws InterruptedException {
    RunHandle handle = scheduler.enqueue(work, 1);
    assertThat(handle.await(patience)).isPresent();
  }

  /**
   * Waits until a connection stays out from one renewal to the next, as one does once the store has
   * had two at a time.
   */
  private void awaitKept(Scheduler scheduler, HikariDataSource pool) {
    IntStream.range(0, 100).parallel().forEach(number -> scheduler.enqueue(work, number));
    awaitForAWhile("a connection is kept", () -> connections(pool).getActiveConnections() == 1);
  }

  private static HikariPoolMXBean connections(HikariDataSource pool) {
    return pool.getHikariPoolMXBean();
  }

  private static void awaitForAWhile(String what, BooleanSupplier condition) {
    var times = new AtomicInteger();
    Await.until(
        what, () -> (condition.getAsBoolean() ? times.incrementAndGet() : times.getAndSet(0)) > 20);
  }

  /** Watches the lease for a while, as any other node would see it. */
  private void assertThatTheLeaseHolds(NodeId node, Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      assertThat(aside.nodes())
          .singleElement()
          .satisfies(
              info -> {
                assertThat(info.id()).isEqualTo(node);
                assertThat(info.leaseUntil()).isAfter(aside.now());
              });
      Campaign.letPass(Duration.ofMillis(50));
    }
  }

  private NodeId onlyNode() {
    List<NodeInfo> nodes = aside.nodes();
    assertThat(nodes).hasSize(1);
    return nodes.get(0).id();
  }

  @Test
  void poolThatTheApplicationHasExhausted_doesNotCostTheLease() throws Exception {
    try (HikariDataSource pool = pool(port(), 3);
        Scheduler scheduler = start("exhausted", pool)) {
      assertThatRunsFlow(scheduler, ofSeconds(20));
      awaitKept(scheduler, pool);
      var taken = new ArrayList<Connection>();
      while (taken.size() < 2) {
        taken.add(pool.getConnection());
      }

      assertThatTheLeaseHolds(onlyNode(), LEASE.multipliedBy(3).dividedBy(2));

      for (Connection connection : taken) {
        connection.close();
      }
      assertThatRunsFlow(scheduler, ofSeconds(40));
      assertThat(LogLines.of("exhausted")).noneMatch(line -> line.contains("lease has run out"));
    }
  }

  @Test
  void connectionsThatLeadNowhere_doNotCostTheLease() throws Exception {
    try (var proxy = new TcpProxy(port());
        HikariDataSource pool = pool(proxy.port(), 3);
        Scheduler scheduler = start("nowhere", pool)) {
      assertThatRunsFlow(scheduler, ofSeconds(20));
      NodeId node = onlyNode();

      proxy.swallow();

      assertThatTheLeaseHolds(node, LEASE.multipliedBy(3).dividedBy(2));
      if (Campaign.LONG) { // an exchange may wait for a silent server for 45 s
        long begin = System.nanoTime();
        RunHandle handle = scheduler.enqueue(work, 2);
        assertThat(handle.await(ofSeconds(90))).isPresent();
        System.out.printf(
            "ConnectionsTest: runs flow again %.1f s after all connections led nowhere%n",
            (System.nanoTime() - begin) / 1e9);
      }
      assertThat(LogLines.of("nowhere")).noneMatch(line -> line.contains("lease has run out"));
    }
  }

  @Test
  void lastConnectionThatLeadsNowhere_isReplacedInTime() throws Exception {
    try (var proxy = new TcpProxy(port());
        HikariDataSource pool = pool(proxy.port(), 2);
        Scheduler scheduler = start("last", pool)) {
      assertThatRunsFlow(scheduler, ofSeconds(20));
      awaitKept(scheduler, pool);
      NodeId node = onlyNode();
      Connection taken = pool.getConnection();
      awaitForAWhile(
          "none is left but the one that is kept",
          () -> connections(pool).getThreadsAwaitingConnection() > 0);

      proxy.swallow();

      assertThatTheLeaseHolds(node, LEASE.multipliedBy(3).dividedBy(2));
      assertThat(LogLines.of("last")).noneMatch(line -> line.contains("lease has run out"));
      pool.evictConnection(taken);
    }
  }

  @Test
  void answersThatComeLate_doNotCostTheLease() throws Exception {
    try (var proxy = new TcpProxy(port());
        HikariDataSource pool = pool(proxy.port(), 5);
        Scheduler scheduler = start("late", pool)) {
      assertThatRunsFlow(scheduler, ofSeconds(20));
      awaitKept(scheduler, pool);
      NodeId node = onlyNode();

      proxy.delayAnswers(ofSeconds(1)); // a transaction of six round trips would take a lease

      assertThatTheLeaseHolds(node, LEASE.multipliedBy(3).dividedBy(2));
      proxy.delayAnswers(Duration.ZERO);
      assertThatRunsFlow(scheduler, ofSeconds(20));
      assertThat(LogLines.of("late")).noneMatch(line -> line.contains("lease has run out"));
    }
  }
}
