// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A stored endpoint as it stood when it was read. */
public interface EndpointView {
  /** Returns the id. */
  String id();

  /** Returns a number that grows with each change of the endpoint. */
  long version();

  /** Returns what is said of it. */
  EndpointSpec spec();

  /** Returns whether messages are sent to it. */
  boolean enabled();

  /** Returns why it is disabled; empty if it is not. */
  Optional<String> disabledBecause();

  /** Returns when it was created, by the store's clock. */
  Instant createdAt();

  /**
   * Returns its secrets, newest first, as they may be shown: {@code whsec_…} and four characters.
   * Empty if the application keeps them.
   */
  List<String> secrets();

  /** Returns how many attempts have failed since the last one that did not. */
  int failures();

  /** Returns since when all attempts have failed; empty if the last one did not. */
  Optional<Instant> failingSince();
}
