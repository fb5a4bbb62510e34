// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import dev.belfry.Job;
import dev.belfry.JobView;
import dev.belfry.RunHandle;
import dev.belfry.ScheduleSpec;
import dev.belfry.ScheduleView;
import dev.belfry.Schedules;
import dev.belfry.http.Principal;
import dev.belfry.http.routing.Problem;
import dev.belfry.run.Page;
import dev.belfry.schedule.Schedule;
import dev.belfry.store.ScheduleRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The schedules. Thread-safe.
 *
 * <p>A confined principal sees the schedules with one of their tags; for them all others are not
 * there, though their ids are taken.
 */
public final class ScheduleDesk {
  private final Ground ground;
  private final Inputs inputs;
  private final ScheduleReading reading;

  ScheduleDesk(Ground ground) {
    this.ground = ground;
    this.inputs = new Inputs(ground);
    this.reading = new ScheduleReading(ground);
  }

  private Schedules schedules() {
    return ground.client().schedules();
  }

  /**
   * Returns schedules in order of id. Of a confined principal it looks at those of others too,
   * until the page is full.
   *
   * @param afterId where to go on: the last id of the page before
   * @param limit the most to return; 1 to 1,000
   */
  public Page<ScheduleEntry> list(Principal who, Optional<String> afterId, int limit) {
    Page<ScheduleView> views = views(who, afterId, Limits.check(limit));
    return new Page<>(reading.entries(who, views.items()), views.more());
  }

  private Page<ScheduleView> views(Principal who, Optional<String> afterId, int limit) {
    if (!who.isConfined()) {
      return schedules().list(afterId, limit);
    }
    var seen = new ArrayList<ScheduleView>();
    Optional<String> after = afterId;
    while (true) {
      Page<ScheduleView> page = schedules().list(after, Limits.MOST);
      page.items().stream().filter(view -> Ground.sees(who, view.tags())).forEach(seen::add);
      if (!page.more() || seen.size() > limit) {
        return Page.of(seen.subList(0, Math.min(seen.size(), limit + 1)), limit);
      }
      after = Optional.of(page.items().get(page.items().size() - 1).id());
    }
  }

  /**
   * Returns all that there is to see of a schedule.
   *
   * @param ticks how many of its next ticks; 1 to 100
   * @throws Problem 404 if there is no such schedule
   */
  public ScheduleDetail get(Principal who, String id, int ticks) {
    return reading.detail(who, row(who, id), Limits.check("ticks", ticks, 100));
  }

  private ScheduleRow row(Principal who, String id) {
    return ground
        .store()
        .schedule(id)
        .filter(row -> Ground.sees(who, row.tags()))
        .orElseThrow(() -> Problem.notFound("schedule"));
  }

  private ScheduleView view(Principal who, String id) {
    return ScheduleView.of(row(who, id));
  }

  private ScheduleEntry entry(Principal who, ScheduleView view) {
    return reading.entries(who, List.of(view)).get(0);
  }

  /**
   * Says what a schedule would do that is not saved.
   *
   * @param definition the text of a schedule or, with a zone, a cron expression
   * @param zone the zone of the cron expression
   * @param from after when to look for ticks; default: now, by the store's clock
   * @param count how many ticks; 1 to 100
   * @throws Problem 422 with the place if something is wrong
   */
  public SchedulePreview preview(
      String definition, Optional<String> zone, Optional<Instant> from, int count) {
    Schedule schedule = reading.read(definition, zone);
    Instant after = from.orElseGet(ground.store()::now);
    return new SchedulePreview(
        schedule.toString(),
        schedule.describe(),
        ScheduleReading.preview(schedule, Limits.check("count", count, 100), after),
        schedule.clockChange(after));
  }

  /**
   * Makes a schedule for a job that this node knows.
   *
   * @throws Problem 422 with the place if something is wrong; 409 if one of this id exists
   */
  public ScheduleEntry create(Principal who, ScheduleRequest request) {
    JobView view =
        ground
            .job(who, request.job())
            .orElseThrow(
                () ->
                    Problem.invalid(
                        "/job", "there is no job \"" + request.job() + "\" on this node"));
    Inputs.checkTags(who, view, request.tags());
    ScheduleSpec<?> spec =
        spec(view, view.job(), request, checked(request.definition(), request.zone()));
    return ground.act(
        who,
        Change.of("schedule.create", target(request.id())),
        () -> entry(who, created(spec, request.id())),
        made -> Optional.of(summary(made.view())));
  }

  private <I extends @Nullable Object> ScheduleSpec<I> spec(
      JobView view, Job<I> job, ScheduleRequest request, Schedule schedule) {
    I input = inputs.input(job, request.input());
    ScheduleSpec<I> plain =
        Inputs.valid("/id", () -> ScheduleSpec.of(request.id(), job, schedule, input));
    String[] tags =
        Stream.concat(view.tags().stream(), request.tags().stream())
            .distinct()
            .toArray(String[]::new);
    return Inputs.valid("/tags", () -> plain.withTags(tags));
  }

