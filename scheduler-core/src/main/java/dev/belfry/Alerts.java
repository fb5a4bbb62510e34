// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What alert rules have found, and what they are to keep quiet about. The alerts that were told are
 * the runs of the job {@link #JOB}, with their history.
 */
public interface Alerts {
  /** The name of the job whose runs bring alerts to their sinks, and of its queue. */
  String JOB = "belfry/alert";

  /** Returns the alerts that are not over, at most 1,000. */
  List<Alert> open();

  /**
   * Keeps alerts from being told until an instant, on all nodes. What goes on then is told when it
   * is seen the next time; what is over by then never was. Takes the place of a silence for the
   * same job and rule.
   *
   * @throws IllegalArgumentException if {@code until} has gone by
   */
  void silence(Silence silence);

  /** Ends a silence for this job and rule, if there is one. */
  void unsilence(Silence silence);

  /** Returns the silences that are not over, at most 1,000. */
  List<Silence> silences();

  /**
   * What is kept quiet.
   *
   * @param job alerts of this job; empty: of all
   * @param rule alerts of the rule of this name; empty: of all
   * @param until until when, by the store's clock
   * @param actor who asked
   */
  record Silence(Optional<String> job, Optional<String> rule, Instant until, String actor) {
    /** Refuses null. */
    public Silence {
      requireNonNull(job, "job");
      requireNonNull(rule, "rule");
      requireNonNull(until, "until");
      requireNonNull(actor, "actor");
    }

    /** Returns the silence of all alerts. */
    public static Silence until(Instant until, String actor) {
      return new Silence(Optional.empty(), Optional.empty(), until, actor);
    }

    /** Returns this silence, of the alerts of a job. */
    public Silence ofJob(Job<?> silenced) {
      return new Silence(Optional.of(silenced.name()), rule, until, actor);
    }

    /** Returns this silence, of the alerts of a rule. */
    public Silence ofRule(AlertRule silenced) {
      return new Silence(job, Optional.of(silenced.name()), until, actor);
    }
  }
}
