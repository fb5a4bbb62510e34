// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.belfry.jdbc.JdbcJobStore;
import dev.belfry.run.Pass;
import dev.belfry.run.RunId;
import dev.belfry.run.RunQuery;
import dev.belfry.run.Status;
import dev.belfry.run.TypeRef;
import dev.belfry.store.NewRun;
import dev.belfry.store.Payload;
import dev.belfry.store.RunRecord;
import dev.belfry.store.StoreException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Two processes with a node each, and somebody who enqueues, while something is done to them or to
 * their database. At the end the ledger must be clean.
 */
final class Campaign implements AutoCloseable {
  static final boolean LONG = "long".equals(System.getProperty("belfry.campaign"));

  private static final int BATCH = 10;
  private static final Duration BETWEEN_BATCHES = Duration.ofMillis(100);

  private final String name;
  private final String url;
  private final Setting setting;
  private final Path effects;
  private final HikariDataSource pool;
  private final JdbcJobStore store;
  private final Map<String, Child> nodes = new LinkedHashMap<>();
  private final List<String> said = new ArrayList<>();
  private final Set<RunId> acknowledged = ConcurrentHashMap.newKeySet();
  private final AtomicInteger repeated = new AtomicInteger();
  private final Map<RunId, List<Long>> starts = new HashMap<>();
  private final long begin = System.nanoTime();
  private final Thread enqueuer;
  private final Instant first;
  private long readUpTo;
  private int sequence;
  private volatile boolean over;
  private volatile boolean closed;

  /** How a campaign's nodes are made. */
  record Setting(
      int poolSize, Duration lease, int threadsBeside, Duration skew, Duration longestBody) {
    static final Setting USUAL =
        new Setting(5, Duration.ofSeconds(LONG ? 9 : 2), 0, Duration.ZERO, Duration.ZERO);

    /** Returns by how much the clock of a node is wrong: each in another direction. */
    private Duration skewOf(String node) {
      return node.equals("one") ? skew : node.equals("two") ? skew.negated() : Duration.ZERO;
    }
  }

  Campaign(String name, String url, Path directory, Setting setting) throws InterruptedException {
    this.name = name;
    this.url = url;
    this.setting = setting;
    this.effects = directory.resolve("effects-" + name);
    this.pool = (HikariDataSource) CampaignNode.pool(url, 3);
    this.store = JdbcJobStore.using(pool);
    store.open();
    startNode("one");
    startNode("two");
    this.first = store.now();
    this.enqueuer = new Thread(this::enqueue, "enqueues for " + name);
    enqueuer.start();
    awaitFlow();
  }

  /** Starts a node, in place of one of that name. */
  void startNode(String node) throws InterruptedException {
    Child child =
        Child.start(
            CampaignNode.class,
            node,
            url,
            Integer.toString(setting.poolSize()),
            effects.toString(),
            setting.lease().toString(),
            Integer.toString(setting.threadsBeside()),
            setting.skewOf(node).toString(),
            setting.longestBody().toString());
    nodes.put(node, child);
    said.addAll(child.linesUntil("started"));
  }

  Child node(String node) {
    return nodes.get(node);
  }

  /** Kills a node as {@code kill -9} does. */
  void kill(String node) throws InterruptedException {
    said.addAll(nodes.get(node).kill());
  }

  Duration lease() {
    return setting.lease();
  }

  JdbcJobStore store() {
    return store;
  }

  /** Inserts runs, each until that is acknowledged: with the same id, whatever has become of it. */
  private void enqueue() {
    while (!over) {
      var runs = new ArrayList<NewRun>();
      for (int i = 0; i < BATCH; i++) {
        sequence++;
        RunId id = RunId.of(System.currentTimeMillis(), sequence % 4096, sequence);
        byte[] input = store.codec().encode(TypeRef.of(Integer.class), sequence);
        runs.add(NewRun.of(id, CampaignNode.WORK, Payload.of(store.codec().id(), input)));
      }
      while (!inserted(runs)) {
        if (closed) {
          return;
        }
        repeated.incrementAndGet();
        LockSupport.parkNanos(BETWEEN_BATCHES.toNanos());
      }
      runs.forEach(run -> acknowledged.add(run.id()));
      LockSupport.parkNanos(BETWEEN_BATCHES.toNanos());
    }
  }

