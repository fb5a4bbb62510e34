// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import dev.belfry.JobView;
import dev.belfry.http.Principal;
import dev.belfry.http.routing.Problem;
import dev.belfry.run.Status;
import dev.belfry.run.Target;
import dev.belfry.store.Catalog;
import dev.belfry.store.Lane;
import dev.belfry.store.NodeInfo;
import dev.belfry.store.PendingCount;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** How jobs, queues and nodes stand at one moment, as far as somebody sees it. */
final class Board {
  private final Ground ground;
  private final Principal who;
  private final Instant now;
  private final List<NodeInfo> nodes;
  private final Catalog catalog;
  private final Map<String, JobEntry> jobs = new LinkedHashMap<>();

  private Board(Ground ground, Principal who) {
    this.ground = ground;
    this.who = who;
    this.now = ground.store().now();
    this.nodes = ground.store().nodes();
    this.catalog = ground.store().catalog();
    gather();
  }

  static Board of(Ground ground, Principal who) {
    return new Board(ground, who);
  }

  private void gather() {
    var pending = new TreeMap<String, List<PendingCount>>();
    for (PendingCount count : ground.cache().get("pending", ground.store()::pending)) {
      pending.computeIfAbsent(ground.presentName(count.job()), job -> new ArrayList<>()).add(count);
    }
    var queues = new TreeMap<String, String>();
    catalog.lanes().forEach(lane -> queues.putIfAbsent(lane.job(), lane.queue()));
    for (JobView view : ground.jobs(who)) {
      List<PendingCount> its = pending.getOrDefault(view.name(), List.of());
      jobs.put(view.name(), entry(view.name(), Optional.of(view), view.queue(), its));
    }
    if (!who.isConfined()) {
      var others = new TreeSet<>(pending.keySet());
      nodes.forEach(node -> others.addAll(node.card().jobs()));
      for (String job : others) {
        if (!jobs.containsKey(ground.presentName(job))) {
          List<PendingCount> its = pending.getOrDefault(job, List.of());
          jobs.put(job, entry(job, Optional.empty(), queues.getOrDefault(job, ""), its));
        }
      }
    }
  }

  private JobEntry entry(
      String name, Optional<JobView> view, String queue, List<PendingCount> pending) {
    Collection<String> names = view.map(JobView::names).orElse(List.of(name));
    List<String> served =
        nodes.stream()
            .filter(node -> !isLate(node))
            .filter(node -> names.stream().anyMatch(node.card().jobs()::contains))
            .map(node -> node.card().name())
            .toList();
    return new JobEntry(
        name,
        view,
        queue,
        who.isConfined() ? List.of() : served,
        !served.isEmpty(),
        catalog.paused().contains(Target.job(name)),
        byStatus(pending),
        pending.stream().flatMap(count -> count.dueAt().stream()).min(Instant::compareTo));
  }

  private static Map<Status, Long> byStatus(Collection<PendingCount> counts) {
    var sums = new EnumMap<Status, Long>(Status.class);
    counts.forEach(count -> sums.merge(count.status(), count.runs(), Long::sum));
    return sums;
  }

  static Map<Status, Long> sum(Collection<JobEntry> jobs) {
    var sums = new EnumMap<Status, Long>(Status.class);
    jobs.forEach(
        job -> job.pending().forEach((status, runs) -> sums.merge(status, runs, Long::sum)));
    return sums;
  }

  static Optional<Instant> oldestDue(Collection<JobEntry> jobs) {
    return jobs.stream().flatMap(job -> job.dueAt().stream()).min(Instant::compareTo);
  }

  Instant now() {
    return now;
  }

  private boolean isLate(NodeInfo node) {
    return node.leaseUntil().isBefore(now);
  }

  /** Returns the nodes; none for those who see only a part of what they do. */
  List<NodeEntry> nodes() {
    return who.isConfined()
        ? List.of()
        : nodes.stream().map(node -> new NodeEntry(node, isLate(node))).toList();
  }

  List<JobEntry> jobs() {
    return List.copyOf(jobs.values());
  }

  JobEntry job(String name) {
    return Optional.ofNullable(jobs.get(name)).orElseThrow(() -> Problem.notFound("job"));
  }

  /** Returns the queues of the jobs and, unless somebody is confined, those of this node. */
  List<QueueEntry> queues() {
    var members = new TreeMap<String, List<JobEntry>>();
    if (!who.isConfined()) {
      ground.context().workers().keySet().forEach(name -> members.put(name, new ArrayList<>()));
    }
    for (JobEntry job : jobs.values()) {
      if (!job.queue().isEmpty()) {
        members.computeIfAbsent(job.queue(), name -> new ArrayList<>()).add(job);
      }
    }
    var queues = new ArrayList<QueueEntry>();
    members.forEach((name, its) -> queues.add(queue(name, its)));
    return queues;
  }

  private QueueEntry queue(String name, List<JobEntry> its) {
    return new QueueEntry(
        name,
        ground.context().workers().getOrDefault(name, 0),
        catalog.paused().contains(Target.queue(name)),
        its.stream().map(JobEntry::name).toList(),
        sum(its),
        oldestDue(its));
  }

  /** Returns what is paused, as far as it concerns somebody. */
  List<Target> paused() {
    return catalog.paused().stream()
        .filter(this::concerns)
        .sorted((one, other) -> one.toString().compareTo(other.toString()))
        .toList();
  }

  private boolean concerns(Target target) {
    if (target instanceof Target.OfJob job) {
      return !who.isConfined() || jobs.containsKey(job.name());
    } else if (target instanceof Target.OfQueue queue) {
      return !who.isConfined()
          || jobs.values().stream().anyMatch(job -> job.queue().equals(queue.name()));
    }
    return true;
  }

  /** Returns whether a job can't start because something is paused. */
  boolean isPaused(JobEntry job) {
    return job.paused()
        || catalog.paused().contains(Target.all())
        || catalog.paused().contains(Target.queue(job.queue()));
  }

  /** Returns the names of all jobs that the store has ever heard of and somebody sees. */
  Collection<String> everKnown() {
    var names = new TreeSet<String>();
    jobs.values()
        .forEach(job -> names.addAll(job.view().map(JobView::names).orElse(List.of(job.name()))));
    if (!who.isConfined()) {
      catalog.lanes().stream().map(Lane::job).forEach(names::add);
    }
    return names;
  }
}
