// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static java.util.Objects.requireNonNull;

import dev.belfry.host.Host;
import dev.belfry.store.Codec;
import dev.belfry.store.JobStore;
import dev.belfry.store.Retention;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a scheduler is. Everything has a default but the jobs, and even without jobs it
 * starts, as a client. For one thread, to be used once.
 */
public final class SchedulerBuilder {
  private final List<Job<?>> jobs = new ArrayList<>();
  private final Map<String, Integer> workers = new LinkedHashMap<>();
  private final List<SchedulerListener> listeners = new ArrayList<>();
  private final List<Plugin> plugins = new ArrayList<>();
  private final List<AlertRule> alerts = new ArrayList<>();
  private final List<AlertSink> alertSinks = new ArrayList<>();
  private @Nullable JobStore store;
  private @Nullable Codec codec;
  private @Nullable Host host;
  private String name = "scheduler";
  private boolean virtualThreads;
  private Duration poll = Duration.ofSeconds(2);
  private Duration lease = Duration.ofSeconds(9);
  private Duration grace = Duration.ofSeconds(30);
  private Retention retention = new Retention(Duration.ofDays(30), Duration.ofDays(90));

  SchedulerBuilder() {}

  /**
   * Sets where jobs are kept. Default: in memory. The store is opened at the start and closed at
   * the end; a caller who goes on using it opens it too.
   */
  public SchedulerBuilder store(JobStore newStore) {
    this.store = requireNonNull(newStore, "store");
    return this;
  }

  /**
   * Registers jobs. May be called again.
   *
   * @throws IllegalArgumentException if two jobs share a name, at the start
   */
  public SchedulerBuilder register(Job<?>... newJobs) {
    jobs.addAll(List.of(newJobs));
    return this;
  }

  /** Adds extensions. May be called again. */
  public SchedulerBuilder with(Plugin... newPlugins) {
    plugins.addAll(List.of(newPlugins));
    return this;
  }

  /** Adds somebody who hears what happens on this node. May be called again. */
  public SchedulerBuilder listener(SchedulerListener listener) {
    listeners.add(requireNonNull(listener, "listener"));
    return this;
  }

  /** Adds somebody who hears how runs end on this node. May be called again. */
  public SchedulerBuilder onRunEnded(Consumer<? super SchedulerEvent.RunEnded> consumer) {
    requireNonNull(consumer, "consumer");
    return listener(
        event -> {
          if (event instanceof SchedulerEvent.RunEnded ended) {
            consumer.accept(ended);
          }
        });
  }

  /**
   * Adds alert rules: of each job that is registered here, and of no one job. A job's own rule of
   * the same name goes first. May be called again. Default: none.
   *
   * @throws IllegalArgumentException if there is one of the same name
   */
  public SchedulerBuilder alert(AlertRule... rules) {
    for (AlertRule rule : rules) {
      if (alerts.stream().anyMatch(other -> other.name().equals(rule.name()))) {
        throw new IllegalArgumentException(
            "the scheduler has the alert rule " + rule.name() + " twice");
      }
      alerts.add(rule);
    }
    return this;
  }

  /**
   * Adds somebody who is told what alert rules find, on whatever node; all nodes whose jobs have
   * rules should have the same ones, in the same order. May be called again. Default: the log.
   */
  public SchedulerBuilder onAlert(AlertSink sink) {
    alertSinks.add(requireNonNull(sink, "sink"));
    return this;
  }

  /** Sets the name of this node, for people; need not be unique. Default: {@code scheduler}. */
  public SchedulerBuilder name(String newName) {
    this.name = Names.check("node name", newName);
    return this;
  }

  /**
   * Sets how many handlers of the queue {@code default} run at once on this node. Default: 10, or
   * 100 on virtual threads.
   */
  public SchedulerBuilder workers(int count) {
    return queue("default", count);
  }

  /**
   * Gives a queue its workers on this node. Default: as many as the queue {@code default} has.
   *
   * @param count at least 1
   */
  public SchedulerBuilder queue(String queue, int count) {
    Names.check("queue name", queue);
    if (count < 1) {
      throw new IllegalArgumentException(
          "workers of queue \"" + queue + "\" must be at least 1, was " + count);
    }
    workers.put(queue, count);
    return this;
  }

  /**
   * Sets whether handlers run on virtual threads, which need Java 21. Default: false.
   *
   * @throws IllegalArgumentException on an older JVM, at the start
   */
  public SchedulerBuilder virtualThreads(boolean use) {
    this.virtualThreads = use;
    return this;
  }

