// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import dev.belfry.run.SchedulerException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says that there is no result: the run ended otherwise than COMPLETED, or has not ended yet. */
public final class NotCompletedException extends SchedulerException {
  private static final long serialVersionUID = 1;

  private final transient @Nullable Run run;

  private NotCompletedException(@Nullable Run run, String message) {
    super(message);
    this.run = run;
  }

  static NotCompletedException otherwise(Run run) {
    return new NotCompletedException(
        run, "run " + run.id() + " ended " + Handles.endOf(run.state()));
  }

  static NotCompletedException notInTime(RunId id, @Nullable Run run, Duration timeout) {
    return new NotCompletedException(
        run,
        "run "
            + id
            + " has not ended within "
            + timeout
            + (run == null ? "; it is unknown" : "; it is " + run.status()));
  }

  /** Returns the run as it stood, unless it is unknown. */
  public Optional<Run> run() {
    return Optional.ofNullable(run);
  }
}
