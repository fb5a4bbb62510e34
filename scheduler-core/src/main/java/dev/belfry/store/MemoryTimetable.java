// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.Stream;

/** The schedules that may fire, by job, in the order of their next ticks. */
final class MemoryTimetable {
  /*
   * By job, so that what is due of jobs that nobody knows costs those nothing who look for others.
   * Schedules that code declared and no longer knows are walked over; there are few.
   */
  private static final Comparator<MemorySchedule> ORDER =
      Comparator.comparingLong(MemorySchedule::nextAt).thenComparing(schedule -> schedule.id);

  private final Map<String, MemoryOrder<MemorySchedule>> byJob = new HashMap<>();

  /** Changes a schedule, and with it whether and when it fires. */
  void change(MemorySchedule schedule, Runnable change) {
    remove(schedule);
    change.run();
    add(schedule);
  }

  void add(MemorySchedule schedule) {
    if (schedule.mayFire()) {
      byJob.computeIfAbsent(schedule.job, job -> new MemoryOrder<>(ORDER)).add(schedule);
    }
  }

  void remove(MemorySchedule schedule) {
    MemoryOrder<MemorySchedule> order = byJob.get(schedule.job);
    if (schedule.mayFire() && order != null) {
      order.remove(schedule);
    }
  }

  /** Returns those of some jobs that are due, the earliest first; of declared ones the known. */
  List<MemorySchedule> due(Set<String> jobs, Set<String> declared, int limit, Instant now) {
    long latest = Commit.toMicros(now);
    var heads = new PriorityQueue<Head>();
    ordersOf(jobs)
        .map(
            order ->
                order.stream()
                    .takeWhile(schedule -> schedule.nextAt() <= latest)
                    .filter(schedule -> schedule.isKnown(declared))
                    .iterator())
        .forEach(rest -> Head.addNext(rest, heads));
    var due = new ArrayList<MemorySchedule>();
    while (due.size() < limit && !heads.isEmpty()) {
      Head first = heads.remove();
      due.add(first.schedule);
      Head.addNext(first.rest, heads);
    }
    return due;
  }

  /** Returns when the first of those will be due that are not yet. */
  Optional<Instant> next(Set<String> jobs, Set<String> declared, Instant now) {
    long latest = Commit.toMicros(now);
    return ordersOf(jobs)
        .flatMap(
            order ->
                order
                    .from(schedule -> schedule.nextAt() <= latest)
                    .filter(schedule -> schedule.isKnown(declared))
                    .limit(1))
        .map(MemorySchedule::nextAt)
        .min(Comparator.naturalOrder())
        .map(Commit::ofMicros);
  }

  private Stream<MemoryOrder<MemorySchedule>> ordersOf(Set<String> jobs) {
    return jobs.stream().map(byJob::get).filter(order -> order != null);
  }

  /** The first schedule of a job that is left, and those after it. */
  private record Head(MemorySchedule schedule, Iterator<MemorySchedule> rest)
      implements Comparable<Head> {
    static void addNext(Iterator<MemorySchedule> rest, PriorityQueue<Head> heads) {
      if (rest.hasNext()) {
        heads.add(new Head(rest.next(), rest));
      }
    }

    @Override
    public int compareTo(Head other) {
      return ORDER.compare(schedule, other.schedule);
    }
  }
}
