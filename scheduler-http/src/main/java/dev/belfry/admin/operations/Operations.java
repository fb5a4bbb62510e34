// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import dev.belfry.EventType;
import dev.belfry.PluginContext;
import dev.belfry.http.Principal;
import dev.belfry.http.routing.Problem;
import dev.belfry.run.EventId;
import dev.belfry.run.Page;
import dev.belfry.run.RunId;
import dev.belfry.run.Target;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What people see of a scheduler and do to it. Thread-safe. Each method asks the store, and may
 * throw a {@link dev.belfry.store.StoreException}; what is not answered as asked is a {@link
 * Problem}.
 *
 * <p>Whether somebody has the scope for what they ask is for the caller to check; what they see of
 * it is checked here. A confined principal sees the jobs, runs and schedules with one of their tags
 * and what these have to do with; for them all others are not there. They see no nodes and no
 * events, which have no tags; of queues, those of their jobs, and of these their jobs alone; of the
 * audit log, what was done in their name. They may not pause a queue or everything, nor send
 * events: status 403, {@code confined}.
 *
 * <p>Secrets are hidden in all that is returned. All that changes something is in the audit log.
 */
public final class Operations {
  private final Ground ground;
  private final RunDesk runs;
  private final JobDesk jobs;
  private final ScheduleDesk schedules;
  private final AlertDesk alerts;
  private final Overviews overviews;
  private final Inputs inputs;

  private Operations(Ground ground) {
    this.ground = ground;
    this.runs = new RunDesk(ground);
    this.jobs = new JobDesk(ground);
    this.schedules = new ScheduleDesk(ground);
    this.alerts = new AlertDesk(ground);
    this.overviews = new Overviews(ground, alerts);
    this.inputs = new Inputs(ground);
  }

  /** Returns the operations of a started scheduler, with the standard redaction. */
  public static Operations of(PluginContext context, Audit audit) {
    return of(context, audit, Redaction.standard());
  }

  /** Returns the operations of a started scheduler. */
  public static Operations of(PluginContext context, Audit audit, Redaction redaction) {
    return new Operations(new Ground(context, audit, redaction));
  }

  /** Returns the runs. */
  public RunDesk runs() {
    return runs;
  }

  /** Returns the jobs. */
  public JobDesk jobs() {
    return jobs;
  }

  /** Returns the schedules. */
  public ScheduleDesk schedules() {
    return schedules;
  }

  /** Returns alerts and silences. */
  public AlertDesk alerts() {
    return alerts;
  }

  // Seen

  /** Returns how things stand; kept for 1 second, or until something is changed here. */
  public Overview overview(Principal who, Overview.Span span) {
    return overviews.of(who, span);
  }

  /** Returns the queues, in order of name. */
  public List<QueueEntry> queues(Principal who) {
    return Board.of(ground, who).queues();
  }

  /** Returns the nodes, in the order in which they joined; none for a confined principal. */
  public List<NodeEntry> nodes(Principal who) {
    return Board.of(ground, who).nodes();
  }

  /** Returns what is paused, as far as it concerns who asks. */
  public List<Target> paused(Principal who) {
    return Board.of(ground, who).paused();
  }

  /**
   * Returns the types of events that jobs of this node subscribe to, in order of name; none for a
   * confined principal.
   */
  public List<EventEntry> events(Principal who) {
    if (who.isConfined()) {
      return List.of();
    }
    List<String> names = ground.context().eventTypes().stream().map(EventType::name).toList();
    Map<String, Set<String>> subscribers = ground.store().subscribers(Set.copyOf(names));
    return names.stream()
        .map(
            name ->
                new EventEntry(
                    name, subscribers.getOrDefault(name, Set.of()).stream().sorted().toList()))
        .toList();
  }

  /**
   * Returns rows of the audit log, newest first.
   *
   * @param after the id after which the list goes on
   * @param limit the most to return; 1 to 1,000
   */
  public Page<AuditRow> audit(Principal who, Optional<String> after, int limit) {
    return ground.audit().page(who, after, limit);
  }

  // Done

  /**
   * Pauses a job, a queue or everything, on all nodes within a poll interval. What runs goes on.
   *
   * @throws Problem 404 if there is no such job or queue; 403 if it is too much for a confined
   *     principal
   */
  public void pause(Principal who, Target target) {
    Target checked = checked(who, target, "pause");
    ground.act(
        who,
        Change.of("pause", checked.toString()),
        () -> ground.client().pause(checked, who.name()));
  }

  /** Ends a pause; with the problems of {@link #pause}. */
  public void resume(Principal who, Target target) {
    Target checked = checked(who, target, "resume");
    ground.act(
        who,
        Change.of("resume", checked.toString()),
        () -> ground.client().resume(checked, who.name()));
  }

  private Target checked(Principal who, Target target, String verb) {
    if (target instanceof Target.OfJob job) {
      if (!ground.isKnown(who, job.name())) {
        throw Problem.notFound("job");
      }
      return Target.job(ground.presentName(job.name()));
    }
    Ground.refuseConfined(who, verb + " a queue or everything");
    if (target instanceof Target.OfQueue queue && !ground.isQueue(queue.name())) {
      throw Problem.notFound("queue");
    }
    return target;
  }

  /**
   * Sends an event of a type that jobs of this node subscribe to.
   *
   * @param type the name of the type
   * @param json its data, as JSON text
   * @param id makes it one event, however often it is sent: a UUID; default: a new one
   * @throws Problem 404 if there is no such type; 403 for a confined principal; 422 with the place
   *     if something is wrong
   */
  public EventId send(Principal who, String type, String json, Optional<String> id) {
    Ground.refuseConfined(who, "send events, which have no tags");
    EventType<?> known =
        ground.context().eventTypes().stream()
            .filter(each -> each.name().equals(type))
            .findFirst()
            .orElseThrow(() -> Problem.notFound("type of events on this node"));
    return sent(who, known, json, id.map(Operations::eventId));
  }

  private <E> EventId sent(Principal who, EventType<E> type, String json, Optional<EventId> id) {
    E data = inputs.data(type, json);
    return ground.act(
        who,
        Change.of("event.send", "event " + type.name()),
        () ->
            Inputs.valid(
                "/data",
                () ->
                    id.isPresent()
                        ? ground.client().send(type, data, id.get())
                        : ground.client().send(type, data)),
        event -> Optional.of(Json.object().put("event", event).text()));
  }

  private static EventId eventId(String text) {
    return new EventId(
        Inputs.valid(
            "/id",
            () -> {
              try {
                return RunId.parse(text).value();
              } catch (IllegalArgumentException wrong) {
                throw new IllegalArgumentException(
                    "id of an event must be a UUID, was \"" + text + "\"", wrong);
              }
            }));
  }
}
