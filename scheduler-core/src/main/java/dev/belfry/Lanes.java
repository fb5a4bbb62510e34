// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.Target;
import dev.belfry.store.Catalog;
import dev.belfry.store.Demand;
import dev.belfry.store.Exchanged;
import dev.belfry.store.Hint;
import dev.belfry.store.Lane;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The lanes that this node serves, and when each is worth asking again. Times are nanoseconds since
 * the node's start. For the control loop only.
 */
final class Lanes {
  static final long NEVER = Long.MAX_VALUE;
  private static final int LEVELS = 9; // priorities -4 to 4
  private static final Duration AHEAD = Duration.ofMillis(100);
  private static final Duration AHEAD_IN_SLOTS = Duration.ofMillis(5);

  private final Jobs jobs;
  private final Map<Integer, Served> served = new TreeMap<>();
  private final Set<Integer> foreign = new HashSet<>(); // lanes of jobs that this node lacks
  private Set<Target> paused = Set.of();
  private long asks;

  /** A lane with what is known of it. */
  private static final class Served {
    final Lane lane;
    final JobDefinition<?, ?> job;
    long dueAt; // when something may be due there, also in the past; NEVER: only news can tell
    long hintedAt = NEVER; // the same, heard of while the lane was being asked
    boolean asked; // by the exchange under way
    long lastAsked; // in the order of asks, so that lanes of one priority take turns
    long restsUntil; // not asked before, because the store refused to

    Served(Lane lane, JobDefinition<?, ?> job) {
      this.lane = lane;
      this.job = job;
    }

    int level() {
      return lane.priority() + LEVELS / 2;
    }

    Demand.Quota ask(int most) {
      asked = true;
      hintedAt = NEVER;
      return new Demand.Quota(lane.id(), most);
    }

    void lookAt(long time) {
      dueAt = Math.min(dueAt, time);
      hintedAt = Math.min(hintedAt, time);
    }
  }

  Lanes(Jobs jobs) {
    this.jobs = jobs;
  }

  /** Takes over a newer catalog; new lanes are worth a look. */
  void update(Catalog catalog) {
    paused = catalog.paused();
    for (Lane lane : catalog.lanes()) {
      JobDefinition<?, ?> job = jobs.find(lane.job());
      if (job == null) {
        foreign.add(lane.id());
      } else {
        served.putIfAbsent(lane.id(), new Served(lane, job));
      }
    }
  }

  @Nullable JobDefinition<?, ?> job(int lane) {
    Served known = served.get(lane);
    return known == null ? null : known.job;
  }

  int priority(int lane) {
    Served known = served.get(lane);
    return known == null ? 0 : known.lane.priority();
  }

  boolean isPaused(JobDefinition<?, ?> job) {
    return paused.contains(Target.all())
        || paused.contains(Target.job(job.name()))
        || paused.contains(Target.queue(job.queue()));
  }

  /** Marks all lanes as worth a look. */
  void lookAtAll(long now) {
    served.values().forEach(lane -> lane.lookAt(now));
  }

  /** Marks lanes as worth a look when their runs are due. Returns whether all are known. */
  boolean heard(Hint hint, long now) {
    boolean known = true;
    for (Map.Entry<Integer, Instant> due : hint.due().entrySet()) {
      Served lane = served.get(due.getKey());
      if (lane != null) {
        lane.lookAt(toNanos(hint.now(), due.getValue(), now));
      } else {
        known &= foreign.contains(due.getKey());
      }
    }
    return known;
  }

  /** Translates an instant of the store's clock, seen together with {@code storeNow}. */
  private static long toNanos(Instant storeNow, Instant instant, long now) {
    return now + nanos(Duration.between(storeNow, instant));
  }

