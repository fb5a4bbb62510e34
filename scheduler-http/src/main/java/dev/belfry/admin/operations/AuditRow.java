// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that somebody did.
 *
 * @param id sorts newest first
 * @param at when it was begun, by the store's clock
 * @param actor the name of who did it
 * @param action what was done, as in {@code schedule.pause}
 * @param target what it was done to, as in {@code schedule nightly}
 * @param before what there was, as short JSON without secrets
 * @param after what there was then, as short JSON without secrets
 * @param outcome what became of it
 * @param detail why it was refused or has failed; else empty
 */
public record AuditRow(
    String id,
    Instant at,
    String actor,
    String action,
    String target,
    Optional<String> before,
    Optional<String> after,
    Outcome outcome,
    String detail) {
  /** What becomes of an action. */
  public enum Outcome {
    /** It goes on; or nobody knows, if that was long ago: whoever did it has stopped meanwhile. */
    BEGUN,
    /** It was done. */
    DONE,
    /** It was refused, and nothing has changed. */
    REFUSED,
    /** It has failed; the store may have done it or not. */
    FAILED
  }
}
