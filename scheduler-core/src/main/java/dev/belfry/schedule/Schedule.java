// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import static java.util.Objects.requireNonNull;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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
 * DstPolicy#RUN_ONCE}), on all dates, without jitter. A policy that does not concern a kind of
 * schedule is kept and has no effect.
 *
 * <p>Two schedules are equal if they are of one kind and have the same ticks, zone, exclusions in
 * their order, and policies. Daily and weekly ones are cron expressions.
 */
public final class Schedule {
  private static final int MOST_PREVIEWED = 10_000;

  private final Timing timing;
  private final Dates dates;
  private final Policies policies;
  private final TickSeries ticks;

  private Schedule(Timing timing, Dates dates, Policies policies) {
    this.timing = timing;
    this.dates = dates;
    this.policies = policies;
    this.ticks = timing.ticks(dates, policies.dst());
  }

  private static Schedule of(Timing timing) {
    return new Schedule(timing, Dates.ALL, Policies.DEFAULT);
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
   * Returns a schedule that follows a cron expression of a dialect in a zone.
   *
   * @param expression as {@link CronExpression#parse(String, CronDialect)} takes it
   * @param zone whose clock the expression reads
   * @throws CronParseException if the text is not an expression
   */
  public static Schedule cron(String expression, CronDialect dialect, ZoneId zone) {
    return cron(CronExpression.parse(expression, dialect), zone);
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
   * Returns a schedule that follows an expression of {@link CronDialect#UNIX} in which {@code H}
   * stands for a value that a key chooses, so that many schedules do not all come at once: {@code H
   * H * * *} is some time of day, always the same for the same key. {@code H(1-5)} is a value of a
   * range, {@code H/15} a step of 15 that starts somewhere. A day of the month is chosen from 1 to
   * 28.
   *
   * <p>The text of the schedule has the chosen values.
   *
   * @param expression such as {@code H H(1-5) * * *}
   * @param key what the values depend on, such as a customer's id
   * @param zone whose clock the expression reads
   * @throws CronParseException if the text is not an expression
   */
  public static Schedule spread(String expression, String key, ZoneId zone) {
    Spread spread = new Spread(requireNonNull(key, "key"));
    return cron(CronExpression.parse(requireNonNull(expression, "expression"), spread), zone);
  }

  /**
   * Returns a schedule that is due once a day, in UTC.
   *
   * @param time a whole second
   * @throws IllegalArgumentException if {@code time} has fractions of a second
   */
  public static Schedule daily(LocalTime time) {
    return daily(time, Timing.UTC);
  }

  /**
   * Returns a schedule that is due once a day. It equals the one of the cron expression for the
   * same time.
   *
   * @param time a whole second
   * @param zone whose clock shows the time
   * @throws IllegalArgumentException if {@code time} has fractions of a second
   */
  public static Schedule daily(LocalTime time, ZoneId zone) {
    return cron(CronExpression.of(DayTimes.of(time), CronDays.EVERY), zone);
  }

  /**
   * Returns a schedule that is due once a day on some days of the week. It equals the one of the
   * cron expression for the same days and time.
   *
   * @param days at least one
   * @param time a whole second
   * @param zone whose clock shows the time
   * @throws IllegalArgumentException if {@code days} is empty or {@code time} has fractions of a
   *     second
   */
  public static Schedule weekly(Set<DayOfWeek> days, LocalTime time, ZoneId zone) {
    if (days.isEmpty()) {
      throw new IllegalArgumentException("days must not be empty");
    }
    int weekdays = 0;
    for (DayOfWeek day : days) {
      weekdays |= 1 << day.getValue() % 7;
    }
    return cron(CronExpression.of(DayTimes.of(time), CronDays.onWeekdays(weekdays)), zone);
  }

  /**
   * Returns a schedule that is due on one day of each month. In a month without that day it is due
   * on the last; {@link #withMonthEnd(MonthEnd)} changes that.
   *
   * @param day from 1 to 31
   * @param time a whole second
   * @param zone whose clock shows the time
   * @throws IllegalArgumentException if {@code day} is out of range or {@code time} has fractions
   *     of a second
   */
  public static Schedule monthly(int day, LocalTime time, ZoneId zone) {
    return of(
        new Timing.Monthly(
            new MonthDays(day, MonthEnd.LAST_DAY), time, requireNonNull(zone, "zone")));
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
   * Parses the text that {@link #toString()} returns; its own words in any case, zones and names as
   * they are. Exclusions that were {@linkplain Exclusion#named(String,
   * java.util.function.Predicate) given as functions} are found by their names; one that is not
   * among those given can't be asked for ticks.
   *
   * @param text such as {@code cron 0 3 * * * UTC; catch-up skip}
   * @param named exclusions that the text may name
   * @throws IllegalArgumentException if the text is not a schedule
   */
  public static Schedule parse(String text, Exclusion... named) {
    return ScheduleParser.parse(requireNonNull(text, "text"), List.of(named));
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
    return new Schedule(new Timing.Every(every.period(), anchor), dates, policies);
  }

  /**
   * Returns this schedule with another rule for months that do not have its day.
   *
   * @throws IllegalStateException if this schedule is not one of {@link #monthly}
   */
  public Schedule withMonthEnd(MonthEnd end) {
    if (!(timing instanceof Timing.Monthly monthly)) {
      throw new IllegalStateException(
          "only monthly(day, time, zone) has a month end, this schedule is " + this);
    }
    MonthDays day = new MonthDays(monthly.day().day(), requireNonNull(end, "end"));
    return new Schedule(new Timing.Monthly(day, monthly.time(), monthly.readIn()), dates, policies);
  }

  /**
   * Returns this schedule with its ticks of every n-th week only. Weeks start on Monday.
   *
   * @param weeks 2 for every other week, 1 for all; from 1 to 520
   * @param anchor a date in a week that has ticks; weeks before it count too
   * @throws IllegalArgumentException if {@code weeks} is out of range
   */
  public Schedule everyWeeks(int weeks, LocalDate anchor) {
    return new Schedule(timing, dates.every(weeks, requireNonNull(anchor, "anchor")), policies);
  }

  /**
   * Returns this schedule without its ticks on some dates, beside those that it leaves out already.
   * Dates are those of the schedule's zone; of UTC if it has none. A tick of {@link
   * #afterCompletion(Duration)} waits for the next date that is not left out. A schedule whose
   * dates of 400 years are all left out has no ticks.
   *
   * @param exclusion the dates; a schedule may have 100 of them
   * @throws IllegalArgumentException if there are 100 already
   */
  public Schedule except(Exclusion exclusion) {
    return new Schedule(timing, dates.except(requireNonNull(exclusion, "exclusion")), policies);
  }

  /**
   * Returns this schedule with runs that start up to some time after their tick, so that what is
   * due at once on many schedules or machines does not start at once. How much later depends on the
   * schedule's id and the tick, so all nodes agree. Default: zero.
   *
   * <p>A run is active from its tick on, also while it waits. With a jitter that is longer than the
   * time between two ticks, {@link Overlap} therefore decides about most of them.
   *
   * @param jitter the most, not included; whole microseconds, up to 1 day
   * @throws IllegalArgumentException if {@code jitter} is out of range
   */
  public Schedule withJitter(Duration jitter) {
    return new Schedule(timing, dates, policies.with(jitter));
  }

  /**
   * Returns this schedule with another policy for missed ticks.
   *
   * @param policy what to do with them
   */
  public Schedule withCatchUp(CatchUp policy) {
    return new Schedule(timing, dates, policies.with(policy));
  }

  /**
   * Returns this schedule with another policy for ticks while a run is active.
   *
   * @param policy what to do with them
   */
  public Schedule withOverlap(Overlap policy) {
    return new Schedule(timing, dates, policies.with(policy));
  }

  /**
   * Returns this schedule with another policy for fixed times that the clock leaps over.
   *
   * @param policy what to do with them
   */
  public Schedule withDst(DstPolicy policy) {
    return new Schedule(timing, dates, policies.with(policy));
  }

  /** Returns what happens to missed ticks. */
  public CatchUp catchUp() {
    return policies.catchUp();
  }

  /** Returns what happens to a tick while a run is active. */
  public Overlap overlap() {
    return policies.overlap();
  }

  /** Returns what happens to a fixed time that the clock leaps over. */
  public DstPolicy dst() {
    return policies.dst();
  }

  /** Returns the most that a run starts after its tick; zero if it starts at the tick. */
  public Duration jitter() {
    return policies.jitter();
  }

  /** Returns the dates that are left out. */
  public List<Exclusion> exclusions() {
    return dates.exclusions();
  }

  /** Returns the zone whose clock the schedule reads; empty if it reads none. */
  public Optional<ZoneId> zone() {
    return timing.zone();
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
    return ticks.next(requireNonNull(after, "after"));
  }

  /**
   * Returns the last tick before an instant; empty if there is none, and always for {@link
   * #afterCompletion(Duration)}, whose ticks depend on the runs.
   *
   * @param before not itself an answer
   */
  public Optional<Instant> previous(Instant before) {
    return before.equals(Instant.MIN) ? Optional.empty() : ticks.lastUpTo(before.minusNanos(1));
  }

  /**
   * Returns the next ticks after an instant, in order, each with the rule that applied; fewer if
   * there are not as many.
   *
   * @param count how many at most; from 0 to 10,000
   * @param after not itself an answer
   * @throws IllegalArgumentException if {@code count} is out of range
   */
  public List<PlannedTick> preview(int count, Instant after) {
    if (count < 0 || count > MOST_PREVIEWED) {
      throw new IllegalArgumentException("count must be from 0 to 10000, was " + count);
    }
    List<PlannedTick> planned = new ArrayList<>();
    Optional<Instant> next = next(after);
    while (planned.size() < count && next.isPresent()) {
      planned.add(ticks.explain(next.get()));
      next = next(next.get());
    }
    return List.copyOf(planned);
  }

  /**
   * Returns when the run of a tick is due: at the tick or, with jitter, somewhat later.
   *
   * @param tick one of this schedule
   * @param id the schedule's id
   */
  public Instant dueAt(Instant tick, String id) {
    return policies.jitter().isZero()
        ? tick
        : tick.plus(new Spread(id).choose(tick, policies.jitter()));
  }

  /**
   * Returns the next change of the zone's clock within a year that moves, repeats or drops a tick;
   * empty if there is none, and for schedules that run at all hours.
   *
   * @param after from when on
   */
  public Optional<ClockChange> clockChange(Instant after) {
    return ticks instanceof ClockTicks clock ? clock.clockChange(after) : Optional.empty();
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
    Instant last = ticks.lastUpTo(now).filter(firstDue::isBefore).orElse(firstDue);
    return new Ticks(last, 1 + ticks.count(firstDue, now), next(now));
  }

  /** Returns the schedule in English, such as {@code at 03:00 UTC every day}; policies left out. */
  public String describe() {
    String later =
        policies.jitter().isZero()
            ? ""
            : ", up to " + PeriodWords.count(policies.jitter()) + " later";
    return timing.describe() + dates.describe() + later;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Schedule that
        && timing.equals(that.timing)
        && dates.equals(that.dates)
        && policies.equals(that.policies);
  }

  @Override
  public int hashCode() {
    return Objects.hash(timing, dates, policies);
  }

  /**
   * Returns the schedule in one line that {@link #parse} takes back, such as {@code every PT5M;
   * overlap queue}. Policies are named only where they are not the default.
   */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>(List.of(timing.toString()));
    parts.addAll(dates.texts());
    parts.addAll(policies.texts());
    return String.join("; ", parts);
  }
}