  /**
   * Returns what to claim for a queue: lanes of higher priority first, those of one priority with
   * equal shares and in turn. Lanes for which no room is left are asked when their runs are due, so
   * that a node with many jobs and little to do asks once.
   */
  @Nullable Demand demand(String queue, QueueSlots slots, long now) {
    List<Served> due = due(queue, now);
    var sharing = new int[LEVELS];
    due.forEach(lane -> sharing[lane.level()]++);
    var quotas = new ArrayList<Demand.Quota>();
    var looks = new ArrayList<Served>();
    int free = slots.free();
    int freeLeft = free;
    int limit = 0;
    int given = 0;
    for (Served lane : due) {
      int ahead = slots.ahead(lane.job, ahead(lane.job));
      int room = free + ahead;
      int share = (room + sharing[lane.level()] - 1) / sharing[lane.level()];
      int most = Math.min(share, freeLeft + ahead);
      if (most > 0) {
        limit = Math.max(limit, room);
        if (given < limit) { // else it is asked only in case that those before it have too little
          lane.lastAsked = ++asks;
        }
        quotas.add(lane.ask(most));
        freeLeft = Math.max(0, freeLeft - most);
        given += most;
      } else {
        looks.add(lane);
      }
    }
    if (!quotas.isEmpty()) {
      looks.forEach(lane -> quotas.add(lane.ask(0)));
    }
    return quotas.isEmpty() ? null : new Demand(quotas, limit);
  }

  private List<Served> due(String queue, long now) {
    var due = new ArrayList<Served>();
    for (Served lane : served.values()) {
      if (lane.dueAt <= now
          && lane.restsUntil <= now
          && lane.job.queue().equals(queue)
          && !isPaused(lane.job)) {
        due.add(lane);
      }
    }
    due.sort(
        Comparator.comparingInt((Served lane) -> -lane.lane.priority())
            .thenComparingLong(lane -> lane.lastAsked));
    return due;
  }

  /**
   * Returns how much work may be claimed ahead. A claim uses the attempt of a run that has but one,
   * and takes a slot of a limit that others may want meanwhile: where each key has slots of its
   * own, it does so for about as long as a claim takes.
   */
  private static Duration ahead(JobDefinition<?, ?> job) {
    if (job.retry().maxAttempts().orElse(Integer.MAX_VALUE) == 1) {
      return Duration.ZERO;
    } else if (job.limits().isEmpty()) {
      return AHEAD;
    }
    return job.limits().stream().allMatch(RunLimit::hasSlotsOfKeys)
        ? AHEAD_IN_SLOTS
        : Duration.ZERO;
  }

  /** Notes what an exchange said of the lanes that it asked. */
  void answered(Exchanged answer, long now) {
    for (Served lane : served.values()) {
      if (lane.asked) {
        lane.asked = false;
        Instant due = answer.nextDue().get(lane.lane.id());
        long next = due == null ? NEVER : toNanos(answer.now(), due, now);
        lane.dueAt = Math.min(next, lane.hintedAt);
      }
    }
  }

  /** The exchange failed: what it asked is to be asked again. */
  void unanswered() {
    served.values().forEach(lane -> lane.asked = false);
  }

  /** The store will not let this lane be claimed: leave it alone for a while. */
  void rest(int lane, long until) {
    Served known = served.get(lane);
    if (known != null) {
      known.restsUntil = until;
    }
  }

  /** Returns when the next lane becomes due that is not due yet. */
  long nextDueAfter(long now) {
    long next = NEVER;
    for (Served lane : served.values()) {
      if (lane.dueAt > now && !isPaused(lane.job)) {
        next = Math.min(next, lane.dueAt);
      }
    }
    return next;
  }

  /** Returns whether something may be due. */
  boolean isDue(long now) {
    return served.values().stream()
        .anyMatch(lane -> lane.dueAt <= now && lane.restsUntil <= now && !isPaused(lane.job));
  }

  static long nanos(Duration duration) {
    try {
      return duration.toNanos();
    } catch (ArithmeticException centuries) {
      return duration.isNegative() ? Long.MIN_VALUE / 4 : Long.MAX_VALUE / 4;
    }
  }
}
