// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import dev.belfry.Alert;
import dev.belfry.Alerts;
import dev.belfry.Alerts.Silence;
import dev.belfry.http.Principal;
import dev.belfry.http.routing.Problem;
import java.time.Instant;
import java.util.Optional;

/**
 * What alert rules have found. Thread-safe.
 *
 * <p>A confined principal sees and silences alerts of their jobs only.
 */
public final class AlertDesk {
  private final Ground ground;

  AlertDesk(Ground ground) {
    this.ground = ground;
  }

  private Alerts alerts() {
    return ground.client().alerts();
  }

  /** Returns the alerts and silences that are not over, at most 1,000 of each are looked at. */
  public AlertEntries list(Principal who) {
    return new AlertEntries(
        alerts().open().stream().filter(alert -> sees(who, alert.job())).map(this::shown).toList(),
        alerts().silences().stream().filter(silence -> sees(who, silence.job())).toList());
  }

  private boolean sees(Principal who, Optional<String> job) {
    return !who.isConfined() || job.filter(name -> ground.seesJob(who, name)).isPresent();
  }

  private Alert shown(Alert alert) {
    return new Alert(
        alert.rule(),
        alert.job(),
        alert.run(),
        ground.redaction().text(alert.sentence()),
        alert.first(),
        alert.last(),
        alert.count(),
        alert.recovered());
  }

  /**
   * Keeps alerts from being told until an instant.
   *
   * @param job alerts of this job; empty: of all, which a confined principal may not
   * @param rule alerts of the rule of this name; empty: of all
   * @param until until when, by the store's clock
   * @throws Problem 404 if there is no such job; 403 if it is too much for a confined principal;
   *     422 if {@code until} has gone by
   */
  public Silence silence(
      Principal who, Optional<String> job, Optional<String> rule, Instant until) {
    Silence silence = silence(who, job, rule, Optional.of(until));
    ground.act(
        who,
        Change.of("alert.silence", target(silence)),
        () -> {
          Inputs.valid("/until", () -> silenced(silence));
        });
    return silence;
  }

  private Silence silenced(Silence silence) {
    alerts().silence(silence);
    return silence;
  }

  /**
   * Ends a silence, if there is one.
   *
   * @throws Problem 404 if there is no such job; 403 if it is too much for a confined principal
   */
  public void unsilence(Principal who, Optional<String> job, Optional<String> rule) {
    Silence silence = silence(who, job, rule, Optional.empty());
    ground.act(
        who, Change.of("alert.unsilence", target(silence)), () -> alerts().unsilence(silence));
  }

  private Silence silence(
      Principal who, Optional<String> job, Optional<String> rule, Optional<Instant> until) {
    if (job.isEmpty()) {
      Ground.refuseConfined(who, "silence alerts of all jobs");
    } else if (!ground.isKnown(who, job.get())) {
      throw Problem.notFound("job");
    }
    return new Silence(job.map(ground::presentName), rule, until.orElse(Instant.EPOCH), who.name());
  }

  private static String target(Silence silence) {
    return "rule " + silence.rule().orElse("*") + " of job " + silence.job().orElse("*");
  }
}
