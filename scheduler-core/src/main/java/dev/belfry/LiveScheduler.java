// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.JobDefinition.Planned;
import dev.belfry.host.Host;
import dev.belfry.store.Catalog;
import dev.belfry.store.CodecException;
import dev.belfry.store.JobStore;
import dev.belfry.store.StoreInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A started scheduler: a client, a node, and the plug-ins around them. Thread-safe. */
final class LiveScheduler extends Client implements Scheduler {
  private static final Logger log = LoggerFactory.getLogger(Scheduler.class);
  private static final Duration CLOSE_MARGIN = Duration.ofSeconds(10);

  private final Settings settings;
  private final Node node;
  private Host.@Nullable Cancellable exitHook; // guarded by this
  private boolean closing; // guarded by this

  private LiveScheduler(Settings settings, Node node, RunIds ids) {
    super(
        settings.store(),
        settings.jobs(),
        settings.payloads(),
        settings.host(),
        ids,
        Optional.of(node));
    this.settings = settings;
    this.node = node;
  }

  static Scheduler start(Settings settings) {
    try {
      checkTypes(settings.jobs(), settings.payloads());
      return start(settings, settings.store().open());
    } catch (Throwable failed) {
      settings.host().close();
      throw failed;
    }
  }

  private static Scheduler start(Settings settings, StoreInfo info) {
    JobStore store = settings.store();
    LiveScheduler scheduler;
    Instant now;
    try {
      now = store.now();
      Catalog catalog = store.declare(Declarations.of(settings.jobs(), settings.payloads(), now));
      var ids = new RunIds(settings.host());
      scheduler = new LiveScheduler(settings, Node.start(settings, catalog, ids, info), ids);
    } catch (Throwable failed) {
      store.close();
      throw failed;
    }
    scheduler.begin(info, now);
    return scheduler;
  }

  /** Refuses jobs whose types the codec can't carry. */
  static void checkTypes(Jobs jobs, Payloads payloads) {
    for (JobDefinition<?, ?> job : jobs.all()) {
      try {
        payloads.codec().check(job.input());
        payloads.codec().check(job.result());
        job.subscriptions().forEach(each -> payloads.codec().check(each.type().data()));
        job.dependencies().types().forEach(payloads.codec()::check);
      } catch (CodecException e) {
        throw new IllegalArgumentException("job \"" + job.name() + "\": " + e.getMessage(), e);
      }
    }
  }

  private void announce(StoreInfo info) {
    Optional<Instant> next =
        settings.jobs().schedules().keySet().stream()
            .flatMap(id -> settings.store().schedule(id).stream())
            .filter(row -> !row.paused())
            .flatMap(row -> row.nextAt().stream())
            .min(Instant::compareTo);
    log.info(
        "Belfry {} started: {}{}, node {}, {} workers{}, {} jobs, next run {}",
        Version.TEXT,
        info.product(),
        info.schema() == 0 ? "" : ", schema " + info.schema(),
        settings.name(),
        workers(settings.workers()),
        settings.virtualThreads() ? " on virtual threads" : "",
        settings.jobs().all().size(),
        next.map(Instant::toString).orElse("when one is enqueued"));
  }

  private void warnOfClockChanges(Instant now) {
    for (Planned<?> planned : settings.jobs().schedules().values()) {
      try {
        planned.schedule().clockChange(now).ifPresent(change -> node.warn(planned.id(), change));
      } catch (RuntimeException unknown) { // an exclusion without an answer; this is advice only
        log.warn("can't see whether the clock changes for schedule {}", planned.id(), unknown);
      }
    }
  }

  private static String workers(Map<String, Integer> queues) {
    boolean plain = queues.keySet().equals(Set.of("default"));
    return plain ? queues.values().iterator().next().toString() : new TreeMap<>(queues).toString();
  }

  private void begin(StoreInfo info, Instant now) {
    try {
      announce(info);
      warnOfClockChanges(now);
      var context = new SchedulerContext(settings, this);
      settings.plugins().forEach(plugin -> plugin.started(context));
    } catch (Throwable failed) {
      close();
      throw failed;
    }
  }

  @Override
  public void wake() {
    settings.host().post(node::pollSoon);
  }

  @Override
  public boolean awaitIdle(Duration timeout) throws InterruptedException {
    return settings.host().await(node.whenIdle(), timeout);
  }

  @Override
  public void awaitShutdown() throws InterruptedException {
    while (!settings.host().await(node.whenClosed(), Duration.ofDays(1))) {
      // not yet
    }
  }

  @Override
  public synchronized Scheduler closeOnShutdown() {
    if (exitHook == null && !closing) {
      exitHook = settings.host().onExit(this::close);
    }
    return this;
  }

  @Override
  public void close() {
    if (!beginClosing()) {
      return;
    }
    for (Plugin plugin : settings.plugins()) {
      try {
        plugin.close();
      } catch (RuntimeException failed) {
        log.warn("plug-in {} could not be closed", plugin, failed);
      }
    }
    awaitClosed();
  }

  private synchronized boolean beginClosing() {
    boolean first = !closing;
    closing = true;
    if (exitHook != null) {
      exitHook.cancel();
    }
    return first;
  }

  private void awaitClosed() {
    try {
      if (!settings.host().await(node.close(), settings.grace().plus(CLOSE_MARGIN))) {
        log.warn("the scheduler has not closed in time; its lease will run out");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt(); // closing goes on without the caller
    }
  }
}
