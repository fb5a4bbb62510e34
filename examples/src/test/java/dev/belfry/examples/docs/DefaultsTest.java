// SPDX-License-Identifier: Apache-2.0
package dev.belfry.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import dev.belfry.AlertRule;
import dev.belfry.Alerts;
import dev.belfry.Job;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerBuilder;
import dev.belfry.SchedulerEvent;
import dev.belfry.jdbc.JdbcJobStore;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.RunQuery;
import dev.belfry.run.Unique;
import dev.belfry.schedule.CatchUp;
import dev.belfry.schedule.MonthEnd;
import dev.belfry.schedule.Schedule;
import dev.belfry.store.JobStore;
import dev.belfry.store.Lane;
import dev.belfry.store.NodeInfo;
import dev.belfry.store.Payload;
import dev.belfry.store.Retention;
import dev.belfry.testkit.VirtualTime;
import dev.belfry.webhook.EndpointSpec;
import dev.belfry.webhook.HttpCallSpec;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each default, measured, and compared with {@code docs/defaults.md}. */
class DefaultsTest {
  private static final Map<String, String> DOCUMENTED = documented();
  private static final Set<String> COMPARED = new TreeSet<>();

  /** A call to the store. */
  private record Call(Instant at, String method, List<Object> arguments) {}

  private final VirtualTime time = VirtualTime.from(Instant.parse("2026-03-02T08:00:00Z"), 7);
  private final JobStore memory = JobStore.inMemory(time.clock());
  private final List<Call> calls = new ArrayList<>();
  private final List<SchedulerEvent> events = new ArrayList<>();
  private final List<Instant> interrupts = new ArrayList<>();
  private final Job<Integer> slow =
      Job.named("slow", Integer.class)
          .handler(
              (ctx, number) -> {
                try {
                  time.pause();
                } catch (InterruptedException e) {
                  interrupts.add(time.now());
                  throw e;
                }
              });

  @AfterAll
  static void eachRowOfThePage_isCompared() {
    if (COMPARED.size() > 3) { // not when a single test is run
      assertThat(COMPARED).isEqualTo(new TreeSet<>(DOCUMENTED.keySet()));
    }
  }

  @Test
  void webhooksAndCalls() {
    URI url = URI.create("https://crm.example.com/");
    EndpointSpec endpoint = EndpointSpec.of(url, "*");

    assertDefault("attempts of a webhook", endpoint.retry().size() + 1);
    assertDefault("webhooks to an endpoint at once", endpoint.limit());
    assertDefault("limit of an attempt of a webhook", endpoint.timeout());
    assertDefault("limit of an HTTP call", HttpCallSpec.get(url).timeout());
  }

  @Test
  void workers() {
    assertDefault("workers", started(builder()));
  }

  @Test
  void workersOnVirtualThreads() {
    assertDefault("workers on virtual threads", started(builder().virtualThreads(true)));
  }

  /** Returns how many handlers run at once if there is work for many more. */
  private int started(SchedulerBuilder builder) {
    Scheduler scheduler = builder.listener(events::add).start();
    for (int i = 0; i < 150; i++) {
      scheduler.enqueue(slow, i);
    }
    time.runDue();
    return (int) events.stream().filter(SchedulerEvent.RunStarted.class::isInstance).count();
  }

  @Test
  void alerts() {
    builder().start();
    boolean none = memory.catalog().lanes().stream().noneMatch(l -> l.job().equals(Alerts.JOB));
    assertDefault("alert rules", none ? "none" : "some");
    assertDefault(
        "runs that no node serves, until an alert",
        AlertRule.unserved().name().substring("unserved:".length()));
  }

  @Test
  void alertsAtOnce() {
    SchedulerBuilder builder = builder().alert(AlertRule.consecutiveFailures(1));
    List<Job<Integer>> failing =
        Stream.of("a", "b", "c", "d")
            .map(
                name ->
                    Job.named(name, Integer.class)
                        .retry(RetryPolicy.none())
                        .handler(
                            (ctx, number) -> {
                              throw new IOException("no disk");
                            }))
            .toList();
    failing.forEach(builder::register);
    List<Instant> told = new ArrayList<>();
    Scheduler scheduler =
        builder
            .onAlert(
                alert -> {
                  told.add(time.now());
                  time.pause();
                })
            .start();
    failing.forEach(job -> scheduler.enqueue(job, 1));
    time.advance(Duration.ofSeconds(10));

    assertDefault("alerts told at once on a node", told.size());
    time.resumeAll();
  }

  @Test
  void pollInterval() {
    builder().start();
    time.advance(Duration.ofMinutes(10));

    Duration longest = Duration.ZERO;
    List<Call> polls = callsOf("exchange");
    for (int i = 1; i < polls.size(); i++) {
      Duration between = Duration.between(polls.get(i - 1).at, polls.get(i).at);
      longest = between.compareTo(longest) > 0 ? between : longest;
    }
    // A part of it is left to chance, up to a fifth; in 300 polls one comes near to the whole.
    assertDefault("poll interval, at the longest", Duration.ofSeconds(roundUp(longest)));
  }

  private static long roundUp(Duration duration) {
    return duration.plusSeconds(1).minusNanos(1).toSeconds();
  }

  @Test
  void leaseAndItsRenewal() {
    builder().start();
    time.advance(Duration.ofSeconds(7));

    NodeInfo node = memory.nodes().get(0);
    List<Call> renewals = callsOf("renew");
    assertDefault("lease", callsOf("join").get(0).arguments.get(1));
    assertDefault("renewal of the lease", Duration.between(node.joinedAt(), renewals.get(0).at));
    assertThat(Duration.between(renewals.get(0).at, renewals.get(1).at)).hasSeconds(3);
  }