  /**
   * Sets how often the store is asked for runs that other nodes enqueued, at the longest; up to a
   * fifth is taken off by chance. Runs enqueued here and runs whose due time is known do not wait
   * for it. Schedules that other nodes changed are found by a notice, or else every 30 seconds, or
   * as seldom as this if it is longer. Default: 2 seconds.
   *
   * @param interval 10 ms to 1 h
   */
  public SchedulerBuilder pollInterval(Duration interval) {
    this.poll = between("pollInterval", interval, Duration.ofMillis(10), Duration.ofHours(1));
    return this;
  }

  /**
   * Sets how long a node may go without a word before others take over its runs. It is renewed
   * after a third of that. Default: 9 seconds.
   *
   * @param duration 300 ms to 1 h; the same on all nodes of a store
   */
  public SchedulerBuilder lease(Duration duration) {
    this.lease = between("lease", duration, Duration.ofMillis(300), Duration.ofHours(1));
    return this;
  }

  /**
   * Sets how long {@link Scheduler#close()} lets handlers go on before it interrupts them. Default:
   * 30 seconds.
   *
   * @param period zero to 24 h
   */
  public SchedulerBuilder grace(Duration period) {
    this.grace = between("grace", period, Duration.ZERO, Duration.ofHours(24));
    return this;
  }

  /**
   * Sets how long ended runs are kept. Default: 30 days, and 90 days for failed and timed-out ones.
   *
   * @param ended for completed, cancelled and skipped runs; 1 minute to 100 years
   * @param failed for failed and timed-out runs; 1 minute to 100 years
   */
  public SchedulerBuilder keepHistory(Duration ended, Duration failed) {
    Duration least = Duration.ofMinutes(1);
    Duration most = Duration.ofDays(36_525);
    this.retention =
        new Retention(
            between("history of ended runs", ended, least, most),
            between("history of failed runs", failed, least, most),
            retention.events());
    return this;
  }

  /**
   * Sets how long events are kept for waits that begin later, once they are delivered, and how long
   * for jobs that no node knows. Default: 7 days.
   *
   * @param time 1 minute to 100 years
   */
  public SchedulerBuilder keepEvents(Duration time) {
    this.retention =
        new Retention(
            retention.ended(),
            retention.failed(),
            between("history of events", time, Duration.ofMinutes(1), Duration.ofDays(36_525)));
    return this;
  }

  /** Sets how inputs and results become bytes. Default: what the store suggests. */
  public SchedulerBuilder codec(Codec newCodec) {
    this.codec = requireNonNull(newCodec, "codec");
    return this;
  }

  /**
   * Sets the owner of clock, threads and randomness, for tests; it is closed with the scheduler.
   * Default: real ones.
   */
  public SchedulerBuilder host(Host newHost) {
    this.host = requireNonNull(newHost, "host");
    return this;
  }

  /**
   * Starts the scheduler: opens the store, says what jobs there are, and begins to run them.
   *
   * @throws IllegalArgumentException if what was set does not go together
   * @throws dev.belfry.store.StoreException if the store can't be opened
   */
  public Scheduler start() {
    return LiveScheduler.start(settings());
  }

  /** Returns what was set, checked. */
  Settings settings() {
    var all = new ArrayList<>(jobs);
    plugins.forEach(plugin -> all.addAll(plugin.jobs()));
    var hearing = new ArrayList<>(listeners);
    plugins.forEach(plugin -> hearing.addAll(plugin.listeners()));
    JobStore in = store != null ? store : JobStore.inMemory();
    boolean hasAlerts = all.stream().anyMatch(job -> !JobDefinition.of(job).alerts().isEmpty());
    if (hasAlerts || !alerts.isEmpty() || !alertSinks.isEmpty()) {
      all.add(AlertJob.of(List.copyOf(alertSinks)));
    }
    Jobs known = Jobs.of(all, alerts);
    return new Settings(
        name,
        in,
        new Payloads(Optional.ofNullable(codec).orElseGet(in::codec)),
        host != null ? host : Host.threads(name, virtualThreads),
        known,
        workersOf(known),
        virtualThreads,
        poll,
        lease,
        grace,
        retention,
        List.copyOf(hearing),
        List.copyOf(plugins));
  }

  private Map<String, Integer> workersOf(Jobs known) {
    int usual = workers.getOrDefault("default", virtualThreads ? 100 : 10);
    var all = new LinkedHashMap<String, Integer>();
    known.queues().forEach(queue -> all.put(queue, workers.getOrDefault(queue, usual)));
    all.computeIfPresent(
        Alerts.JOB, (queue, count) -> workers.getOrDefault(queue, AlertJob.WORKERS));
    for (String queue : workers.keySet()) {
      if (!queue.equals("default") && !all.containsKey(queue)) {
        throw new IllegalArgumentException(
            "queue \"" + queue + "\" has workers but no job; queues of jobs: " + known.queues());
      }
    }
    return Map.copyOf(all);
  }

  private static Duration between(String what, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          what + " must be " + least + " to " + most + ", was " + value);
    }
    return value;
  }
}
