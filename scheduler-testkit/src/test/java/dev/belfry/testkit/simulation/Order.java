// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import dev.belfry.run.RunId;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A run that a user wants, and what its handler will do. */
final class Order {
  /** How a handler ends. */
  enum Plan {
    RETURN,
    FAIL_ONCE,
    FAIL_TWICE,
    FAIL_ALWAYS,
    KILL_ONCE,
    KILL_ALWAYS,
    /** Returns, but the store will never take that. */
    BE_REFUSED
  }

  private static final String ANEW = "-anew-";

  private final int number;
  private final String job;
  private final Plan plan;
  private final Duration work;
  private @Nullable RunId acknowledged;
  private boolean cancelled;
  private int asked;

  Order(int number, String job, Plan plan, Duration work) {
    this.number = number;
    this.job = job;
    this.plan = plan;
    this.work = work;
  }

  int number() {
    return number;
  }

  String job() {
    return job;
  }

  Plan plan() {
    return plan;
  }

  Duration work() {
    return work;
  }

  /** Returns the key under which it is enqueued, however often. */
  String key() {
    return "order-" + number + (asked == 0 ? "" : ANEW + asked);
  }

  /** Returns the key as it was at first. */
  static String firstKey(String key) {
    return key.replaceFirst(ANEW + ".*", "");
  }

  /** Has it enqueued as if it never had been, which is a mistake. */
  void askAnew() {
    asked++;
  }

  Optional<RunId> acknowledged() {
    return Optional.ofNullable(acknowledged);
  }

  void acknowledge(RunId run) {
    acknowledged = run;
  }

  boolean isCancelled() {
    return cancelled;
  }

  void cancel() {
    cancelled = true;
  }
}
