// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import dev.belfry.run.RunId;
import java.time.Instant;

/** Something that happened to a stored endpoint; told once, by the node that found it. */
public sealed interface WebhookEvent {
  /** Returns the id of the endpoint. */
  String endpoint();

  /**
   * Five attempts have failed in a row, so that further ones are put off.
   *
   * @param since when the first of them failed
   */
  record Failing(String endpoint, Instant since) implements WebhookEvent {}

  /**
   * An attempt has succeeded after {@link Failing}.
   *
   * @param since when the first attempt had failed
   */
  record Recovered(String endpoint, Instant since) implements WebhookEvent {}

  /**
   * A message was given up, as all its attempts have failed.
   *
   * @param message its id
   * @param run its delivery
   */
  record Exhausted(String endpoint, String message, RunId run) implements WebhookEvent {}

  /**
   * The endpoint was disabled: by its answer 410, after five days of failures, or by somebody.
   *
   * @param reason why
   */
  record Disabled(String endpoint, String reason) implements WebhookEvent {}
}
