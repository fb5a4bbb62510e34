// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import java.util.Optional;

/** What became of a text that may be a cron expression, such as one that a user types. */
public sealed interface CronParseResult {
  /** Returns the expression, if the text is one. */
  Optional<CronExpression> expression();

  /** Returns what is wrong, if the text is not an expression. */
  Optional<CronError> error();

  /** The text is an expression. */
  record Parsed(CronExpression parsed) implements CronParseResult {
    @Override
    public Optional<CronExpression> expression() {
      return Optional.of(parsed);
    }

    @Override
    public Optional<CronError> error() {
      return Optional.empty();
    }
  }

  /** The text is not an expression. */
  record Refused(CronError reason) implements CronParseResult {
    @Override
    public Optional<CronExpression> expression() {
      return Optional.empty();
    }

    @Override
    public Optional<CronError> error() {
      return Optional.of(reason);
    }
  }
}
