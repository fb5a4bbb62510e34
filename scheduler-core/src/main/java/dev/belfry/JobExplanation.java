// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.Page;
import dev.belfry.run.Run;
import dev.belfry.run.RunQuery;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import dev.belfry.store.JobStore;
import dev.belfry.store.RunRecord;
import dev.belfry.store.ScheduleRow;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Says in a sentence what a job does or, if it starts nothing, why not. */
final class JobExplanation {
  /** What there may be to say, the most pressing first; the first that speaks is told. */
  private static final List<Function<JobExplanation, Optional<String>>> CAUSES =
      List.of(
          JobExplanation::paused,
          JobExplanation::unserved,
          JobExplanation::due,
          JobExplanation::held,
          JobExplanation::running,
          JobExplanation::blocked,
          JobExplanation::waiting,
          JobExplanation::toCome,
          JobExplanation::scheduled,
          JobExplanation::schedulesPaused);

  private static final int MOST = 100;

  private final JobStore store;
  private final Present present;
  private final String job;

  private JobExplanation(JobStore store, String job) {
    this.store = store;
    this.present = Present.of(store);
    this.job = job;
  }

  static String of(JobStore store, String job) {
    return "job \"" + job + "\" " + new JobExplanation(store, job).predicate();
  }

  private String predicate() {
    return CAUSES.stream()
        .flatMap(cause -> cause.apply(this).stream())
        .findFirst()
        .orElseGet(() -> "has nothing to do: it has no runs to come and no schedule" + last());
  }

  private Optional<String> paused() {
    return present.pauseOf(job).map(pause -> "starts nothing: " + pause);
  }

  private Optional<String> unserved() {
    return present.lackOf(job).map(lack -> "starts nothing: " + lack);
  }

  private Optional<String> due() {
    return store
        .nextDue(job)
        .filter(due -> !due.isAfter(present.now()))
        .map(due -> "has runs that are due since " + due + " and wait for a free worker");
  }

  private Optional<String> held() {
    return page(Status.SCHEDULED).items().stream()
        .flatMap(
            record ->
                LimitWords.whatFor(record.heldFor())
                    .map(
                        what ->
                            "has runs that are put aside; the newest, run "
                                + record.run().id()
                                + ", waits for "
                                + what)
                    .stream())
        .findFirst();
  }

  private Optional<String> running() {
    return newest(Status.RUNNING, "running", run -> "");
  }

  private Optional<String> blocked() {
    return newest(
        Status.BLOCKED, "blocked", run -> ": " + ((RunState.Blocked) run.state()).reason());
  }

  private Optional<String> toCome() {
    return store.nextDue(job).map(due -> "starts its next run at " + due);
  }

  private Optional<String> waiting() {
    return newest(
        Status.WAITING, "waiting", run -> ": " + ((RunState.Waiting) run.state()).reason());
  }

  private Optional<String> newest(Status status, String word, Function<Run, String> more) {
    Page<RunRecord> page = page(status);
    return page.items().stream()
        .findFirst()
        .map(RunRecord::run)
        .map(
            run ->
                "has "
                    + page.items().size()
                    + (page.more() ? " or more" : "")
                    + (page.items().size() == 1 ? " run " : " runs ")
                    + word
                    + "; the newest is run "
                    + run.id()
                    + more.apply(run));
  }

  private Page<RunRecord> page(Status status) {
    return store.runs(RunQuery.ofJob(job).in(status).limit(MOST));
  }

  private Optional<String> scheduled() {
    return schedules().stream()
        .filter(row -> !row.paused() && row.nextAt().isPresent())
        .min(Comparator.comparing((ScheduleRow row) -> row.nextAt().orElse(Instant.MAX)))
        .map(
            row ->
                "has no runs; its schedule \""
                    + row.id()
                    + "\" fires next at "
                    + row.nextAt().orElseThrow());
  }

  private Optional<String> schedulesPaused() {
    return schedules().stream()
        .filter(ScheduleRow::paused)
        .findFirst()
        .map(row -> "has no runs; its schedule \"" + row.id() + "\" is paused");
  }

  private List<ScheduleRow> schedules() {
    return store.schedulesOf(job, MOST);
  }

  private String last() {
    return store.runs(RunQuery.ofJob(job).limit(1)).items().stream()
        .findFirst()
        .map(record -> "; its last " + Explanation.of(store, record))
        .orElse("");
  }
}
