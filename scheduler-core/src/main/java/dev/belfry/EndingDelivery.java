// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static java.util.Objects.requireNonNull;

import dev.belfry.run.RunEnd;
import dev.belfry.run.RunId;
import dev.belfry.run.Status;
import dev.belfry.run.Trigger;
import dev.belfry.schedule.Schedule;
import dev.belfry.store.Declaration;
import dev.belfry.store.Delivery;
import dev.belfry.store.Delivery.Effect;
import dev.belfry.store.InboxEntry;
import dev.belfry.store.JobStore;
import dev.belfry.store.Payload;
import dev.belfry.store.RunRecord;
import dev.belfry.store.ScheduleRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds what follows from the ends of runs. One thread at a time, not the control loop's. */
final class EndingDelivery {
  /*
   * An end concerns its schedule, the run that has invoked it, and the jobs that follow its job. As
   * with events, a node does what it can and leaves an entry to others as long as there is something
   * that only they can do; what was done is noted with the entry.
   */
  private static final Logger log = LoggerFactory.getLogger(Scheduler.class);

  /** Who has had theirs when the schedule has; no job is named so. */
  private static final String SCHEDULE = "@schedule";

  private final JobStore store;
  private final Jobs jobs;
  private final Payloads payloads;
  private final ChildDelivery children;
  private final AlertEnds alerts;
  private final LeftEntries leftToOthers;

  EndingDelivery(Settings settings) {
    this.store = settings.store();
    this.jobs = settings.jobs();
    this.payloads = settings.payloads();
    this.children = new ChildDelivery(settings.store());
    this.alerts = new AlertEnds(settings);
    this.leftToOthers = new LeftEntries(settings);
  }

  /** Delivers endings of the inbox, and returns how many of them are gone for good. */
  int deliver(List<InboxEntry.Ended> entries) {
    leftToOthers.keepOnly(entries);
    if (entries.isEmpty()) {
      return 0;
    }
    Map<String, Set<String>> followers =
        store.subscribers(
            entries.stream()
                .map(entry -> Declaration.endOf(entry.job()))
                .collect(Collectors.toSet()));
    var ours = new ArrayList<Ours>();
    for (InboxEntry.Ended entry : entries) {
      Set<String> names = followers.getOrDefault(Declaration.endOf(entry.job()), Set.of());
      Optional<List<Effect>> schedule = ofSchedule(entry);
      boolean done = (schedule.isPresent() && knowsAll(entry, names)) || isPast(entry, names);
      if (done || !leftToOthers.contains(entry)) {
        ours.add(new Ours(entry, names, schedule, done));
      }
    }
    if (ours.isEmpty()) {
      return 0;
    }
    store.deliver(deliveries(ours));
    leftToOthers.addAll( // now that it is committed
        ours.stream().filter(each -> !each.done).map(Ours::entry).toList());
    return (int) ours.stream().filter(Ours::done).count();
  }

  /** An entry that there is something to do for here. */
  private record Ours(
      InboxEntry.Ended entry,
      Set<String> followers,
      Optional<List<Effect>> schedule,
      boolean done) {}

  /** Code of another version may know a job, and not that it follows this one. */
  private boolean knowsAll(InboxEntry.Ended entry, Set<String> followers) {
    return followers.stream()
        .allMatch(name -> entry.delivered().contains(name) || knows(entry, jobs.find(name)));
  }

  private boolean knows(InboxEntry.Ended entry, @Nullable JobDefinition<?, ?> follower) {
    return follower != null && jobs.followedBy(follower).contains(entry.job());
  }

  private List<Delivery> deliveries(List<Ours> ours) {
    var records = new HashMap<RunId, RunRecord>();
    store
        .runs(ours.stream().map(each -> each.entry.run()).toList())
        .forEach(record -> records.put(record.run().id(), record));
    alerts.look( // before the entries are done, and again if this node dies before they are
        ours.stream()
            .filter(each -> !each.entry.delivered().contains(each.entry.job()))
            .flatMap(each -> Optional.ofNullable(records.get(each.entry.run())).stream())
            .toList());
    return ours.stream()
        .map(
            each ->
                new Delivery(
                    each.entry.id(),
                    effects(each, Optional.ofNullable(records.get(each.entry.run()))),
                    each.done))
        .toList();
  }

  private List<Effect> effects(Ours ours, Optional<RunRecord> ended) {
    var effects = new ArrayList<>(ours.schedule.orElse(List.of()));
    if (!ours.done && ours.schedule.isPresent()) {
      effects.add(new Delivery.PassOver(SCHEDULE));
    }
    if (ours.entry.schedule().isEmpty()) {
      ended.map(children::effects).ifPresent(effects::addAll);
    }
    ended.map(RunRecord::run).map(GroupDelivery::effects).ifPresent(effects::addAll);
    ended.ifPresent(before -> start(ours.entry, before, ours.followers, effects));
    return effects;
  }

