// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import dev.belfry.run.SchedulerException;

/**
 * A message is not to be believed. The sentence is for a log; answer the sender 401 and nothing
 * else.
 */
public final class WebhookVerificationException extends SchedulerException {
  private static final long serialVersionUID = 1;

  /** What is wrong with a message. */
  public enum Reason {
    /** A header is missing, is there twice, or can't be read. */
    HEADER,
    /** It was signed too long ago, perhaps by somebody who recorded and repeats it. */
    TOO_OLD,
    /** It was signed in the future. */
    TOO_NEW,
    /** No signature is that of this message and one of the secrets. */
    SIGNATURE
  }

  /** What is wrong. */
  private final Reason reason;

  WebhookVerificationException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** Returns what is wrong. */
  public Reason reason() {
    return reason;
  }
}
