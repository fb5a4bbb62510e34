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

  private final int number;
  private final String job;
  private final Plan plan;
  private final Duration work;
  private @Nullable RunId acknowledged;
  private boolean cancelled;

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
    return "order-" + number;
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
