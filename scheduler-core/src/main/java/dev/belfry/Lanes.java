// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.Target;
import dev.belfry.store.Catalog;
import dev.belfry.store.Demand;
import dev.belfry.store.Exchanged;
import dev.belfry.store.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
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

  private final Jobs jobs;
  private final Map<Integer, Served> served = new TreeMap<>();
  private final Set<Integer> foreign = new HashSet<>(); // lanes of jobs that this node lacks
  private Set<Target> paused = Set.of();

  /** A lane with what is known of it. */
  private static final class Served {
    final Lane lane;
    final JobDefinition<?, ?> job;
    long askAt; // when something may be due there; NEVER: only a poll or a hint can tell
    boolean asked; // by the exchange under way
    boolean hinted; // meanwhile

    Served(Lane lane, JobDefinition<?, ?> job) {
      this.lane = lane;
      this.job = job;
    }

    int level() {
      return lane.priority() + LEVELS / 2;
    }

    void look(long now) {
      askAt = Math.min(askAt, now);
      hinted = true;
    }
  }

  Lanes(Jobs jobs) {
    this.jobs = jobs;
  }

  /** Takes over a newer catalog; new lanes are due for a look. */
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
    served.values().forEach(lane -> lane.look(now));
  }

  /** Marks lanes as worth a look. Returns whether all of them are known. */
  boolean lookAt(Collection<Integer> ids, long now) {
    boolean known = true;
    for (int id : ids) {
      Served lane = served.get(id);
      if (lane != null) {
        lane.look(now);
      } else {
        known &= foreign.contains(id);
      }
    }
    return known;
  }

  /**
   * Returns what to claim for a queue: lanes of higher priority first, those of one priority with
   * equal shares, the longest waiting first.
   */
  @Nullable Demand demand(String queue, QueueSlots slots, long now) {
    int room = slots.room();
    if (room == 0) {
      return null;
    }
    var due = new ArrayList<Served>();
    for (Served lane : served.values()) {
      if (lane.askAt <= now && lane.job.queue().equals(queue) && !isPaused(lane.job)) {
        due.add(lane);
      }
    }
    due.sort(
        Comparator.comparingInt((Served lane) -> -lane.lane.priority())
            .thenComparingLong(lane -> lane.askAt));
    var sharing = new int[LEVELS]; // how many lanes of each priority are due
    due.forEach(lane -> sharing[lane.level()]++);
    var quotas = new ArrayList<Demand.Quota>();
    for (Served lane : due) {
      int sharers = sharing[lane.level()];
      int share = (room + sharers - 1) / sharers;
      int most = holdsBack(lane.job) ? Math.min(share, slots.free()) : share;
      if (most > 0) {
        lane.asked = true;
        lane.hinted = false;
        quotas.add(new Demand.Quota(lane.lane.id(), most));
      }
    }
    return quotas.isEmpty() ? null : new Demand(quotas, room);
  }

  /** A run with a single attempt is claimed for a free worker only: a claim uses the attempt. */
  private static boolean holdsBack(JobDefinition<?, ?> job) {
    return job.retry().maxAttempts().orElse(Integer.MAX_VALUE) == 1;
  }

  /** Notes what an exchange said of the lanes that it asked. */
  void answered(Exchanged answer, long now) {
    for (Served lane : served.values()) {
      if (lane.asked) {
        lane.asked = false;
        var due = answer.nextDue().get(lane.lane.id());
        long next =
            due == null ? NEVER : now + Math.max(0, nanos(Duration.between(answer.now(), due)));
        lane.askAt = lane.hinted ? Math.min(now, next) : next;
      }
    }
  }

  /** The exchange failed: what it asked is asked again. */
  void unanswered() {
    served.values().forEach(lane -> lane.asked = false);
  }

  /** Returns when the next unpaused lane is worth a look, as far as is known. */
  long nextLook() {
    long next = NEVER;
    for (Served lane : served.values()) {
      if (!isPaused(lane.job)) {
        next = Math.min(next, lane.askAt);
      }
    }
    return next;
  }

  boolean isEmpty() {
    return served.isEmpty();
  }

  static long nanos(Duration duration) {
    try {
      return duration.toNanos();
    } catch (ArithmeticException centuries) {
      return Long.MAX_VALUE / 2;
    }
  }
}
