// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a text is not a cron expression. The message says what is wrong, what is allowed and,
 * where it can be guessed, what was meant.
 */
public final class CronParseException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** The name of the field, if one is at fault. */
  private final @Nullable String field;

  /** Where the token starts. */
  private final int index;

  /** The offending part. */
  private final String token;

  CronParseException(String message, @Nullable String field, int index, String token) {
    super(message);
    this.field = field;
    this.index = index;
    this.token = token;
  }

  /**
   * Returns the field at fault: {@code minute}, {@code hour}, {@code day of month}, {@code month}
   * or {@code day of week}; empty if it is the text as a whole.
   */
  public Optional<String> field() {
    return Optional.ofNullable(field);
  }

  /** Returns where in the whole text the offending token starts; the first character is 0. */
  public int index() {
    return index;
  }

  /**
   * Returns the offending part of the text, as it stands there; empty where something is missing.
   */
  public String token() {
    return token;
  }
}
