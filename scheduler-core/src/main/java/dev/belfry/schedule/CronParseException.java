// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

/**
 * Thrown when a text is not a cron expression. The message says what is wrong, what is allowed and,
 * where it can be guessed, what was meant.
 */
public final class CronParseException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** What is wrong, in parts. */
  private final transient CronError error;

  CronParseException(CronError error) {
    super(error.message());
    this.error = error;
  }

  /** Returns what is wrong, in parts. Not kept when the exception is serialized. */
  public CronError error() {
    return error;
  }
}
