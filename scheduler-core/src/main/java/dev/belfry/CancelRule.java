// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static java.util.Objects.requireNonNull;

import dev.belfry.run.EventId;
import dev.belfry.store.CancelOn;
import dev.belfry.store.Claimed;
import dev.belfry.store.CodecException;
import dev.belfry.store.JobStore;
import dev.belfry.store.LookBack;
import dev.belfry.store.NewRun;
import dev.belfry.store.SentEvent;
import dev.belfry.store.WaitHit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has events end runs of a job.
 *
 * @param event the name of the event
 * @param key the key that the event must have, of an input; empty: whatever it has
 */
record CancelRule<I extends @Nullable Object>(
    String event, Optional<Function<? super I, String>> key) {
  private static final Logger log = LoggerFactory.getLogger(Scheduler.class);
  private static final int LOOK = 2; // one of them may be the event that has started the run

  private CancelOn of(I input) {
    return new CancelOn(event, key.map(by -> requireNonNull(by.apply(input), "it is null")));
  }

  /** Has a new run end by the events that its job says. */
  static <I extends @Nullable Object> NewRun on(JobDefinition<I, ?> job, I input, NewRun run) {
    var rules = new ArrayList<CancelOn>();
    for (CancelRule<I> rule : job.cancelOn()) {
      rules.add(rule.checked(job, input));
    }
    return rules.isEmpty() ? run : run.withCancelOn(rules);
  }

  private CancelOn checked(JobDefinition<I, ?> job, I input) {
    try {
      return of(input);
    } catch (RuntimeException broken) {
      throw new IllegalArgumentException(
          "the key of event \""
              + event
              + "\" that cancels a run of job \""
              + job.name()
              + "\" can't be had: "
              + broken.getMessage(),
          broken);
    }
  }

  /**
   * As above, for an input that is stored already. If it can't be decoded, or has no key, nobody is
   * there to be told: the run is made all the same, and no event of a key ends it.
   */
  static <I extends @Nullable Object> NewRun on(
      JobDefinition<I, ?> job, Payloads payloads, NewRun run) {
    if (job.cancelOn().isEmpty()) {
      return run;
    }
    try {
      return on(job, payloads.decode(job.input(), run.input()), run);
    } catch (CodecException | IllegalArgumentException broken) {
      log.error("no event of a key cancels run {} of job {}", run.id(), job.name(), broken);
      return run.withCancelOn(
          job.cancelOn().stream()
              .filter(rule -> rule.key().isEmpty())
              .map(rule -> new CancelOn(rule.event(), Optional.empty()))
              .toList());
    }
  }

  /**
   * Returns why a run ends that is about to start, if an event was delivered before the commit of
   * the run could be seen. Whoever delivers a later one finds the run.
   */
  static Optional<String> lookBack(JobStore store, JobDefinition<?, ?> job, Claimed claim) {
    List<LookBack> questions =
        job.cancelOn().stream()
            .map(rule -> new LookBack(claim.id(), CancelOn.place(rule.event()), Optional.empty()))
            .toList();
    Optional<EventId> started = claim.trigger().event();
    return questions.isEmpty()
        ? Optional.empty()
        : store.lookBack(questions, LOOK).stream()
            .map(WaitHit::event)
            .filter(event -> !started.equals(Optional.of(event.id())))
            .findFirst()
            .map(CancelRule::reason);
  }

  /** Returns why an event ends a run, for the history. */
  static String reason(SentEvent event) {
    return "event " + event.name() + " " + event.id();
  }
}
