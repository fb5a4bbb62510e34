// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a text is not a cron expression. The message says what is wrong, what is allowed and,
 * where it can be guessed, what was meant.
 */
public final class CronParseException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  // The parts of a CronError, which itself can't be serialized. The message is the exception's.
  private final @Nullable String field;
  private final int index;
  private final String token;
  private final @Nullable String allowed;
  private final @Nullable String hint;

  CronParseException(CronError error) {
    super(error.message());
    this.field = error.field().orElse(null);
    this.index = error.index();
    this.token = error.token();
    this.allowed = error.allowed().orElse(null);
    this.hint = error.hint().orElse(null);
  }

  /** Returns what is wrong, in parts. */
  public CronError error() {
    return new CronError(
        requireNonNull(getMessage()),
        Optional.ofNullable(field),
        index,
        token,
        Optional.ofNullable(allowed),
        Optional.ofNullable(hint));
  }
}
