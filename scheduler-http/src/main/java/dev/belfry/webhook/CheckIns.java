// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static java.util.Objects.requireNonNull;

import dev.belfry.Job;
import dev.belfry.Plugin;
import dev.belfry.SchedulerEvent;
import dev.belfry.SchedulerListener;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.schedule.Schedule;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;

/**
 * Tells services that watch over jobs, such as healthchecks.io and Sentry, when runs start and how
 * they end, so that somebody outside notices if they do not. A plug-in; set before the start, by
 * one thread.
 *
 * <pre>{@code
 * Scheduler.builder().with(
 *     CheckIns.create()
 *         .healthchecks(cleanup, () -> URI.create(env("CLEANUP_PING_URL")))
 *         .heartbeat(ofMinutes(1), () -> URI.create(env("HEARTBEAT_URL"))))
 * }</pre>
 *
 * <p>A ping is a GET that waits up to 10 seconds for an answer, and is tried three times; then it
 * is logged and forgotten. It is made beside the run, which it neither delays nor fails; those of a
 * job come one after another. At most 1,000 of a job wait; further ones are dropped.
 */
public final class CheckIns implements Plugin {
  /** The job that tells that the scheduler lives. */
  public static final String HEARTBEAT_JOB = "check-ins/heartbeat";

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int REMEMBERED = 10_000;
  private static final int KEPT = 1024;

  private final Map<String, Watch> byJob = new LinkedHashMap<>();
  private final List<Job<?>> heartbeat = new ArrayList<>();
  private DestinationGuard guard = DestinationGuard.standard();

  /** What a job's runs are told by. */
  private record Watch(Style style, Supplier<URI> url, CheckInPings pings) {}

  /** What is called at what happens to a run. */
  private interface Style {
    URI url(URI base, Moment moment, String run);
  }

  private enum Moment {
    STARTED,
    GOOD,
    BAD
  }

  private CheckIns() {}

  /** Returns check-ins of no job yet. */
  public static CheckIns create() {
    return new CheckIns();
  }

  /**
   * Tells a check of healthchecks.io, or a server of its kind: {@code /start} when a run starts,
   * the URL itself when it has completed, {@code /fail} when it has ended otherwise, with the run's
   * id as {@code rid}.
   *
   * @param url the check's ping URL, which is a secret; asked for at each ping
   */
  public CheckIns healthchecks(Job<?> job, Supplier<URI> url) {
    return watch(job, CheckIns::healthchecksUrl, url);
  }

  /**
   * Tells a cron monitor of Sentry: {@code in_progress} when a run starts, {@code ok} when it has
   * completed, {@code error} when it has ended otherwise, with the run's id as {@code check_in_id}.
   *
   * @param url the monitor's check-in URL, {@code https://…/api/1/cron/nightly/key/}, which is a
   *     secret; asked for at each ping
   */
  public CheckIns sentry(Job<?> job, Supplier<URI> url) {
    return watch(job, CheckIns::sentryUrl, url);
  }

  private CheckIns watch(Job<?> job, Style style, Supplier<URI> url) {
    requireNonNull(url, "url");
    var watch = new Watch(style, url, new CheckInPings(job.name(), this::ping));
    if (byJob.putIfAbsent(job.name(), watch) != null) {
      throw new IllegalArgumentException("job \"" + job.name() + "\" checks in somewhere already");
    }
    return this;
  }

  /**
   * Calls a URL at an interval, as a run of a job of its own: as long as runs are started and
   * carried out, by whatever node of the store, it is called.
   *
   * @param every at least a second
   */
  public CheckIns heartbeat(Duration every, Supplier<URI> url) {
    requireNonNull(url, "url");
    if (!heartbeat.isEmpty()) {
      throw new IllegalArgumentException("there is a heartbeat already");
    }
    heartbeat.add(
        Job.named(HEARTBEAT_JOB)
            .title("Heartbeat")
            .schedule(Schedule.every(every))
            .retry(RetryPolicy.fixed(Duration.ofSeconds(1)).withMaxAttempts(CheckInPings.TRIES))
            .handler(
                ctx -> {
                  ping(url.get());
                }));
    return this;
  }

  /** Sets which destinations are allowed. Default: {@link DestinationGuard#standard()}. */
  public CheckIns guard(DestinationGuard newGuard) {
    this.guard = requireNonNull(newGuard, "guard");
    return this;
  }

  // Plug-in

  @Override
  public List<Job<?>> jobs() {
    return List.copyOf(heartbeat);
  }

  @Override
  public List<SchedulerListener> listeners() {
    return List.of(new Listener());
  }

  /** Has pings under way not be tried again; those of runs that end until the end are made. */
  @Override
  public void close() {
    byJob.values().forEach(watch -> watch.pings().hurry());
  }

  /** Hears what happens on this node; called by one thread at a time. */
  private final class Listener implements SchedulerListener {
    /** Runs that were told to have started: later passes of theirs are no start. */
    private final Set<String> started =
        Collections.newSetFromMap(
            new LinkedHashMap<>() {
              private static final long serialVersionUID = 1;

              @Override
              protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                return size() > REMEMBERED;
              }
            });

    @Override
    public void on(SchedulerEvent event) {
      if (event instanceof SchedulerEvent.RunStarted begun && byJob.containsKey(begun.job())) {
        if (started.add(begun.run().toString())) {
          tell(begun.job(), Moment.STARTED, begun.run().toString());
        }
      } else if (event instanceof SchedulerEvent.RunEnded ended && byJob.containsKey(ended.job())) {
        started.remove(ended.run().toString());
        moment(ended).ifPresent(moment -> tell(ended.job(), moment, ended.run().toString()));
      }
    }
  }

  private static Optional<Moment> moment(SchedulerEvent.RunEnded ended) {
    return switch (ended.status()) {
      case COMPLETED -> Optional.of(Moment.GOOD);
      case SKIPPED -> Optional.empty(); // it has not started
      default -> Optional.of(Moment.BAD);
    };
  }

  private void tell(String job, Moment moment, String run) {
    Watch watch = requireNonNull(byJob.get(job), "it was asked for");
    watch.pings().add(() -> watch.style().url(watch.url().get(), moment, run));
  }

  private void ping(URI url) throws InterruptedException {
    var exchanges =
        new HttpExchanges(guard, (SSLSocketFactory) SSLSocketFactory.getDefault(), KEPT);
    new HttpExpectations()
        .check(exchanges.exchange(new HttpCall("GET", url, Map.of(), new byte[0], TIMEOUT)));
  }

  private static URI healthchecksUrl(URI base, Moment moment, String run) {
    String suffix =
        switch (moment) {
          case STARTED -> "/start";
          case GOOD -> "";
          case BAD -> "/fail";
        };
    return with(base, suffix, "rid=" + run);
  }

  private static URI sentryUrl(URI base, Moment moment, String run) {
    String status =
        switch (moment) {
          case STARTED -> "in_progress";
          case GOOD -> "ok";
          case BAD -> "error";
        };
    return with(base, "", "status=" + status + "&check_in_id=" + run);
  }

  /** Returns a URL with more at the end of its path and of its query. */
  private static URI with(URI base, String suffix, String parameters) {
    String text = base.toString();
    int query = text.indexOf('?');
    String path = query < 0 ? text : text.substring(0, query);
    String before = query < 0 ? "" : text.substring(query + 1) + "&";
    boolean slash = path.endsWith("/") && !suffix.isEmpty();
    return URI.create(
        (slash ? path.substring(0, path.length() - 1) : path) + suffix + "?" + before + parameters);
  }
}