  @Test
  void nodeName() {
    builder().start();

    assertDefault("node name", memory.nodes().get(0).card().name());
  }

  @Test
  void gracePeriod() {
    Scheduler scheduler = builder().start();
    scheduler.enqueue(slow, 1);
    time.runDue();
    Instant closed = time.now();
    scheduler.close();

    assertDefault("grace period of close", Duration.between(closed, interrupts.get(0)));
  }

  @Test
  void history() {
    builder().start();
    time.advance(Duration.ofMinutes(30));

    var retention = (Retention) callsOf("purge").get(0).arguments.get(0);
    assertDefault("history of ended runs", retention.ended());
    assertDefault("history of failed and timed-out runs", retention.failed());
    assertDefault("events", retention.events());
  }

  @Test
  void timeout_isNoneAndALongPassIsWarnedOf() {
    Scheduler scheduler = builder().listener(events::add).start();
    scheduler.enqueue(slow, 1);
    time.advance(Duration.ofDays(3));

    List<Duration> warnings =
        events.stream()
            .filter(SchedulerEvent.RunLong.class::isInstance)
            .map(event -> ((SchedulerEvent.RunLong) event).ran())
            .toList();
    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0)).isBetween(Duration.ofHours(1), Duration.ofMinutes(61));
    assertDefault("warning of a pass without timeout", Duration.ofHours(1));
    assertDefault("timeout of a pass", interrupts.isEmpty() ? "none" : "some");
  }

  @Test
  void retry() {
    assertDefault("retry", RetryPolicy.defaults());
    var attempts = new ArrayList<Integer>();
    Job<Integer> failing =
        Job.named("failing", Integer.class)
            .handler(
                (ctx, number) -> {
                  attempts.add(ctx.attempt());
                  throw new IOException("down");
                });
    Scheduler scheduler =
        Scheduler.builder().store(store()).host(time.newHost()).register(failing).start();
    scheduler.enqueue(failing, 1);
    time.advance(Duration.ofHours(5));

    assertThat(attempts).containsExactly(1, 2, 3, 4, 5);
  }

  @Test
  void queueAndPriority() {
    builder().start();

    Lane lane = memory.catalog().lanes().get(0);
    assertDefault("queue of a job", lane.queue());
    assertDefault("priority of a job", lane.priority());
  }

  @Test
  void store_isInMemory() {
    // Without a store the start needs nothing but the class path of core; what was kept is gone.
    Job<Integer> job = Job.named("job", Integer.class).handler((ctx, number) -> {});
    try (Scheduler first = Scheduler.builder().register(job).start()) {
      first.enqueue(job, 1);
    }
    try (Scheduler second = Scheduler.builder().register(job).start()) {
      boolean empty = second.runs(RunQuery.all()).items().isEmpty();
      assertDefault("store", empty ? "in memory" : "kept");
    }
  }

  @Test
  void schedule() {
    Schedule schedule = Schedule.cron("0 3 * * *");

    assertDefault("zone of a schedule", schedule.zone().orElseThrow());
    assertThat(schedule.catchUp()).isEqualTo(CatchUp.latest());
    assertDefault("missed ticks", "LATEST");
    assertDefault("overlapping ticks", schedule.overlap());
    assertDefault("times that the clock leaps over", schedule.dst());
    assertDefault("jitter of a schedule", schedule.jitter());
    Schedule monthly = Schedule.monthly(31, LocalTime.NOON, ZoneOffset.UTC);
    Stream.of(MonthEnd.values())
        .filter(end -> monthly.equals(monthly.withMonthEnd(end)))
        .forEach(end -> assertDefault("days that a month lacks", end));
  }

  @Test
  void smallValues() {
    assertDefault("held unique key", Unique.whileActive("key").onConflict());
    assertDefault("page of runs", RunQuery.all().limit());
    assertDefault("most bytes of an input or result", Payload.MAX_BYTES);
  }

  @Test
  void tablePrefix(@TempDir Path folder) {
    try (var store = JdbcJobStore.embedded(folder.resolve("app"))) {
      String ddl = store.ddl();
      assertThat(ddl).contains("create table if not exists belfry_run (");
      assertDefault("table prefix", "belfry_");
    }
  }

  private SchedulerBuilder builder() {
    return Scheduler.builder().store(store()).host(time.newHost()).register(slow);
  }

  private List<Call> callsOf(String method) {
    return calls.stream().filter(call -> call.method.equals(method)).toList();
  }

  /** Returns the store in memory, with a record of its calls. */
  private JobStore store() {
    return (JobStore)
        Proxy.newProxyInstance(
            JobStore.class.getClassLoader(),
            new Class<?>[] {JobStore.class},
            (proxy, method, arguments) -> {
              List<Object> given = arguments == null ? List.of() : List.of(arguments);
              calls.add(new Call(time.now(), method.getName(), given));
              try {
                return method.invoke(memory, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static void assertDefault(String what, Object measured) {
    COMPARED.add(what);
    String documented = DOCUMENTED.get(what);
    if (documented == null) {
      fail("docs/defaults.md has no row \"" + what + "\"; rows: " + DOCUMENTED.keySet());
    }
    assertThat(measured.toString()).as(what).isEqualTo(documented);
  }

  private static Map<String, String> documented() {
    try {
      var rows = new TreeMap<String, String>();
      for (String line : Files.readAllLines(Path.of("../docs/defaults.md"))) {
        String[] cells = line.split("\\|", -1);
        boolean row = cells.length == 5 && !cells[1].startsWith("-") && !cells[1].contains("what");
        if (row) {
          rows.put(cells[1].strip(), cells[2].strip());
        }
      }
      return rows;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
