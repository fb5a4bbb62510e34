// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static java.util.stream.Collectors.toSet;

import dev.belfry.AlertCondition.Deadline;
import dev.belfry.AlertCondition.NodeLost;
import dev.belfry.AlertCondition.Unserved;
import dev.belfry.host.Host;
import dev.belfry.run.Run;
import dev.belfry.run.RunQuery;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import dev.belfry.schedule.Schedule;
import dev.belfry.store.Catalog;
import dev.belfry.store.JobStore;
import dev.belfry.store.Lane;
import dev.belfry.store.NodeInfo;
import dev.belfry.store.RunRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks each minute at what no end of a run tells: deadlines, and jobs that no node serves. For the
 * control loop, but for what says otherwise.
 */
final class AlertWatch {
  private static final Logger log = LoggerFactory.getLogger(Scheduler.class);
  private static final Duration EVERY = Duration.ofMinutes(1);

  /** What another node has told, and died, is found to be over at each so many looks. */
  private static final int SELDOM = 10;

  /** A job's runs may end in another order than they were made. */
  private static final int NEWEST = 20;

  private final Host host;
  private final JobStore store;
  private final AlertBook book;
  private final Calls calls;
  private final List<AlertRule> ofAll;
  private final List<Watched> deadlines;

  // Of the one look at a time:
  private final Map<Watched, Instant> settled = new HashMap<>();
  private @Nullable Instant begun;
  private boolean someOpen; // alerts of jobs that no node serves, perhaps
  private int looks;

  private volatile Set<String> lanes = Set.of(); // their jobs
  private boolean stopped;

  /** A rule of a job. */
  private record Watched(AlertRule rule, Deadline deadline, String job) {}

  AlertWatch(Settings settings, Catalog catalog) {
    this.host = settings.host();
    this.store = settings.store();
    this.book = new AlertBook(settings);
    this.calls = new Calls(host);
    this.ofAll = settings.jobs().alertsOfAll();
    this.deadlines =
        settings.jobs().all().stream()
            .flatMap(
                job -> settings.jobs().alertsOf(job).stream().flatMap(rule -> watched(rule, job)))
            .toList();
    update(catalog);
  }

  private static Stream<Watched> watched(AlertRule rule, JobDefinition<?, ?> job) {
    return rule.condition() instanceof Deadline deadline
        ? Stream.of(new Watched(rule, deadline, job.name()))
        : Stream.empty();
  }

  /** Takes over a newer catalog. */
  void update(Catalog catalog) {
    lanes = catalog.lanes().stream().map(Lane::job).collect(toSet());
  }

  void begin() {
    boolean unserved = ofAll.stream().anyMatch(rule -> rule.condition() instanceof Unserved);
    if (unserved || !deadlines.isEmpty()) {
      look();
    }
  }

  void stop() {
    stopped = true;
  }

  private void look() {
    if (stopped) {
      return;
    }
    calls.<Boolean>make(
        this::lookAtAll,
        (done, thrown) -> {
          if (thrown != null) {
            log.warn("alert rules can't look; they look again in {}", EVERY, thrown);
          }
          host.after(EVERY, this::look);
        });
  }

  private Boolean lookAtAll() {
    Instant now = store.now();
    looks++;
    Instant since = begun == null ? now : begun;
    begun = since;
    deadlines.forEach(watched -> lookAt(watched, since, now));
    for (AlertRule rule : ofAll) {
      if (rule.condition() instanceof Unserved unserved) {
        lookAt(rule, unserved, now);
      }
    }
    return true;
  }

  // Deadlines

  private void lookAt(Watched watched, Instant since, Instant now) {
    Schedule deadlines = watched.deadline.deadlines();
    Optional<Instant> deadline = deadlines.previous(now.plusNanos(1));
    if (deadline.isEmpty() || deadline.get().equals(settled.get(watched))) {
      return;
    }
    Instant from = deadlines.previous(deadline.get()).orElse(since);
    List<Instant> seen =
        watched.deadline.finished() ? ends(watched.job) : starts(watched.job, from);
    boolean met = seen.stream().anyMatch(from::isBefore);
    boolean isNew = seen.isEmpty() && from.isBefore(since); // nobody knows since when it exists
    if (met || isNew || (tell(watched, deadline.get(), from) && watched.rule.repeat().isEmpty())) {
      settled.put(watched, deadline.get());
    }
  }