  private ScheduleView created(ScheduleSpec<?> spec, String id) {
    try {
      return schedules().create(spec);
    } catch (IllegalArgumentException refused) {
      String why = String.valueOf(refused.getMessage());
      throw schedules().find(id).isPresent()
          ? Problem.of(409, "exists", why)
          : Problem.invalid("/input", why);
    }
  }

  private Schedule checked(String definition, Optional<String> zone) {
    Schedule schedule = reading.read(definition, zone);
    ScheduleReading.preview(schedule, 1, ground.store().now());
    return schedule;
  }

  /**
   * Changes when a schedule fires; its next tick is the first after now.
   *
   * @param definition the text of a schedule or, with a zone, a cron expression
   * @throws Problem 404 if there is no such schedule; 422 with the place if something is wrong
   */
  public ScheduleEntry change(Principal who, String id, String definition, Optional<String> zone) {
    ScheduleView before = view(who, id);
    Schedule schedule = checked(definition, zone);
    return changed(who, "schedule.change", before, () -> schedules().change(id, schedule));
  }

  /**
   * Pauses a schedule.
   *
   * @throws Problem 404 if there is no such schedule
   */
  public ScheduleEntry pause(Principal who, String id) {
    return changed(who, "schedule.pause", view(who, id), () -> schedules().pause(id));
  }

  /**
   * Resumes a schedule. Its catch-up policy says what becomes of ticks since the pause.
   *
   * @throws Problem 404 if there is no such schedule
   */
  public ScheduleEntry resume(Principal who, String id) {
    return changed(who, "schedule.resume", view(who, id), () -> schedules().resume(id));
  }

  private ScheduleEntry changed(
      Principal who, String action, ScheduleView before, Runnable change) {
    return ground.act(
        who,
        Change.of(action, target(before.id())).from(summary(before)),
        () -> {
          there(change);
          return entry(who, view(who, before.id()));
        },
        after -> Optional.of(summary(after.view())));
  }

  /**
   * Puts back what the code of this node declares, as if nobody had ever changed, paused or deleted
   * the schedule.
   *
   * @throws Problem 404 if there is no such schedule; 409 if the code of this node does not declare
   *     it
   */
  public ScheduleEntry reset(Principal who, String id) {
    Optional<ScheduleView> before = schedules().find(id);
    Optional<JobView> declaring =
        ground.jobs(who).stream().filter(job -> job.schedules().contains(id)).findFirst();
    boolean seen = before.map(view -> Ground.sees(who, view.tags())).orElse(declaring.isPresent());
    if (!seen) {
      throw Problem.notFound("schedule");
    }
    return ground.act(
        who,
        new Change("schedule.reset", target(id), before.map(ScheduleDesk::summary)),
        () -> entry(who, undeclared(() -> schedules().reset(id))),
        after -> Optional.of(summary(after.view())));
  }

  private static ScheduleView undeclared(Supplier<ScheduleView> reset) {
    try {
      return reset.get();
    } catch (IllegalArgumentException unknown) {
      throw Problem.of(409, "not-declared", String.valueOf(unknown.getMessage()));
    }
  }

  /**
   * Deletes a schedule; its runs stay. One that code declares stays away until its declaration
   * changes, or it is {@linkplain #reset reset}.
   *
   * @throws Problem 404 if there is no such schedule
   */
  public void delete(Principal who, String id) {
    ScheduleView before = view(who, id);
    ground.act(
        who,
        Change.of("schedule.delete", target(id)).from(summary(before)),
        () -> there(() -> schedules().delete(id)));
  }

  /**
   * Starts a run now. Moves no tick, and works on a paused schedule.
   *
   * @param anyway also while its last run has not ended
   * @throws Problem 404 if there is no such schedule; 409 if its last run has not ended
   */
  public Enqueued trigger(Principal who, String id, boolean anyway) {
    view(who, id);
    return ground.act(
        who,
        Change.of("schedule.trigger", target(id)),
        () -> started(who, id, anyway),
        run -> Optional.of(Json.object().put("run", run.run()).text()));
  }

  private Enqueued started(Principal who, String id, boolean anyway) {
    try {
      RunHandle handle =
          anyway ? schedules().triggerAnyway(id, who.name()) : schedules().trigger(id, who.name());
      return new Enqueued(handle.id(), handle.created());
    } catch (IllegalStateException runs) {
      throw Problem.of(409, "conflict", String.valueOf(runs.getMessage()));
    } catch (IllegalArgumentException gone) {
      throw Problem.notFound("schedule");
    }
  }

  private static void there(Runnable change) {
    try {
      change.run();
    } catch (IllegalArgumentException gone) { // deleted since it was looked at
      throw Problem.notFound("schedule");
    }
  }

  private static String target(String id) {
    return "schedule " + id;
  }

  private static String summary(ScheduleView view) {
    return Json.object()
        .put("job", view.job())
        .put("definition", view.definition())
        .put("state", view.state())
        .put("tags", view.tags())
        .text();
  }
}
