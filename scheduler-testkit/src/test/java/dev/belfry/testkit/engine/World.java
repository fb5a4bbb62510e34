// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import dev.belfry.Job;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerBuilder;
import dev.belfry.SchedulerEvent;
import dev.belfry.run.Pass;
import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import dev.belfry.run.RunQuery;
import dev.belfry.run.RunState;
import dev.belfry.store.JobStore;
import dev.belfry.store.RunRecord;
import dev.belfry.testkit.StoreFaults;
import dev.belfry.testkit.VirtualTime;
import dev.belfry.testkit.VirtualTime.VirtualHost;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;

/** A time line with one store and any number of nodes. */
final class World {
  static final Instant START = Instant.parse("2026-03-02T08:00:00Z");

  final VirtualTime time;
  final JobStore store;
  final StoreFaults faults;
  final List<SchedulerEvent> events = new ArrayList<>();

  World() {
    this(START);
  }

  World(Instant start) {
    this(start, UnaryOperator.identity());
  }

  /** Begins a time line whose store is the one in memory with something around it. */
  World(Instant start, UnaryOperator<JobStore> around) {
    time = VirtualTime.from(start, 7);
    store = around.apply(JobStore.inMemory(time.clock()));
    faults = StoreFaults.of(store);
  }

  /** Starts a node with real defaults. */
  Scheduler start(Job<?>... jobs) {
    return builder(time.newHost(), jobs).start();
  }

  /** Has a node be there for a time, and no longer. */
  void startFor(Duration time, Job<?>... jobs) {
    try (Scheduler scheduler = start(jobs)) {
      this.time.advance(time);
    }
  }

  /** Enqueues a run on a node of its own, and lets an hour pass. */
  RunHandle runOne(Job<String> job) {
    try (Scheduler scheduler = start(job)) {
      RunHandle handle = scheduler.enqueue(job, "input");
      time.advance(Duration.ofHours(1));
      return handle;
    }
  }

  /** Begins a node on a host of its own, which the caller may kill. */
  SchedulerBuilder builder(VirtualHost host, Job<?>... jobs) {
    return Scheduler.builder()
        .store(faults.store())
        .host(host)
        .listener(events::add)
        .register(jobs);
  }

  /** Returns how far the time line has moved. */
  Duration elapsed() {
    return Duration.between(START, time.now());
  }

  Run run(RunId id) {
    return store.runs(List.of(id)).get(0).run();
  }

  RunState state(RunId id) {
    return run(id).state();
  }

  List<Pass.Event> history(RunId id) {
    return store.passes(id).stream().map(Pass::event).toList();
  }

  /** Returns all runs of a job, oldest first. */
  List<Run> runsOf(String job) {
    var runs =
        new ArrayList<>(
            store.runs(RunQuery.ofJob(job).limit(1_000)).items().stream()
                .map(RunRecord::run)
                .toList());
    Collections.reverse(runs);
    return runs;
  }

  <E extends SchedulerEvent> List<E> events(Class<E> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}