  private boolean inserted(List<NewRun> runs) {
    try {
      store.insert(runs);
      return true;
    } catch (StoreException e) {
      assertThat(e.kind()).as(e.toString()).isNotEqualTo(StoreException.Kind.PERMANENT);
      return false;
    }
  }

  /** Waits for nothing but time. */
  static void letPass(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  /** Waits until a run that is enqueued from now on was done; returns how long that took. */
  Duration awaitFlow() {
    long from = System.nanoTime();
    Set<RunId> before = new HashSet<>(acknowledged);
    readEffects();
    before.addAll(starts.keySet()); // one may have been done whose acknowledgement is still to come
    Await.until(
        "runs flow in " + name,
        Duration.ofSeconds(90),
        () -> {
          readEffects();
          return starts.keySet().stream()
              .anyMatch(run -> acknowledged.contains(run) && !before.contains(run));
        });
    return Duration.ofNanos(System.nanoTime() - from);
  }

  /** Reads the lines that were written since the last time; the last one may still be growing. */
  private void readEffects() {
    try (var file = new RandomAccessFile(effects.toFile(), "rw")) {
      file.seek(readUpTo);
      var bytes = new byte[Math.toIntExact(file.length() - readUpTo)];
      file.readFully(bytes);
      String text = new String(bytes, UTF_8);
      String whole = text.substring(0, text.lastIndexOf('\n') + 1);
      readUpTo += whole.length();
      for (String line : whole.lines().toList()) {
        String[] words = line.split(" ", 2);
        starts
            .computeIfAbsent(RunId.parse(words[0]), id -> new ArrayList<>())
            .add(Long.valueOf(words[1]));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Enqueues no more, waits until all has ended, and checks the ledger. */
  Audit end(String what) throws InterruptedException {
    over = true;
    enqueuer.join();
    Instant last = store.now();
    Await.until("all runs of " + name + " end", Duration.ofMinutes(2), () -> isDone(last));
    readEffects();
    Audit audit =
        Audit.ofLedger(store)
            .acknowledged(store, acknowledged)
            .starts(store, starts)
            .ticks(store, CampaignNode.PULSE, CampaignNode.EACH_SECOND, first, last);
    for (Child child : nodes.values()) {
      said.addAll(child.kill());
    }
    System.out.printf(
        "Campaign %s, %.0f s: %s; %d inserts repeated, %s%n%s",
        name,
        (System.nanoTime() - begin) / 1e9,
        what,
        repeated.get(),
        audit,
        said.stream()
            .filter(line -> !line.equals("started"))
            .map(line -> "  " + line + "\n")
            .collect(Collectors.joining()));
    assertThat(audit.violations()).isEmpty();
    assertThat(audit.count(Pass.Event.COMPLETED)).isEqualTo(acknowledged.size());
    return audit;
  }

  /** Returns what nodes have printed that have ended. */
  List<String> said() {
    return List.copyOf(said);
  }

  private boolean isDone(Instant last) {
    RunQuery open = RunQuery.ofJob(CampaignNode.WORK).in(Status.SCHEDULED, Status.RUNNING).limit(1);
    RunQuery ticks = RunQuery.all().ofSchedule(CampaignNode.PULSE).limit(1);
    Instant owed = CampaignNode.EACH_SECOND.previous(last).orElseThrow();
    return store.runs(open).items().isEmpty()
        && store.runs(ticks).items().stream()
            .map(RunRecord::run)
            .flatMap(run -> run.trigger().nominal().stream())
            .anyMatch(tick -> !tick.isBefore(owed));
  }

  @Override
  public void close() {
    over = true;
    closed = true;
    nodes.values().forEach(Child::close);
    try {
      enqueuer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    store.close();
    pool.close();
  }
}
