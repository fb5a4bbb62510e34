// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When a job is due, again and again: a cron expression, an interval or given instants, with the
 * policies for missed, overlapping and skipped ticks. Immutable and thread-safe.
 *
 * <p>A schedule reads no clock: the same question always has the same answer, on every node. A tick
 * is an instant, in whole microseconds, at which the job is due.
 *
 * <p>Default: catch up with the latest missed tick ({@link CatchUp#latest()}), skip a tick while
 * the last run is active ({@link Overlap#SKIP}), run a time that the clock leaps over once ({@link
 * DstPolicy#RUN_ONCE}). A policy that does not concern a kind of schedule is kept and has no
 * effect.
 *
 * <p>Two schedules are equal if they have the same ticks and policies; the zones must be the same
 * too.
 */
public final class Schedule {
  private final Timing timing;
  private final CatchUp catchUp;
  private final Overlap overlap;
  private final DstPolicy dst;

  Schedule(Timing timing, CatchUp catchUp, Overlap overlap, DstPolicy dst) {
    this.timing = timing;
    this.catchUp = catchUp;
    this.overlap = overlap;
    this.dst = dst;
  }

  private static Schedule of(Timing timing) {
    return new Schedule(timing, CatchUp.latest(), Overlap.SKIP, DstPolicy.RUN_ONCE);
  }

  /**
   * Returns a schedule that follows a cron expression in UTC, never in the zone of the machine.
   *
   * @param expression as {@link CronExpression#parse(String)} takes it
   * @throws CronParseException if the text is not an expression
   */
  public static Schedule cron(String expression) {
    return cron(expression, Timing.UTC);
  }

  /**
   * Returns a schedule that follows a cron expression in a zone.
   *
   * @param expression as {@link CronExpression#parse(String)} takes it
   * @param zone whose clock the expression reads
   * @throws CronParseException if the text is not an expression
   */
  public static Schedule cron(String expression, ZoneId zone) {
    return cron(CronExpression.parse(expression), zone);
  }

  /**
   * Returns a schedule that follows a cron expression in a zone.
   *
   * @param expression when it is due
   * @param zone whose clock the expression reads
   */
  public static Schedule cron(CronExpression expression, ZoneId zone) {
    return of(
        new Timing.Cron(requireNonNull(expression, "expression"), requireNonNull(zone, "zone")));
  }

  /**
   * Returns a schedule that is due once a day, in UTC.
   *
   * @param time a whole minute
   * @throws IllegalArgumentException if {@code time} has seconds
   */
  public static Schedule daily(LocalTime time) {
    return daily(time, Timing.UTC);
  }

  /**
   * Returns a schedule that is due once a day. It equals the one of the cron expression for the
   * same time.
   *
   * @param time a whole minute
   * @param zone whose clock shows the time
   * @throws IllegalArgumentException if {@code time} has seconds
   */
  public static Schedule daily(LocalTime time, ZoneId zone) {
    if (time.getSecond() != 0 || time.getNano() != 0) {
      throw new IllegalArgumentException("time must be a whole minute, was " + time);
    }
    return cron(time.getMinute() + " " + time.getHour() + " * * *", zone);
  }

  /**
   * Returns a schedule that is due at a fixed rate, whatever the runs take. Its ticks are whole
   * multiples of the period since 1970-01-01T00:00Z, so that all nodes agree; {@link
   * #anchoredAt(Instant)} moves them.
   *
   * @param period whole microseconds, from 1 millisecond to 36,500 days
   * @throws IllegalArgumentException if {@code period} is out of range
   */
  public static Schedule every(Duration period) {
    return of(new Timing.Every(period, Instant.EPOCH));
  }

  /**
   * Returns a schedule that is due a while after each run is final.
   *
   * @param pause from the end of a run to the next tick; whole microseconds, from 1 millisecond to
   *     36,500 days
   * @throws IllegalArgumentException if {@code pause} is out of range
   */
  public static Schedule afterCompletion(Duration pause) {
    return of(new Timing.AfterCompletion(pause));
  }

  /**
   * Returns a schedule that is due at given instants, in any order. Fractions of a microsecond are
   * rounded up.
   *
   * @param instants from 1 to 1,000 of them; equal ones count once
   * @throws IllegalArgumentException if there are none or too many
   */
  public static Schedule at(Instant... instants) {
    return of(Timing.At.of(List.of(instants)));
  }

  /**
   * Parses the text that {@link #toString()} returns; words in any case.
   *
   * @param text such as {@code cron 0 3 * * * UTC; catch-up skip}
   * @throws IllegalArgumentException if the text is not a schedule
   */
  public static Schedule parse(String text) {
    return ScheduleParser.parse(requireNonNull(text, "text"));
  }

  /**
   * Returns this schedule with its ticks moved, so that one falls on the given instant. Ticks
   * before that instant remain.
   *
   * @param anchor from year -9999 to 9999; fractions of a microsecond are dropped
   * @throws IllegalArgumentException if {@code anchor} is out of range
   * @throws IllegalStateException if this schedule is not one of {@link #every(Duration)}
   */
  public Schedule anchoredAt(Instant anchor) {
    if (!(timing instanceof Timing.Every every)) {
      throw new IllegalStateException("only every(period) has an anchor, this schedule is " + this);
    }
    return new Schedule(new Timing.Every(every.period(), anchor), catchUp, overlap, dst);
  }

  /**
   * Returns this schedule with another policy for missed ticks.
   *
   * @param policy what to do with them
   */
  public Schedule withCatchUp(CatchUp policy) {
    return new Schedule(timing, requireNonNull(policy, "catchUp"), overlap, dst);
  }

  /**
   * Returns this schedule with another policy for ticks while a run is active.
   *
   * @param policy what to do with them
   */
  public Schedule withOverlap(Overlap policy) {
    return new Schedule(timing, catchUp, requireNonNull(policy, "overlap"), dst);
  }

  /**
   * Returns this schedule with another policy for fixed times that the clock leaps over.
   *
   * @param policy what to do with them
   */
  public Schedule withDst(DstPolicy policy) {
    return new Schedule(timing, catchUp, overlap, requireNonNull(policy, "dst"));
  }

  /** Returns what happens to missed ticks. */
  public CatchUp catchUp() {
    return catchUp;
  }

  /** Returns what happens to a tick while a run is active. */
  public Overlap overlap() {
    return overlap;
  }

  /** Returns what happens to a fixed time that the clock leaps over. */
  public DstPolicy dst() {
    return dst;
  }

  /** Returns the zone whose clock the schedule reads; empty if it reads none. */
  public Optional<ZoneId> zone() {
    return timing instanceof Timing.Cron cron ? Optional.of(cron.zone()) : Optional.empty();
  }

  /** Returns whether the next tick is only known once the run before is final. */
  public boolean isAfterCompletion() {
    return timing instanceof Timing.AfterCompletion;
  }

  /**
   * Returns the first tick after an instant; empty if there is none.
   *
   * @param after not itself an answer; for {@link #afterCompletion(Duration)} the end of the run
   */
  public Optional<Instant> next(Instant after) {
    return timing.next(requireNonNull(after, "after"), dst);
  }

  /**
   * Returns the last tick before an instant; empty if there is none, and always for {@link
   * #afterCompletion(Duration)}, whose ticks depend on the runs.
   *
   * @param before not itself an answer
   */
  public Optional<Instant> previous(Instant before) {
    return before.equals(Instant.MIN)
        ? Optional.empty()
        : timing.lastUpTo(before.minusNanos(1), dst);
  }

  /**
   * Returns the next ticks after an instant, in order; fewer if there are not as many.
   *
   * @param count how many at most; from 0 to 10,000
   * @param after not itself an answer
   * @throws IllegalArgumentException if {@code count} is out of range
   */
  public List<Instant> preview(int count, Instant after) {
    if (count < 0 || count > 10_000) {
      throw new IllegalArgumentException("count must be from 0 to 10000, was " + count);
    }
    List<Instant> ticks = new ArrayList<>();
    Optional<Instant> next = next(after);
    while (ticks.size() < count && next.isPresent()) {
      ticks.add(next.get());
      next = next(next.get());
    }
    return List.copyOf(ticks);
  }

  /**
   * Sums up the ticks that are due, in a time that does not grow with their number.
   *
   * @param firstDue the first tick that is due; it counts as a tick even if the schedule, changed
   *     since, has none there
   * @param now the present; not before {@code firstDue}
   * @throws IllegalArgumentException if {@code now} is before {@code firstDue}
   */
  public Ticks ticksUpTo(Instant firstDue, Instant now) {
    if (now.isBefore(firstDue)) {
      throw new IllegalArgumentException(
          "now must not be before firstDue " + firstDue + ", was " + now);
    }
    if (isAfterCompletion()) {
      return new Ticks(firstDue, 1, Optional.empty());
    }
    Instant last = timing.lastUpTo(now, dst).filter(firstDue::isBefore).orElse(firstDue);
    return new Ticks(last, 1 + timing.count(firstDue, now, dst), next(now));
  }

  /** Returns the schedule in English, such as {@code at 03:00 UTC every day}; policies left out. */
  public String describe() {
    return timing.describe();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Schedule that
        && timing.equals(that.timing)
        && catchUp.equals(that.catchUp)
        && overlap == that.overlap
        && dst == that.dst;
  }

  @Override
  public int hashCode() {
    return Objects.hash(timing, catchUp, overlap, dst);
  }

  /**
   * Returns the schedule in one line that {@link #parse(String)} takes back, such as {@code every
   * PT5M; overlap queue}. Policies are named only where they are not the default.
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(timing.toString());
    if (catchUp instanceof CatchUp.Skip) {
      text.append("; catch-up skip");
    } else if (catchUp instanceof CatchUp.All all) {
      text.append("; catch-up all ").append(all.maxCount()).append(' ').append(all.maxAge());
    }
    if (overlap != Overlap.SKIP) {
      text.append("; overlap ").append(ScheduleParser.word(overlap));
    }
    if (dst != DstPolicy.RUN_ONCE) {
      text.append("; dst ").append(ScheduleParser.word(dst));
    }
    return text.toString();
  }
}
