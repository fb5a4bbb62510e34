// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.AlertCondition.Longer;
import dev.belfry.host.Host;
import dev.belfry.host.Host.Cancellable;
import dev.belfry.run.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has alert rules told of passes on this node that take too long, at the moment they do. For the
 * control loop only.
 */
final class LongRuns {
  private static final Logger log = LoggerFactory.getLogger(Scheduler.class);
  private static final Duration NEXT_TRY = Duration.ofSeconds(10);

  private final Host host;
  private final Jobs jobs;
  private final AlertBook book;
  private final Calls calls;
  private final Map<Holding, List<Cancellable>> timers = new HashMap<>();

  LongRuns(Settings settings) {
    this.host = settings.host();
    this.jobs = settings.jobs();
    this.book = new AlertBook(settings);
    this.calls = new Calls(host);
  }

  /** A pass begins. */
  void begun(Holding holding) {
    for (AlertRule rule : jobs.alertsOf(holding.job)) {
      if (rule.condition() instanceof Longer longer) {
        timers.computeIfAbsent(holding, begun -> new ArrayList<>());
        tellIn(longer.than(), rule, longer, holding);
      }
    }
  }

  /** A pass is over. */
  void over(Holding holding) {
    List<Cancellable> its = timers.remove(holding);
    if (its != null) {
      its.forEach(Cancellable::cancel);
    }
  }

  private void tellIn(Duration delay, AlertRule rule, Longer longer, Holding holding) {
    List<Cancellable> its = timers.get(holding);
    if (its != null) {
      its.add(host.after(delay, () -> tell(rule, longer, holding)));
    }
  }

  private void tell(AlertRule rule, Longer longer, Holding holding) {
    calls.<Boolean>make(
        () -> book.open(rule, holding.job.name(), () -> alert(rule, longer, holding)),
        (told, thrown) -> {
          if (thrown != null) {
            log.warn("alert {} can't be told yet", rule.name(), thrown);
          }
          Optional<Duration> next = told == null || !told ? Optional.of(NEXT_TRY) : rule.repeat();
          next.ifPresent(delay -> tellIn(delay, rule, longer, holding));
        });
  }

  private static Alert alert(AlertRule rule, Longer longer, Holding holding) {
    RunId run = holding.claim.id();
    Instant since = holding.claim.claimedAt();
    return new Alert(
        rule.name(),
        Optional.of(holding.job.name()),
        Optional.of(run),
        "job "
            + holding.job.name()
            + ": run "
            + run
            + " takes longer than "
            + longer.than()
            + ", since "
            + since,
        since,
        since.plus(longer.than()),
        1,
        false);
  }
}