  private boolean isPast(InboxEntry.Ended entry, Set<String> followers) {
    if (!leftToOthers.isPast(entry, entry.endedAt())) {
      return false;
    }
    log.warn(
        "the end of run {} of job {} at {} is given up: no node knows all that depends on it, {}",
        entry.run(),
        entry.job(),
        entry.endedAt(),
        followers);
    return true;
  }

  // Jobs that follow

  private void start(
      InboxEntry.Ended entry, RunRecord before, Set<String> followers, List<Effect> effects) {
    jobs.among(followers)
        .forEach(
            (job, name) -> {
              if (!entry.delivered().contains(name) && knows(entry, job)) {
                if (isRecordOfTicks(before)) {
                  effects.add(new Delivery.PassOver(name));
                } else {
                  callHooks(job, entry, before, name, effects);
                  effects.add(start(job, entry, before, name));
                }
              }
            });
  }

  /** Whether something was no run but stands for ticks that had none: nobody ever held it. */
  static boolean isRecordOfTicks(RunRecord record) {
    return record.fence() == 0 && record.run().status() == Status.SKIPPED;
  }

  private <I> Effect start(
      JobDefinition<I, ?> job, InboxEntry.Ended entry, RunRecord before, String follower) {
    return job.dependencies().follows().stream()
        .filter(follow -> follow.isFor(entry.job(), entry.status()))
        .findFirst()
        .<Effect>map(follow -> start(job, before, input(job, follow, before), follower))
        .orElseGet(() -> new Delivery.PassOver(follower));
  }

  /** A job that has hooks follows itself, so that its code alone says whether there are any. */
  private void callHooks(
      JobDefinition<?, ?> job,
      InboxEntry.Ended entry,
      RunRecord before,
      String name,
      List<Effect> effects) {
    if (!job.names().contains(entry.job())) {
      return;
    }
    for (Dependencies.Hook hook : job.dependencies().hooks()) {
      if (hook.on().includes(entry.status())) {
        String called = hook.nameFor(job.name());
        Payload input =
            payloads.encode(
                "input of job \"" + called + "\"", Dependencies.RUN_END, RunEnd.of(before.run()));
        JobDefinition<?, ?> known =
            requireNonNull(jobs.find(called), "it is registered with its job");
        effects.add(start(known, before, input, hook.nameFor(name)));
      }
    }
  }

  private Effect start(JobDefinition<?, ?> job, RunRecord before, Payload input, String follower) {
    RunId ended = before.run().id();
    return new Delivery.StartRun(
        follower,
        EventDelivery.newRun(
            payloads,
            PassValues.idFor(ended, "@after", follower),
            job,
            input,
            Trigger.parent(ended)));
  }

  private <I> Payload input(
      JobDefinition<I, ?> job, Dependencies.Follow<I> follow, RunRecord before) {
    try {
      return follow.mapping().input(job, before, payloads);
    } catch (RuntimeException | Error broken) { // a stranger's code, or data of another form
      log.error(
          "job {} can't take the end of run {} of job {}; its run is BLOCKED",
          job.name(),
          before.run().id(),
          before.run().job(),
          broken);
      return Payloads.unmapped(before.input());
    }
  }

  // Schedules that count from the end of their runs, or wait for it

  /** Empty if it is for others: of a job that they know, or that they can read. */
  private Optional<List<Effect>> ofSchedule(InboxEntry.Ended entry) {
    if (entry.schedule().isEmpty() || entry.delivered().contains(SCHEDULE)) {
      return Optional.of(List.of());
    }
    if (jobs.find(entry.job()) == null) {
      return Optional.empty();
    }
    Optional<ScheduleRow> row = entry.schedule().flatMap(store::schedule);
    if (row.isEmpty()) {
      return Optional.of(List.of());
    }
    try {
      return Optional.of(effects(entry, row.get()));
    } catch (RuntimeException unreadable) { // here at least; it may ask a stranger's code
      log.debug("inbox entry {} is left to another node", entry.id(), unreadable);
      return Optional.empty();
    }
  }

  private List<Effect> effects(InboxEntry.Ended entry, ScheduleRow row) {
    Schedule schedule = jobs.scheduleOf(row);
    var effects = new ArrayList<Effect>();
    if (schedule.isAfterCompletion()) { // first, so that a tick that waited for the end counts too
      schedule
          .next(entry.endedAt())
          .ifPresent(at -> effects.add(new Delivery.NextTick(row.id(), entry.run(), at)));
    }
    effects.add(new Delivery.Unpark(row.id(), entry.run()));
    return effects;
  }
}
