// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import dev.belfry.run.RunId;
import java.util.Optional;

/**
 * What became of an action on one run.
 *
 * @param id the run
 * @param result what became of it
 * @param detail the same in words
 * @param run the run that will start, for a retry: the same one or a new one
 */
public record RunAnswer(RunId id, Result result, String detail, Optional<RunId> run) {
  /** What becomes of an action on one run. */
  public enum Result {
    /** It is done, or will be: a running one that is cancelled ends soon. */
    DONE,
    /** Somebody had asked for it before. */
    REPEATED,
    /** It can't be, in the state of the run. */
    CONFLICT,
    /** There is no such run, or none for who asks. */
    NOT_FOUND
  }
}
