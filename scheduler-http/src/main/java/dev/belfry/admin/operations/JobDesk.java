// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import dev.belfry.EnqueueOptions;
import dev.belfry.Job;
import dev.belfry.JobStatistics;
import dev.belfry.JobView;
import dev.belfry.RunHandle;
import dev.belfry.ScheduleView;
import dev.belfry.http.Principal;
import dev.belfry.http.routing.Problem;
import dev.belfry.run.KeyHeldException;
import dev.belfry.run.Run;
import dev.belfry.run.Unique;
import dev.belfry.store.ScheduleRow;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The jobs. Thread-safe.
 *
 * <p>A confined principal sees the jobs with one of their tags that this node knows; for them all
 * others are not there. What is counted of a job is all of it: the runs of a job have its tags.
 */
public final class JobDesk {
  private final Ground ground;
  private final Inputs inputs;
  private final ScheduleReading schedules;

  JobDesk(Ground ground) {
    this.ground = ground;
    this.inputs = new Inputs(ground);
    this.schedules = new ScheduleReading(ground);
  }

  /**
   * Returns the jobs that this node knows, in order of registration, then those that only other
   * nodes know or that have runs which nobody knows, in order of name.
   */
  public List<JobEntry> list(Principal who) {
    return Board.of(ground, who).jobs();
  }

  /**
   * Returns all that there is to see of a job.
   *
   * @param name its present or a former name
   * @throws Problem 404 if there is no such job
   */
  public JobDetail get(Principal who, String name) {
    JobEntry entry = Board.of(ground, who).job(ground.presentName(name));
    List<ScheduleRow> rows = ground.store().schedulesOf(entry.name(), Limits.MOST);
    return new JobDetail(
        entry,
        entry.view().map(view -> seen(who, ground.client().statistics(view.job()))),
        ground.explanation(who, ground.client().explainJob(entry.name())),
        schedules.entries(
            who,
            rows.stream()
                .filter(row -> Ground.sees(who, row.tags()))
                .map(ScheduleView::of)
                .toList()));
  }

  private JobStatistics seen(Principal who, JobStatistics all) {
    return new JobStatistics(
        all.job(),
        all.total(),
        all.completed(),
        all.failed(),
        all.timedOut(),
        all.cancelled(),
        all.skipped(),
        all.mean(),
        all.longest(),
        seen(who, all.lastRun()),
        seen(who, all.lastSuccess()),
        seen(who, all.lastFailure()),
        all.nextRun(),
        all.lastRuns().stream().flatMap(run -> seen(who, Optional.of(run)).stream()).toList());
  }

  private Optional<Run> seen(Principal who, Optional<Run> run) {
    return run.filter(one -> Ground.sees(who, one.tags())).map(ground.redaction()::run);
  }

  /**
   * Enqueues a run of a job that this node knows.
   *
   * @throws Problem 404 if there is no such job; 422 with the place if something is wrong; 409
   *     {@code key-held} if the key is held and it is to be rejected then
   */
  public Enqueued enqueue(Principal who, String name, EnqueueRequest request) {
    JobView view =
        ground.job(who, name).orElseThrow(() -> Problem.notFound("job known to this node"));
    Inputs.checkTags(who, view, request.tags());
    EnqueueOptions options = options(who, request);
    return enqueue(who, view.job(), request, options);
  }

  private <I extends @Nullable Object> Enqueued enqueue(
      Principal who, Job<I> job, EnqueueRequest request, EnqueueOptions options) {
    I input = inputs.input(job, request.input());
    return ground.act(
        who,
        Change.of("job.enqueue", "job " + job.name()),
        () -> enqueued(job, input, options),
        done ->
            Optional.of(
                Json.object()
                    .put("run", done.run())
                    .put("dueAt", request.dueAt())
                    .put("delay", request.delay())
                    .put("key", request.key())
                    .put("tags", request.tags())
                    .text()));
  }

  private <I extends @Nullable Object> Enqueued enqueued(
      Job<I> job, I input, EnqueueOptions options) {
    try {
      RunHandle handle = ground.client().enqueue(job, input, options);
      return new Enqueued(handle.id(), handle.created());
    } catch (KeyHeldException held) {
      throw Problem.of(409, "key-held", String.valueOf(held.getMessage()));
    } catch (IllegalArgumentException refused) {
      throw Problem.invalid("/input", String.valueOf(refused.getMessage()));
    }
  }

  private static EnqueueOptions options(Principal who, EnqueueRequest request) {
    EnqueueOptions options = due(request).withActor(who.name());
    if (request.priority().isPresent()) {
      EnqueueOptions plain = options;
      options = Inputs.valid("/priority", () -> plain.withPriority(request.priority().getAsInt()));
    }
    if (!request.tags().isEmpty()) {
      EnqueueOptions plain = options;
      options = Inputs.valid("/tags", () -> plain.withTags(request.tags().toArray(String[]::new)));
    }
    return unique(request).map(options::withUnique).orElse(options);
  }

  private static EnqueueOptions due(EnqueueRequest request) {
    if (request.dueAt().isPresent() && request.delay().isPresent()) {
      throw Problem.invalid("/delay", "delay must not be given together with dueAt");
    }
    if (request.dueAt().isPresent()) {
      return Inputs.valid("/dueAt", () -> EnqueueOptions.at(request.dueAt().get()));
    }
    return Inputs.valid(
        "/delay", () -> request.delay().map(EnqueueOptions::after).orElse(EnqueueOptions.now()));
  }

  private static Optional<Unique> unique(EnqueueRequest request) {
    if (request.key().isEmpty()) {
      if (request.window().isPresent() || request.onConflict().isPresent()) {
        throw Problem.invalid("/key", "key must be given if window or onConflict is");
      }
      return Optional.empty();
    }
    Unique.OnConflict onConflict = request.onConflict().orElse(Unique.OnConflict.REJECT);
    String key = request.key().get();
    Unique held = Inputs.valid("/key", () -> Unique.whileActive(key).on(onConflict));
    return Optional.of(
        request
            .window()
            .map(time -> Inputs.valid("/window", () -> Unique.within(time, key).on(onConflict)))
            .orElse(held));
  }
}
