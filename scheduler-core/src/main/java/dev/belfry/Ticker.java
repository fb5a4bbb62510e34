// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.host.Host;
import dev.belfry.host.Host.Cancellable;
import dev.belfry.store.DueTicks;
import dev.belfry.store.Firing;
import dev.belfry.store.JobStore;
import dev.belfry.store.NewRun;
import dev.belfry.store.ScheduleRow;
import dev.belfry.store.StoreException;
import dev.belfry.store.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fires the ticks of schedules, on time. For the control loop only. */
final class Ticker {
  /*
   * A look fetches what is due and when the next tick comes, and sets a timer for that. News (a
   * changed schedule, a delivery, a taken-over run) brings a look at once; what another node changed
   * without a word is found by a look every half minute, or as seldom as the node polls, which also
   * bounds what a stepped clock of the store can delay.
   */
  private static final Logger log = LoggerFactory.getLogger(Scheduler.class);
  private static final int BATCH = 200;
  private static final Duration HALF_A_MINUTE = Duration.ofSeconds(30);
  private static final Duration RETRY = Duration.ofMillis(500);
  private static final int MOST_DOUBLINGS = 3; // of a retry after failures in a row
  private static final Duration REST = Duration.ofMinutes(1);
  private static final String LOOK = "look for ticks";
  private static final String FIRE = "fire ticks";

  private final Node node;
  private final Settings settings;
  private final Host host;
  private final JobStore store;
  private final Calls calls;
  private final Membership membership;
  private final Outage outage;
  private final RunIds ids;
  private final Set<String> jobs;
  private final Duration longest; // between looks
  private final Map<String, Long> resting = new HashMap<>(); // schedules that fail, until when
  private boolean firing;
  private boolean again;
  private boolean stopped;
  private long looks;
  private boolean dueNow;
  private int failures;
  private @Nullable Cancellable timer;

  /** What became of firings; some may be such as the store will never take. */
  private record Fired(boolean allRefused, Set<String> impossible) {}

  Ticker(Node node, Settings settings, Membership membership, Outage outage, RunIds ids) {
    this.node = node;
    this.settings = settings;
    this.host = settings.host();
    this.store = settings.store();
    this.calls = new Calls(host);
    this.membership = membership;
    this.outage = outage;
    this.ids = ids;
    this.jobs = settings.jobs().names();
    this.longest = settings.poll().compareTo(HALF_A_MINUTE) > 0 ? settings.poll() : HALF_A_MINUTE;
  }

  /** Looks for ticks that have come. */
  void look() {
    if (stopped || jobs.isEmpty() || !membership.held()) {
      return; // a lease that is regained brings a look
    }
    if (firing) {
      again = true;
      return;
    }
    firing = true;
    looks++;
    int limit = BATCH + resting.size();
    calls.<DueTicks>make(
        () -> store.dueTicks(jobs, settings.jobs().schedules().keySet(), limit),
        (due, thrown) -> {
          firing = false;
          if (due == null) {
            failed(LOOK, thrown);
          } else {
            outage.answered(LOOK);
            failures = 0;
            fire(due);
          }
        });
  }

  private void fire(DueTicks due) {
    List<Firing> firings = firings(due);
    dueNow = !firings.isEmpty();
    if (firings.isEmpty()) {
      rest(due);
      return;
    }
    firing = true;
    calls.<Fired>make(
        () -> fire(firings),
        (fired, thrown) -> {
          firing = false;
          if (fired == null) {
            failed(FIRE, thrown);
            return;
          }
          outage.answered(FIRE);
          fired.impossible().forEach(this::restAfterFailure);
          node.pollSoon();
          if (fired.allRefused()) {
            lookIn(RETRY); // others are at it; don't race them
          } else {
            look();
          }
        });
  }

  private List<Firing> firings(DueTicks due) {
    var firings = new ArrayList<Firing>();
    resting.values().removeIf(until -> until <= node.now());
    for (ScheduleRow row : due.due()) {
      if (resting.containsKey(row.id())) {
        continue;
      }
      try {
        firings.add(
            TickPlan.of(row, settings.jobs().scheduleOf(row), due.now(), ids::next, this::runOf));
      } catch (RuntimeException unplannable) { // one bad schedule must not stop the others
        log.error(
            "schedule {} with the definition \"{}\" can't be fired; it rests for {}",
            row.id(),
            row.definition(),
            REST,
            unplannable);
        restAfterFailure(row.id());
      }
    }
    return firings;
  }

  private void restAfterFailure(String schedule) {
    resting.put(schedule, node.now() + REST.toNanos());
  }

  /** Fires all at once or, if the store will never take that, one by one. Off the loop. */
  private Fired fire(List<Firing> firings) {
    try {
      List<Verdict> verdicts = store.fire(firings);
      return new Fired(verdicts.stream().allMatch(v -> v == Verdict.REFUSED), Set.of());
    } catch (StoreException e) {
      if (e.kind() != StoreException.Kind.PERMANENT) {
        throw e;
      }
      return fireApart(firings);
    }
  }

  private Fired fireApart(List<Firing> firings) {
    var impossible = new LinkedHashSet<String>();
    boolean allRefused = true;
    for (Firing one : firings) {
      try {
        allRefused &= store.fire(List.of(one)).get(0) == Verdict.REFUSED;
      } catch (StoreException e) {
        if (e.kind() != StoreException.Kind.PERMANENT) {
          throw e;
        }
        log.error(
            "the store refuses to fire schedule {}; it rests for {}", one.schedule(), REST, e);
        impossible.add(one.schedule());
      }
    }
    return new Fired(allRefused, impossible);
  }

  /** Nothing is due; looks again at the next tick. */
  private void rest(DueTicks due) {
    if (again) {
      again = false;
      look();
      return;
    }
    Duration next = due.next().map(tick -> Duration.between(due.now(), tick)).orElse(longest);
    lookIn(next.compareTo(longest) < 0 ? next : longest);
    node.checkIdle();
  }

  private void failed(String call, @Nullable Throwable thrown) {
    again = false;
    outage.failed(call, thrown);
    lookIn(RETRY.multipliedBy(1L << Math.min(failures++, MOST_DOUBLINGS)));
  }

  private void lookIn(Duration delay) {
    if (timer != null) {
      timer.cancel();
    }
    timer = host.after(delay, this::look);
  }

  private NewRun runOf(ScheduleRow row, Instant tick) {
    JobDefinition<?, ?> job = settings.jobs().find(row.job());
    NewRun run = NewRun.of(ids.next(), row.job(), row.input()).withTags(row.tags());
    return RunLimit.place(job, settings.payloads(), run);
  }

  /** Fires nothing any more. */
  void stop() {
    stopped = true;
    if (timer != null) {
      timer.cancel();
    }
  }

  /** Returns the number of the look that would tell what is due from now on. */
  long nextLook() {
    return looks + 1;
  }

  /** Returns whether no tick is due, as a look from that number on has said. */
  boolean isIdleSince(long look) {
    return jobs.isEmpty() || (looks >= look && !firing && !dueNow);
  }
}
