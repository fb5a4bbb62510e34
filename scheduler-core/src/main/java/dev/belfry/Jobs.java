// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.JobDefinition.Planned;
import dev.belfry.schedule.Exclusion;
import dev.belfry.schedule.Schedule;
import dev.belfry.store.Limit;
import dev.belfry.store.ScheduleRow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The jobs that a node knows, by their names and former names. Immutable. */
final class Jobs {
  private final Map<String, JobDefinition<?, ?>> byName;
  private final Map<String, JobDefinition<?, ?>> byAnyName;
  private final Map<String, Planned<?>> schedules;
  private final Exclusion[] exclusions;
  private final Map<String, List<AlertRule>> alerts;
  private final List<AlertRule> alertsOfAll;

  private Jobs(
      Map<String, JobDefinition<?, ?>> byName,
      Map<String, JobDefinition<?, ?>> byAnyName,
      Map<String, Planned<?>> schedules,
      List<AlertRule> alertsOfAll) {
    this.byName = byName;
    this.byAnyName = byAnyName;
    this.schedules = schedules;
    this.exclusions =
        schedules.values().stream()
            .flatMap(planned -> planned.schedule().exclusions().stream())
            .toArray(Exclusion[]::new);
    this.alertsOfAll = List.copyOf(alertsOfAll);
    this.alerts = new HashMap<>();
    byName.values().forEach(job -> alerts.put(job.name(), rulesOf(job)));
  }

  /** Those of its own and those of all jobs; there is no alert about alerts. */
  private List<AlertRule> rulesOf(JobDefinition<?, ?> job) {
    var rules = new LinkedHashMap<String, AlertRule>();
    if (!job.name().equals(Alerts.JOB)) {
      job.alerts().forEach(rule -> rules.put(rule.name(), rule));
      alertsOfAll.stream()
          .filter(rule -> !rule.isOfAll())
          .forEach(rule -> rules.putIfAbsent(rule.name(), rule));
    }
    return List.copyOf(rules.values());
  }

  /** Checks that names and schedule ids are unique. */
  static Jobs of(Collection<? extends Job<?>> jobs) {
    return of(jobs, List.of());
  }

  /** As above, with alert rules of all jobs. */
  static Jobs of(Collection<? extends Job<?>> jobs, List<AlertRule> alertsOfAll) {
    var byName = new LinkedHashMap<String, JobDefinition<?, ?>>();
    var byAnyName = new HashMap<String, JobDefinition<?, ?>>();
    var schedules = new HashMap<String, Planned<?>>();
    var limits = new HashMap<String, Limit>();
    for (JobDefinition<?, ?> definition : withHooks(jobs)) {
      byName.put(definition.name(), definition);
      addName(byAnyName, definition.name(), definition);
      definition.limits().forEach(each -> addLimit(limits, each.limit()));
      definition.formerly().forEach(former -> addName(byAnyName, former, definition));
      for (Planned<?> planned : definition.schedules()) {
        if (schedules.put(planned.id(), planned) != null) {
          throw new IllegalArgumentException(
              "two jobs have a schedule with the id \"" + planned.id() + "\"");
        }
      }
    }
    return new Jobs(byName, byAnyName, schedules, alertsOfAll);
  }

  private static void addLimit(Map<String, Limit> limits, Limit limit) {
    if (limits.putIfAbsent(limit.name(), limit) instanceof Limit.Slots other
        && limit instanceof Limit.Slots slots
        && other.slots() != slots.slots()) {
      throw new IllegalArgumentException(
          "two jobs say how many runs the limit \""
              + limit.name()
              + "\" allows at once: "
              + other.slots()
              + " and "
              + slots.slots()
              + "; give both the same number");
    }
  }

  /** A job's hooks are jobs, registered with it. */
  private static List<JobDefinition<?, ?>> withHooks(Collection<? extends Job<?>> jobs) {
    var all = new ArrayList<JobDefinition<?, ?>>();
    for (Job<?> job : jobs) {
      JobDefinition<?, ?> definition = JobDefinition.of(job);
      all.add(definition);
      definition.dependencies().hooks().forEach(hook -> all.add(hook.jobOf(definition)));
    }
    return all;
  }

  private static void addName(
      Map<String, JobDefinition<?, ?>> names, String name, JobDefinition<?, ?> definition) {
    JobDefinition<?, ?> other = names.put(name, definition);
    if (other != null) {
      throw new IllegalArgumentException(
          "two jobs are named \""
              + name
              + "\" now or formerly; a name is a job's identity and must be unique");
    }
  }

  /** Returns the jobs in order of registration. */
  Collection<JobDefinition<?, ?>> all() {
    return byName.values();
  }

  /** Returns the job of a present or former name. */
  @Nullable JobDefinition<?, ?> find(String name) {
    return byAnyName.get(name);
  }

  /**
   * Returns the jobs among those of these names. One that was renamed may be there under several,
   * the first of which stands for all.
   */
  Map<JobDefinition<?, ?>, String> among(Set<String> names) {
    var found = new LinkedHashMap<JobDefinition<?, ?>, String>();
    for (JobDefinition<?, ?> job : all()) {
      Stream.concat(job.formerly().stream().sorted(), Stream.of(job.name()))
          .filter(names::contains)
          .findFirst()
          .ifPresent(name -> found.put(job, name));
    }
    return found;
  }

  /** Returns the alert rules of a job. */
  List<AlertRule> alertsOf(JobDefinition<?, ?> job) {
    return alerts.getOrDefault(job.name(), List.of());
  }

  /** Returns the alert rules of all jobs, and those of no one job. */
  List<AlertRule> alertsOfAll() {
    return alertsOfAll;
  }

  /** Returns the jobs whose ends a job follows: with hooks or alert rules also itself. */
  Set<String> followedBy(JobDefinition<?, ?> job) {
    Set<String> followed = job.dependencies().followed(job.names());
    return alertsOf(job).isEmpty() ? followed : union(followed, job.names());
  }

  private static Set<String> union(Set<String> some, Set<String> more) {
    var all = new LinkedHashSet<>(some);
    all.addAll(more);
    return all;
  }

  /** Returns present and former names. */
  Set<String> names() {
    return new TreeSet<>(byAnyName.keySet());
  }

  /**
   * Returns the schedule in force. What code declares may hold more than its text, so it is
   * preferred while it is in force; and texts name exclusions that only code has.
   *
   * @throws IllegalArgumentException if the text can't be read here
   */
  Schedule scheduleOf(ScheduleRow row) {
    Planned<?> planned = schedules.get(row.id());
    return planned != null && planned.definition().equals(row.definition())
        ? planned.schedule()
        : schedule(row.definition());
  }

  /**
   * Reads a schedule, with the exclusions that code has.
   *
   * @throws IllegalArgumentException if the text is not a schedule
   */
  Schedule schedule(String text) {
    return Schedule.parse(text, exclusions);
  }

  /** Returns the ids of the schedules that the jobs' code gives. */
  Map<String, Planned<?>> schedules() {
    return schedules;
  }

  /** Returns the queues of the jobs; {@code default} if there is no job. */
  Set<String> queues() {
    var queues = new LinkedHashSet<String>();
    byName.values().forEach(job -> queues.add(job.queue()));
    return queues.isEmpty() ? new LinkedHashSet<>(List.of("default")) : queues;
  }
}
