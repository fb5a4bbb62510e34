// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import dev.belfry.AlertCondition.Deadline;
import dev.belfry.AlertCondition.Failures;
import dev.belfry.AlertCondition.Longer;
import dev.belfry.AlertCondition.Missed;
import dev.belfry.AlertCondition.Partial;
import dev.belfry.run.Pass;
import dev.belfry.run.Run;
import dev.belfry.run.RunEnd;
import dev.belfry.run.RunQuery;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import dev.belfry.store.JobStore;
import dev.belfry.store.RunRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the ends of runs are to alert rules. One thread at a time, not the control loop's. */
final class AlertEnds {
  /*
   * Ends are looked at when they are delivered, those of a job together, and in the light of what
   * history says by then. First, what is over: else a streak that follows at once on another would
   * be taken for the same. A job that is well costs one read for all its ends of a round.
   */
  private static final int MOST = 1_000;

  private final JobStore store;
  private final Jobs jobs;
  private final AlertBook book;

  AlertEnds(Settings settings) {
    this.store = settings.store();
    this.jobs = settings.jobs();
    this.book = new AlertBook(settings);
  }

  /** Looks at runs that have ended. */
  void look(Collection<RunRecord> ended) {
    ended.stream()
        .collect(groupingBy(record -> record.run().job(), LinkedHashMap::new, toList()))
        .forEach(this::look);
  }

  private void look(String name, List<RunRecord> ended) {
    JobDefinition<?, ?> job = jobs.find(name);
    if (job == null || jobs.alertsOf(job).isEmpty()) {
      return;
    }
    Map<String, AlertState> open = book.openOf(name);
    for (AlertRule rule : jobs.alertsOf(job)) {
      Optional.ofNullable(open.get(rule.name()))
          .flatMap(state -> end(rule.condition(), state.alert(), ended))
          .ifPresent(at -> book.close(rule, name, at));
      begin(rule, name, ended);
    }
  }

  // What is over

  /** Returns when what was told of came to an end, if one of these runs says so. */
  private Optional<Instant> end(AlertCondition condition, Alert alert, List<RunRecord> ended) {
    return ended.stream()
        .map(RunRecord::run)
        .filter(run -> isLater(run, alert) && isEnd(condition, run))
        .map(AlertEnds::endedAt)
        .min(Comparator.naturalOrder());
  }

  private static boolean isLater(Run run, Alert alert) {
    return alert
        .run()
        .map(about -> run.id().compareTo(about) > 0)
        .orElseGet(() -> endedAt(run).isAfter(alert.last()));
  }

  private boolean isEnd(AlertCondition condition, Run run) {
    if (condition instanceof Longer longer) {
      return run.startedAt().isPresent() && !isLonger(run, longer.than());
    } else if (condition instanceof Deadline deadline && !deadline.finished()) {
      return run.startedAt().isPresent();
    }
    boolean whole = run.counters().failed() == 0 || !(condition instanceof Partial);
    return run.status() == Status.COMPLETED && whole;
  }

  private boolean isLonger(Run run, Duration than) {
    Duration atMost = Duration.between(run.startedAt().orElseThrow(), endedAt(run));
    return atMost.compareTo(than) > 0 // else no pass need be read
        && store.passes(run.id()).stream().map(Pass::ran).anyMatch(ran -> ran.compareTo(than) > 0);
  }

  private static Instant endedAt(Run run) {
    return ((RunState.Ended) run.state()).at();
  }

  // What begins, or goes on

  private void begin(AlertRule rule, String job, List<RunRecord> ended) {
    if (rule.condition() instanceof Failures failures) {
      failed(rule, failures, job, ended.stream().map(RunRecord::run).toList());
    } else if (rule.condition() instanceof Partial) {
      ended.stream()
          .map(RunRecord::run)
          .filter(run -> run.status() == Status.COMPLETED)
          .max(Comparator.comparing(Run::id))
          .filter(run -> run.counters().failed() > 0)
          .ifPresent(run -> book.open(rule, job, () -> partial(rule, run)));
    } else if (rule.condition() instanceof Missed) {
      ended.stream()
          .filter(AlertEnds::isMissed)
          .map(RunRecord::run)
          .max(Comparator.comparing(Run::id))
          .ifPresent(record -> book.open(rule, job, () -> missed(rule, record)));
    }
  }

