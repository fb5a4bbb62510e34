// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import java.time.Instant;

/**
 * What a store decides of a run that is due, when a claim meets it. Its limits decide it together,
 * under the locks of their keys: a run has a place in each of them, or in none.
 */
public sealed interface Admission {
  /** The claim takes it. */
  record Start() implements Admission {}

  /** It is put aside, out of its lane, until whoever makes room for it has it go back. */
  record Hold() implements Admission {}

  /**
   * It goes to a later place in its lane.
   *
   * @param due when it is looked at again
   */
  record MoveTo(Instant due) implements Admission {}

  /**
   * The claim takes it for its node to end it SKIPPED, without a place in any limit. If the node
   * dies before that, it is decided again.
   *
   * @param reason why, in words
   */
  record Skip(String reason) implements Admission {}

  /** It stays in its lane, due as it is, as others come first that this claim does not see. */
  record Stay() implements Admission {}
}
