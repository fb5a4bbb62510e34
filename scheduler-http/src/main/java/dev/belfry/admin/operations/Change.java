// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import java.util.Optional;

/**
 * Something that somebody is about to do, for the audit log.
 *
 * @param action what is done, as in {@code schedule.pause}
 * @param target what it is done to, as in {@code schedule nightly}
 * @param before what there is, as JSON text
 */
public record Change(String action, String target, Optional<String> before) {
  /** Returns a change of something whose former state is of no interest. */
  public static Change of(String action, String target) {
    return new Change(action, target, Optional.empty());
  }

  /** Returns this change with what there is, as JSON text. */
  public Change from(String json) {
    return new Change(action, target, Optional.of(json));
  }
}
