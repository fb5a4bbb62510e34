// SPDX-License-Identifier: Apache-2.0
package dev.belfry.run;

import static java.util.Objects.requireNonNull;

/**
 * What can be paused as a whole. While it is paused no run of it starts; ticks and enqueues still
 * make runs, which wait.
 */
public sealed interface Target {
  /** Everything. */
  record All() implements Target {
    @Override
    public String toString() {
      return "all";
    }
  }

  /**
   * One job.
   *
   * @param name its name
   */
  record OfJob(String name) implements Target {
    /** Refuses null. */
    public OfJob {
      requireNonNull(name, "name");
    }

    @Override
    public String toString() {
      return "job " + name;
    }
  }

  /**
   * One queue.
   *
   * @param name its name
   */
  record OfQueue(String name) implements Target {
    /** Refuses null. */
    public OfQueue {
      requireNonNull(name, "name");
    }

    @Override
    public String toString() {
      return "queue " + name;
    }
  }

  /** Returns the target of everything. */
  static Target all() {
    return new All();
  }

  /** Returns the target of one job. */
  static Target job(String name) {
    return new OfJob(name);
  }

  /** Returns the target of one queue. */
  static Target queue(String name) {
    return new OfQueue(name);
  }
}
