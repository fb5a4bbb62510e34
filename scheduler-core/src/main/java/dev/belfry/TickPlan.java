// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.RunId;
import dev.belfry.run.Trigger;
import dev.belfry.schedule.CatchUp;
import dev.belfry.schedule.Overlap;
import dev.belfry.schedule.Schedule;
import dev.belfry.schedule.Ticks;
import dev.belfry.store.Due;
import dev.belfry.store.Firing;
import dev.belfry.store.Firing.Missed;
import dev.belfry.store.Firing.Park;
import dev.belfry.store.Firing.Skip;
import dev.belfry.store.Firing.Start;
import dev.belfry.store.Firing.Tick;
import dev.belfry.store.NewRun;
import dev.belfry.store.ScheduleRow;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * Decides what happens to a schedule whose tick has come: a pure function of the schedule, its row
 * and the store's clock.
 */
final class TickPlan {
  /** What the reasons of ticks begin with that came while nobody was there to fire them. */
  static final String MISSED = "missed";

  private final ScheduleRow row;
  private final Schedule schedule;
  private final Instant now;
  private final Instant nominal;
  private final Supplier<RunId> ids;
  private final BiFunction<ScheduleRow, Instant, NewRun> runs;

  private TickPlan(
      ScheduleRow row,
      Schedule schedule,
      Instant now,
      Supplier<RunId> ids,
      BiFunction<ScheduleRow, Instant, NewRun> runs) {
    this.row = row;
    this.schedule = schedule;
    this.now = now;
    this.nominal = row.nextAt().orElseThrow();
    this.ids = ids;
    this.runs = runs;
  }

  /**
   * Returns what is to happen.
   *
   * @param row a schedule whose next tick is not after {@code now}
   * @param schedule the schedule in force
   * @param ids makes ids for records of missed ticks
   * @param runs makes the run of a schedule for a tick, without trigger and due time
   */
  static Firing of(
      ScheduleRow row,
      Schedule schedule,
      Instant now,
      Supplier<RunId> ids,
      BiFunction<ScheduleRow, Instant, NewRun> runs) {
    return new TickPlan(row, schedule, now, ids, runs).plan();
  }

  private Firing plan() {
    if (schedule.isAfterCompletion()) {
      return row.active()
          ? park(false) // a manual run; the pause is counted from its end
          : firing(start(nominal, true), Optional.empty(), Optional.empty());
    }
    Ticks due = schedule.ticksUpTo(nominal, now);
    if (schedule.catchUp() instanceof CatchUp.All all) {
      return catchUpAll(due, all);
    }
    if (row.queued() && !row.active()) {
      return firing(
          start(nominal, false),
          due.next(),
          after(nominal, due, due.count() - 1, "one run waited already"));
    }
    if (schedule.catchUp() instanceof CatchUp.Skip && isLate(due) && !row.queued()) {
      return skipAll(due, MISSED + " and not caught up");
    }
    if (row.active()) {
      return overlap(due);
    }
    return firing(
        start(due.last(), false),
        due.next(),
        before(due, MISSED + "; only the latest tick is caught up"));
  }

  private boolean isLate(Ticks due) {
    return Duration.between(due.last(), now).compareTo(CatchUp.Skip.TOLERANCE) > 0;
  }

  /** The last run has not ended. */
  private Firing overlap(Ticks due) {
    if (schedule.overlap() == Overlap.ALLOW) {
      return firing(
          start(due.last(), false),
          due.next(),
          before(due, MISSED + "; only the latest tick is caught up"));
    }
    return switch (schedule.overlap()) {
      case QUEUE -> park(false);
      case REPLACE -> park(true);
      default -> skipAll(due, "run " + row.lastRun().orElseThrow() + " had not ended");
    };
  }

  /** Ticks are made up one by one, in order, each after the end of the run before. */
  private Firing catchUpAll(Ticks due, CatchUp.All all) {
    // Walked back from the last tick, so that a year's outage costs no more than maxCount steps.
    Instant first = due.last();
    long kept = 1;
    while (kept < Math.min(due.count(), all.maxCount())) {
      Instant earlier = before(first);
      if (Duration.between(earlier, now).compareTo(all.maxAge()) > 0) {
        break;
      }
      first = earlier;
      kept++;
    }
    long dropped = due.count() - kept;
    Optional<Missed> missed =
        dropped == 0
            ? Optional.empty()
            : Optional.of(
                new Missed(
                    ids.get(),
                    nominal,
                    before(first),
                    dropped,
                    MISSED + "; more or older than is caught up"));
    if (row.active()) {
      return due.count() > 1 || isLate(due) ? park(false) : overlap(due);
    }
    return firing(start(first, false), schedule.next(first), missed);
  }

  private Firing park(boolean cancel) {
    return firing(
        new Park(row.lastRun().orElseThrow(), cancel), Optional.empty(), Optional.empty());
  }

  private Firing skipAll(Ticks due, String reason) {
    return firing(
        new Skip(),
        due.next(),
        Optional.of(new Missed(ids.get(), nominal, due.last(), due.count(), reason)));
  }

  /** The ticks before the last one, if there are any. */
  private Optional<Missed> before(Ticks due, String reason) {
    if (due.count() == 1) {
      return Optional.empty();
    }
    Instant last = before(due.last());
    return Optional.of(new Missed(ids.get(), nominal, last, due.count() - 1, reason));
  }

  /** The due tick before a later one. */
  private Instant before(Instant tick) {
    // The first due tick may be none any more, as when a function names other holidays since.
    return schedule.previous(tick).filter(nominal::isBefore).orElse(nominal);
  }

  private Optional<Missed> after(Instant first, Ticks due, long count, String reason) {
    return count == 0
        ? Optional.empty()
        : Optional.of(
            new Missed(ids.get(), schedule.next(first).orElseThrow(), due.last(), count, reason));
  }

  private Tick start(Instant tick, boolean watched) {
    NewRun run = runs.apply(row, tick); // perhaps due some time after it is made
    return new Start(
        run.withDue(new Due.At(run.due().from(schedule.dueAt(tick, row.id()))))
            .withTrigger(Trigger.schedule(row.id(), tick))
            .withWatched(watched));
  }

  private Firing firing(Tick tick, Optional<Instant> next, Optional<Missed> missed) {
    return new Firing(row.id(), row.version(), nominal, row.lastRun(), tick, next, missed);
  }
}
