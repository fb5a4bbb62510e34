// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.SchedulerClient;
import dev.belfry.jdbc.EmptyDatabase;
import dev.belfry.jdbc.JdbcJobStore;
import dev.belfry.jdbc.Product;
import dev.belfry.run.LedgerPage;
import dev.belfry.run.LedgerQuery;
import dev.belfry.run.LedgerRow;
import dev.belfry.run.NodeId;
import dev.belfry.run.Pass;
import dev.belfry.run.RunId;
import dev.belfry.run.RunQuery;
import dev.belfry.run.Status;
import dev.belfry.store.NodeInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two versions work on one schema, under load: nodes, each a process, are replaced one by one by
 * nodes of the next version, the first of which migrates; then one is rolled back.
 */
@Execution(ExecutionMode.CONCURRENT)
class RollingUpgradeTest {
  private static final Duration BETWEEN_ENQUEUES = Duration.ofMillis(8);

  private final Queue<RunId> oldRuns = new ConcurrentLinkedQueue<>();
  private final Queue<RunId> newRuns = new ConcurrentLinkedQueue<>();
  private final Map<NodeId, String> names = new HashMap<>();
  private final Map<String, Child> nodes = new HashMap<>();
  private final List<String> printedByOldNodes = new ArrayList<>();
  private final List<String> printedByNewNodes = new ArrayList<>();
  private volatile boolean loading = true;
  private volatile int blocked;

  @ParameterizedTest
  @MethodSource("dev.belfry.jdbc.Product#servers")
  void nodesAreReplacedOneByOne_andNothingIsLost(Product product) throws Exception {
    try (EmptyDatabase database = product.open()) {
      JdbcJobStore store = JdbcJobStore.using(database.pool());
      store.open();
      var load = new Thread(() -> load(store), "load");
      try {
        load.start();
        rollOut(product, database, store);
      } finally {
        loading = false;
        load.join();
        nodes.values().forEach(Child::close);
      }
    }
  }

  private void rollOut(Product product, EmptyDatabase database, JdbcJobStore store)
      throws Exception {
    long begin = System.nanoTime();
    start(product, database, "old-1", "old-2");
    awaitWork(store, UpgradeNode.OLD_JOB.name());
    assertThat(database.query("select number from belfry_meta where name = 'schema'"))
        .containsExactly("1");

    kill("old-1");
    long migration = System.nanoTime();
    start(product, database, "new-1");
    double migrated = seconds(migration);
    Instant firstTick = store.now();
    assertThat(database.query("select number from belfry_meta where name = 'schema'"))
        .containsExactly("2");
    awaitWork(store, UpgradeNode.OLD_JOB.name());
    terminate("old-2");
    start(product, database, "new-2");
    awaitWork(store, UpgradeNode.NEW_JOB.name());

    kill("new-1");
    start(product, database, "old-3"); // rolled back
    awaitWork(store, UpgradeNode.OLD_JOB.name());
    terminate("new-2");
    awaitWork(store, UpgradeNode.OLD_JOB.name()); // only the old version is left
    start(product, database, "new-3");
    awaitWork(store, UpgradeNode.NEW_JOB.name());
    loading = false;
    Instant lastTick = store.now();
    Await.until("all acknowledged runs have ended", () -> haveEnded(store));
    Await.until(
        "the last tick has run",
        () ->
            lastNominal(store, UpgradeNode.NEW_SCHEDULE.name()).isAfter(lastTick)
                && lastNominal(store, UpgradeNode.OLD_SCHEDULE.name()).isAfter(lastTick));
    for (String name : List.copyOf(nodes.keySet())) {
      terminate(name);
    }

    check(product, store, new Span(firstTick, lastTick), seconds(begin), migrated);
  }

  private record Span(Instant after, Instant upTo) {}

  private void check(
      Product product, JdbcJobStore store, Span ticks, double seconds, double migrated) {
    Audit audit =
        new Audit()
            .acknowledged(store, oldRuns)
            .acknowledged(store, newRuns)
            .ticks(store, "old-schedule", UpgradeNode.EACH_SECOND, ticks.after, ticks.upTo)
            .ticks(store, "new-schedule", UpgradeNode.EACH_SECOND, ticks.after, ticks.upTo);
    List<LedgerRow> ledger = ledger(store);
    System.out.printf(
        "RollingUpgradeTest on %s: %.1f s, the first new node up in %.1f s, migration included;"
            + " %s; runs of the new job %d; longest time without an end %d ms; most runs BLOCKED at"
            + " once %d; ends by node %s%n",
        product,
        seconds,
        migrated,
        audit,
        newRuns.size(),
        longestPause(ledger).toMillis(),
        blocked,
        endsByName(ledger));
    assertThat(audit.violations()).isEmpty();
    assertThat(audit.count(Pass.Event.COMPLETED)).isEqualTo(oldRuns.size() + newRuns.size());
    assertThat(blocked).isZero();
    assertThat(audit.count(Pass.Event.BLOCKED)).isZero();
    assertThat(store.runs(RunQuery.all().in(Status.BLOCKED, Status.FAILED)).items()).isEmpty();
    assertThat(printedByOldNodes).isNotEmpty().noneMatch(line -> line.startsWith("new-"));
    assertThat(printedByNewNodes)
        .anyMatch(line -> line.startsWith("old-job "))
        .anyMatch(line -> line.startsWith("old-schedule "))
        .anyMatch(line -> line.startsWith("new-job "))
        .anyMatch(line -> line.startsWith("new-schedule "));
    assertThat(ledger)
        .filteredOn(row -> row.pass().job().startsWith("new-"))
        .isNotEmpty()
        .allMatch(row -> row.pass().node().map(names::get).orElse("nobody").startsWith("new-"));
  }