  private boolean tell(Watched watched, Instant deadline, Instant from) {
    String what = watched.deadline.finished() ? "completed" : "started";
    return book.open(
        watched.rule,
        watched.job,
        () ->
            new Alert(
                watched.rule.name(),
                Optional.of(watched.job),
                Optional.empty(),
                "job "
                    + watched.job
                    + ": no run was "
                    + what
                    + " by "
                    + deadline
                    + ", since "
                    + from,
                deadline,
                deadline,
                1,
                false));
  }

  private List<Instant> ends(String job) {
    return newest(job, Status.COMPLETED).map(run -> ((RunState.Ended) run.state()).at()).toList();
  }

  /** What has begun and not ended is looked for last: it may lie among many that have not begun. */
  private List<Instant> starts(String job, Instant from) {
    List<Instant> first =
        startsOf(
            newest(
                job,
                Status.RUNNING,
                Status.COMPLETED,
                Status.FAILED,
                Status.TIMED_OUT,
                Status.CANCELLED));
    return first.stream().anyMatch(from::isBefore)
        ? first
        : Stream.concat(
                first.stream(), startsOf(newest(job, Status.SCHEDULED, Status.WAITING)).stream())
            .toList();
  }

  private static List<Instant> startsOf(Stream<Run> runs) {
    return runs.flatMap(run -> run.startedAt().stream()).toList();
  }

  private Stream<Run> newest(String job, Status first, Status... more) {
    return store.runs(RunQuery.ofJob(job).in(first, more).limit(NEWEST)).items().stream()
        .map(RunRecord::run);
  }

  // Jobs that no node serves

  private void lookAt(AlertRule rule, Unserved unserved, Instant now) {
    Set<String> served =
        store.nodes().stream().flatMap(node -> node.card().jobs().stream()).collect(toSet());
    boolean all = served.containsAll(lanes);
    if (all && !someOpen && looks % SELDOM != 0) {
      return;
    }
    Map<String, AlertState> open = book.openOf(rule);
    someOpen = !open.isEmpty() || !all;
    var jobs = new TreeSet<>(lanes);
    jobs.addAll(open.keySet());
    for (String job : jobs) {
      Optional<Instant> due =
          served.contains(job)
              ? Optional.empty()
              : store.nextDue(job).filter(since -> !since.isAfter(now));
      if (due.filter(since -> !since.plus(unserved.after()).isAfter(now)).isPresent()) {
        book.open(rule, job, () -> unserved(rule, job, due.get(), now));
      } else if (due.isEmpty() && open.containsKey(job)) {
        book.close(rule, job, now);
      }
    }
  }

  private static Alert unserved(AlertRule rule, String job, Instant due, Instant now) {
    return new Alert(
        rule.name(),
        Optional.of(job),
        Optional.empty(),
        "job " + job + ": runs are due since " + due + ", and no live node has a handler for it",
        due,
        now,
        1,
        false);
  }

  // Nodes

  /** Tells of nodes whose lease has ended and who are about to be declared dead. Off the loop. */
  void tellOfLostNodes() {
    try {
      lookAtNodes();
    } catch (RuntimeException failed) { // what they held must be freed all the same
      log.warn("alert rules can't see which nodes are lost", failed);
    }
  }

  private void lookAtNodes() {
    for (AlertRule rule : ofAll) {
      if (rule.condition() instanceof NodeLost) {
        Instant now = store.now();
        store.nodes().stream()
            .filter(node -> node.leaseUntil().isBefore(now))
            .forEach(node -> book.tell(rule, node.id().toString(), lost(rule, node, now)));
      }
    }
  }

  private static Alert lost(AlertRule rule, NodeInfo node, Instant now) {
    return new Alert(
        rule.name(),
        Optional.empty(),
        Optional.empty(),
        "node " + node.card().name() + " is lost: its lease ended at " + node.leaseUntil(),
        node.leaseUntil(),
        now,
        1,
        false);
  }
}