  private void failed(AlertRule rule, Failures failures, String job, List<Run> ended) {
    if (ended.stream().noneMatch(run -> isFailure(run, failures))) {
      return;
    }
    Optional<Run> success =
        store.runs(RunQuery.ofJob(job).in(Status.COMPLETED).limit(1)).items().stream()
            .findFirst()
            .map(RunRecord::run);
    List<Run> streak =
        failures.inARow() == 1
            ? since(success, failures, ended)
            : since(success, failures, failures(job, failures.inARow()));
    if (streak.size() >= failures.inARow()) {
      book.open(rule, job, () -> failed(rule, counted(job, success, streak, failures), failures));
    }
  }

  /** The whole streak, if it is among the newest failures. */
  private List<Run> counted(
      String job, Optional<Run> success, List<Run> streak, Failures failures) {
    List<Run> all = since(success, failures, failures(job, MOST));
    return all.size() < streak.size() ? streak : all;
  }

  private List<Run> failures(String job, int most) {
    return store
        .runs(RunQuery.ofJob(job).in(Status.FAILED, Status.TIMED_OUT).limit(most))
        .map(RunRecord::run)
        .items();
  }

  private static List<Run> since(Optional<Run> success, Failures failures, List<Run> runs) {
    return runs.stream()
        .filter(run -> isFailure(run, failures))
        .filter(run -> success.isEmpty() || run.id().compareTo(success.get().id()) > 0)
        .sorted(Comparator.comparing(Run::id))
        .toList();
  }

  private static boolean isFailure(Run run, Failures failures) {
    boolean failed = run.status() == Status.FAILED || run.status() == Status.TIMED_OUT;
    return failed && failures.which().test(run);
  }

  private static boolean isMissed(RunRecord record) {
    return EndingDelivery.isRecordOfTicks(record)
        && record.run().state() instanceof RunState.Skipped skipped
        && skipped.reason().startsWith(TickPlan.MISSED);
  }

  // Sentences

  private static Alert failed(AlertRule rule, List<Run> streak, Failures failures) {
    Run newest = streak.get(streak.size() - 1);
    RunEnd end = RunEnd.of(newest);
    String which = "run " + newest.id() + ", at " + end.at() + ": " + end.reason();
    String what =
        failures.inARow() == 1 && streak.size() == 1
            ? " ended " + end.status() + ", "
            : ": " + streak.size() + " runs in a row failed, the newest is ";
    return new Alert(
        rule.name(),
        Optional.of(newest.job()),
        Optional.of(newest.id()),
        "job " + newest.job() + what + which,
        endedAt(streak.get(0)),
        end.at(),
        streak.size(),
        false);
  }

  private static Alert partial(AlertRule rule, Run run) {
    long failed = run.counters().failed();
    return alert(
        rule,
        run,
        "run "
            + run.id()
            + " completed with "
            + failed
            + " of "
            + (failed + run.counters().succeeded())
            + " items failed");
  }

  private static Alert missed(AlertRule rule, Run record) {
    String schedule = record.trigger().schedule().orElse("");
    String reason = ((RunState.Skipped) record.state()).reason();
    return alert(rule, record, "schedule " + schedule + " left out ticks: " + reason);
  }

  private static Alert alert(AlertRule rule, Run run, String what) {
    Instant at = endedAt(run);
    return new Alert(
        rule.name(),
        Optional.of(run.job()),
        Optional.of(run.id()),
        "job " + run.job() + ": " + what,
        at,
        at,
        1,
        false);
  }
}
