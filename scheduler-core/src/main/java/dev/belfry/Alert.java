// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static java.util.Objects.requireNonNull;

import dev.belfry.run.RunId;
import java.time.Instant;
import java.util.Optional;

/**
 * Something that an {@link AlertRule} has found, or the end of it. It is told once, or again after
 * the rule's interval, as a run of the job {@link Alerts#JOB}.
 *
 * @param rule the name of the rule
 * @param job the job that it is about; empty for a lost node
 * @param run the run that it is about: the newest one, if there are several
 * @param sentence what there is to say, for people
 * @param first when what it tells of began, by the store's clock
 * @param last when it was seen the last time
 * @param count how many runs, or missed ticks, it is about; at most 1,000 are counted
 * @param recovered whether it is over
 */
public record Alert(
    String rule,
    Optional<String> job,
    Optional<RunId> run,
    String sentence,
    Instant first,
    Instant last,
    long count,
    boolean recovered) {
  /** Refuses null. */
  public Alert {
    requireNonNull(rule, "rule");
    requireNonNull(job, "job");
    requireNonNull(run, "run");
    requireNonNull(sentence, "sentence");
    requireNonNull(first, "first");
    requireNonNull(last, "last");
  }
}
