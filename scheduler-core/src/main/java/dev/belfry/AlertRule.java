// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.Failure;
import dev.belfry.run.Run;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import dev.belfry.schedule.Schedule;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When somebody is to be told of a job: see {@link Job.Builder#alert} and {@link
 * SchedulerBuilder#alert}. Immutable.
 *
 * <p>A rule tells once, however long what it looks for goes on, and once more when it is over; so
 * an end is told of only if the beginning was. Runs count in the order in which they were made.
 */
public final class AlertRule {
  private static final Logger log = LoggerFactory.getLogger(Scheduler.class);
  private static final Duration LEAST_REPEAT = Duration.ofMinutes(1);
  private static final int MAX_NAME = 80;

  private final String name;
  private final AlertCondition condition;
  private final Optional<Duration> repeat;

  private AlertRule(String name, AlertCondition condition, Optional<Duration> repeat) {
    this.name = name;
    this.condition = condition;
    this.repeat = repeat;
  }

  private static AlertRule of(String kind, String what, AlertCondition condition) {
    String name = kind + ":" + what;
    return new AlertRule(
        name.length() <= MAX_NAME ? name : kind + ":" + Hashes.sha256(what).substring(0, 16),
        condition,
        Optional.empty());
  }

  /**
   * So many runs in a row ended FAILED or TIMED_OUT, whatever was CANCELLED or SKIPPED between. It
   * is over when a later run completes.
   *
   * @param count 1 to 1,000
   */
  public static AlertRule consecutiveFailures(int count) {
    if (count < 1 || count > 1_000) {
      throw new IllegalArgumentException("consecutiveFailures must be 1 to 1000, was " + count);
    }
    return of(
        "consecutive-failures",
        Integer.toString(count),
        new AlertCondition.Failures(count, any -> true));
  }

  /**
   * A run ended in this state. It is over when a later run completes.
   *
   * @param status FAILED or TIMED_OUT
   */
  public static AlertRule failure(Status status) {
    if (status != Status.FAILED && status != Status.TIMED_OUT) {
      throw new IllegalArgumentException(
          "status of a failure must be FAILED or TIMED_OUT, was " + status);
    }
    return ofRuns(status.name(), run -> run.status() == status);
  }

  /**
   * A run failed of an exception of this very class, not of a subclass: history has its name only.
   * It is over when a later run completes.
   */
  public static AlertRule failure(Class<? extends Throwable> type) {
    String wanted = type.getName();
    return ofRuns(wanted, ofFailure(failure -> failure.type().equals(wanted)));
  }

  /**
   * A run failed of something that a predicate takes. It is over when a later run completes.
   *
   * @param name tells the rule from others; of the form of a job's name
   * @param which looks at what the last attempt died of; if it throws, it does not take it
   */
  public static AlertRule failure(String name, Predicate<? super Failure> which) {
    return ofRuns(Names.check("name of an alert rule", name), ofFailure(safe(name, which)));
  }

  private static AlertRule ofRuns(String name, Predicate<Run> which) {
    return of("failure", name, new AlertCondition.Failures(1, which));
  }

  /** A predicate is a stranger's code, and must not keep the ends of runs from being delivered. */
  private static Predicate<Failure> safe(String name, Predicate<? super Failure> which) {
    return failure -> {
      try {
        return which.test(failure);
      } catch (RuntimeException broken) {
        log.error("the predicate of alert rule failure:{} failed on {}", name, failure, broken);
        return false;
      }
    };
  }

  private static Predicate<Run> ofFailure(Predicate<Failure> which) {
    return run -> failureOf(run).filter(which).isPresent();
  }

  private static Optional<Failure> failureOf(Run run) {
    if (run.state() instanceof RunState.Failed failed) {
      return Optional.of(failed.failure());
    }
    return run.state() instanceof RunState.TimedOut late
        ? Optional.of(late.failure())
        : Optional.empty();
  }

  /**
   * A pass of a run takes longer; told while it runs. It is over when a later run, none of whose
   * passes did, has ended.
   *
   * @param time positive
   */
  public static AlertRule longerThan(Duration time) {
    checkPositive("longerThan", time);
    return of("longer-than", time.toString(), new AlertCondition.Longer(time));
  }

  /**
   * No run was started between a deadline and the one before; looked at within a minute of the
   * deadline. A job that has never run is looked at from its second deadline on. It is over when a
   * run that was started has ended.
   *
   * @param deadlines for instance {@code Schedule.daily(LocalTime.of(6, 0), zone)}
   */
  public static AlertRule notStartedBy(Schedule deadlines) {
    return deadline("not-started-by", deadlines, false);
  }

  /**
   * No run was completed between a deadline and the one before, as for {@link #notStartedBy}. It is
   * over when one is.
   */
  public static AlertRule notFinishedBy(Schedule deadlines) {
    return deadline("not-finished-by", deadlines, true);
  }

  private static AlertRule deadline(String kind, Schedule deadlines, boolean finished) {
    if (deadlines.isAfterCompletion()) {
      throw new IllegalArgumentException(
          "deadlines must be a schedule of fixed times, was " + deadlines);
    }
    return of(kind, deadlines.toString(), new AlertCondition.Deadline(deadlines, finished));
  }

  /**
   * Ticks of a schedule were missed and are not caught up. Ticks that were left out because a run
   * had not ended are not missed. It is over when a later run completes.
   */
  public static AlertRule missedTicks() {
    return of("missed", "ticks", new AlertCondition.Missed());
  }

  /** A run completed with failed items. It is over when a later run completes without. */
  public static AlertRule partialSuccess() {
    return of("partial", "success", new AlertCondition.Partial());
  }

  /** A node died or was cut off, so that others take over its runs. Once for each; never over. */
  public static AlertRule nodeLost() {
    return of("node", "lost", new AlertCondition.NodeLost());
  }

  /** As {@link #unserved(Duration)}, after 5 minutes. */
  public static AlertRule unserved() {
    return unserved(Duration.ofMinutes(5));
  }

  /**
   * Runs of a job are due for so long, and no live node has a handler for it; looked at each
   * minute. It is over when a node has one, or the runs are gone.
   *
   * @param time positive
   */
  public static AlertRule unserved(Duration time) {
    checkPositive("unserved", time);
    return of("unserved", time.toString(), new AlertCondition.Unserved(time));
  }

  private static void checkPositive(String what, Duration time) {
    if (time.isNegative() || time.isZero()) {
      throw new IllegalArgumentException(what + " must be positive, was " + time);
    }
  }

  /**
   * Has the rule tell again of what goes on, when it sees it again after so long. Default: never.
   *
   * @param interval at least 1 minute
   */
  public AlertRule repeatedEvery(Duration interval) {
    if (interval.compareTo(LEAST_REPEAT) < 0) {
      throw new IllegalArgumentException(
          "repeatedEvery must be at least " + LEAST_REPEAT + ", was " + interval);
    }
    return new AlertRule(name, condition, Optional.of(interval));
  }

  /** Returns its name, by which it is silenced: {@code longer-than:PT45S}, say. */
  public String name() {
    return name;
  }

  AlertCondition condition() {
    return condition;
  }

  Optional<Duration> repeat() {
    return repeat;
  }

  /** Whether it is about no one job. */
  boolean isOfAll() {
    return condition instanceof AlertCondition.OfAll;
  }

  @Override
  public String toString() {
    return name + repeat.map(interval -> ", repeated every " + interval).orElse("");
  }
}