  // Load

  private void load(JdbcJobStore store) {
    SchedulerClient client = SchedulerClient.of(store, UpgradeNode.OLD_JOB, UpgradeNode.NEW_JOB);
    for (int i = 0; loading; i++) {
      oldRuns.add(client.enqueue(UpgradeNode.OLD_JOB, i).id());
      if (i % 5 == 0) {
        newRuns.add(client.enqueue(UpgradeNode.NEW_JOB, i).id());
        int found = client.runs(RunQuery.all().in(Status.BLOCKED)).items().size();
        blocked = Math.max(blocked, found);
      }
      LockSupport.parkNanos(BETWEEN_ENQUEUES.toNanos());
    }
  }

  /** Waits until runs that are enqueued from now on are done. */
  private void awaitWork(JdbcJobStore store, String job) {
    Queue<RunId> runs = job.equals(UpgradeNode.OLD_JOB.name()) ? oldRuns : newRuns;
    int before = runs.size();
    Await.until("more runs of " + job + " are enqueued", () -> runs.size() > before + 5);
    RunId run = runs.stream().skip(before + 5L).findFirst().orElseThrow();
    Await.until(job + " runs", () -> store.runs(List.of(run)).get(0).run().status().isFinal());
  }

  private boolean haveEnded(JdbcJobStore store) {
    RunQuery open = RunQuery.all().in(Status.SCHEDULED, Status.RUNNING, Status.WAITING);
    return store.runs(open.limit(1_000)).items().stream()
        .noneMatch(record -> record.run().job().endsWith("-job"));
  }

  private static Instant lastNominal(JdbcJobStore store, String schedule) {
    return store.runs(RunQuery.ofJob(schedule).in(Status.COMPLETED).limit(1)).items().stream()
        .flatMap(record -> record.run().trigger().nominal().stream())
        .findFirst()
        .orElse(Instant.MIN);
  }

  // Nodes

  private void start(Product product, EmptyDatabase database, String... started)
      throws InterruptedException {
    for (String name : started) {
      nodes.put(
          name,
          Child.start(
              UpgradeNode.class,
              product.url(database),
              product.user(),
              name,
              Boolean.toString(name.startsWith("new-"))));
    }
    for (String name : started) {
      note(name, nodes.get(name).linesUntil("started"));
    }
    for (NodeInfo node : JdbcJobStore.using(database.pool()).nodes()) {
      names.put(node.id(), node.card().name());
    }
  }

  private void kill(String name) throws InterruptedException {
    try (Child node = nodes.remove(name)) {
      note(name, node.kill());
    }
  }

  private void terminate(String name) throws InterruptedException {
    try (Child node = nodes.remove(name)) {
      if (node.canBeAsked()) {
        node.terminate();
        note(name, node.rest());
      } else {
        note(name, node.kill());
      }
    }
  }

  private void note(String name, List<String> lines) {
    (name.startsWith("new-") ? printedByNewNodes : printedByOldNodes).addAll(lines);
  }

  // What was recorded

  private static List<LedgerRow> ledger(JdbcJobStore store) {
    var rows = new ArrayList<LedgerRow>();
    LedgerQuery query = LedgerQuery.all().withLatest();
    LedgerPage page = store.ledger(query);
    while (page.last().isPresent()) {
      rows.addAll(page.rows());
      page = store.ledger(query.after(page.last().get()));
    }
    return rows;
  }

  private static Duration longestPause(List<LedgerRow> ledger) {
    Duration longest = Duration.ZERO;
    for (int i = 1; i < ledger.size(); i++) {
      Duration pause =
          Duration.between(ledger.get(i - 1).pass().endedAt(), ledger.get(i).pass().endedAt());
      longest = pause.compareTo(longest) > 0 ? pause : longest;
    }
    return longest;
  }

  private Map<String, Integer> endsByName(List<LedgerRow> ledger) {
    var ends = new TreeMap<String, Integer>();
    for (LedgerRow row : ledger) {
      ends.merge(row.pass().node().map(names::get).orElse("nobody"), 1, Integer::sum);
    }
    return ends;
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }
}
