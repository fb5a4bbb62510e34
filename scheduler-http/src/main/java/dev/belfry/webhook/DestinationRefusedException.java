// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import dev.belfry.run.SchedulerException;

/**
 * A destination breaks a rule of a {@link DestinationGuard}. It names the rule and never an address
 * that was found, so it may be shown to whoever has entered the URL.
 */
public final class DestinationRefusedException extends SchedulerException {
  private static final long serialVersionUID = 1;

  /** The rule that was broken. */
  private final DestinationRule rule;

  DestinationRefusedException(DestinationRule rule) {
    super("destination not allowed: " + rule.sentence() + " (rule " + rule + ")");
    this.rule = rule;
  }

  /** Returns the rule that was broken. */
  public DestinationRule rule() {
    return rule;
  }
}
