// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.JobDefinition.Planned;
import dev.belfry.host.Host;
import dev.belfry.host.Host.Cancellable;
import dev.belfry.schedule.Schedule;
import dev.belfry.store.DueTicks;
import dev.belfry.store.Firing;
import dev.belfry.store.NewRun;
import dev.belfry.store.ScheduleRow;
import dev.belfry.store.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fires the ticks of schedules, on time. For the control loop only. */
final class Ticker {
  private static final Logger log = LoggerFactory.getLogger(Scheduler.class);
  private static final int BATCH = 200;
  private static final Duration RETRY = Duration.ofMillis(500);
  private static final int MAX_PARSED = 10_000;

  private final Node node;
  private final Settings settings;
  private final Host host;
  private final Membership membership;
  private final Outage outage;
  private final RunIds ids;
  private final Set<String> jobs;
  private final Map<String, Schedule> parsed = new HashMap<>();
  private boolean firing;
  private boolean again;
  private boolean stopped;
  private long looks;
  private boolean dueNow;
  private @Nullable Cancellable timer;

  Ticker(Node node, Settings settings, Membership membership, Outage outage, RunIds ids) {
    this.node = node;
    this.settings = settings;
    this.host = settings.host();
    this.membership = membership;
    this.outage = outage;
    this.ids = ids;
    this.jobs = settings.jobs().names();
  }

  /** Looks for ticks that have come. */
  void look() {
    if (stopped || jobs.isEmpty() || !membership.held()) {
      return;
    }
    if (firing) {
      again = true;
      return;
    }
    firing = true;
    looks++;
    host.<DueTicks>io(
        () -> settings.store().dueTicks(jobs, settings.jobs().schedules().keySet(), BATCH),
        (due, thrown) -> {
          if (due == null) {
            failed("look for ticks", thrown);
          } else {
            outage.answered();
            fire(due);
          }
        });
  }

  private void fire(DueTicks due) {
    var firings = new ArrayList<Firing>();
    for (ScheduleRow row : due.due()) {
      Schedule schedule = scheduleOf(row);
      if (schedule != null) {
        firings.add(TickPlan.of(row, schedule, due.now(), ids::next, this::runOf));
      }
    }
    dueNow = !firings.isEmpty();
    if (firings.isEmpty()) {
      done(due);
      return;
    }
    host.<List<Verdict>>io(
        () -> settings.store().fire(firings),
        (verdicts, thrown) -> {
          if (verdicts == null) {
            failed("fire ticks", thrown);
            return;
          }
          outage.answered();
          firing = false;
          node.pollSoon();
          if (verdicts.stream().allMatch(v -> v == Verdict.REFUSED)) {
            lookIn(RETRY); // others are at it; don't race them
          } else {
            look();
          }
        });
  }

  private void done(DueTicks due) {
    firing = false;
    if (again) {
      again = false;
      look();
    } else {
      due.next().ifPresent(next -> lookIn(Duration.between(due.now(), next)));
      node.checkIdle();
    }
  }

  private void failed(String what, @Nullable Throwable thrown) {
    firing = false;
    again = false;
    outage.failed(what, thrown == null ? new IllegalStateException("no answer") : thrown);
    lookIn(RETRY);
  }

  private void lookIn(Duration delay) {
    if (timer != null) {
      timer.cancel();
    }
    timer = host.after(delay, this::look);
  }

  /** What code declares may hold more than its text, so it is preferred while it is in force. */
  private @Nullable Schedule scheduleOf(ScheduleRow row) {
    Planned<?> planned = settings.jobs().schedules().get(row.id());
    if (planned != null && planned.schedule().toString().equals(row.definition())) {
      return planned.schedule();
    }
    Schedule known = parsed.get(row.definition());
    if (known != null) {
      return known;
    }
    try {
      Schedule schedule = Schedule.parse(row.definition());
      if (parsed.size() >= MAX_PARSED) {
        parsed.clear();
      }
      parsed.put(row.definition(), schedule);
      return schedule;
    } catch (IllegalArgumentException unreadable) {
      log.error(
          "schedule {} does not fire: its definition \"{}\" can't be read",
          row.id(),
          row.definition(),
          unreadable);
      return null;
    }
  }

  private NewRun runOf(ScheduleRow row, Instant tick) {
    JobDefinition<?, ?> job = settings.jobs().find(row.job());
    NewRun run = NewRun.of(ids.next(), row.job(), row.input()).withTags(row.tags());
    return job == null ? run : run.withPriority(job.priority()).withQueue(job.queue());
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
