// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http;

import static java.util.Objects.requireNonNull;

import java.util.Set;

/**
 * Who asks.
 *
 * @param name for the history and the audit log; not a secret
 * @param scope what they may do
 * @param tags if not empty, they see and touch only what has one of these tags; all else is as if
 *     it were not there
 */
public record Principal(String name, Scope scope, Set<String> tags) {
  /** Checks the name, copies the tags. */
  public Principal {
    requireNonNull(scope, "scope");
    tags = Set.copyOf(tags);
    if (name.isBlank() || name.length() > 100) {
      throw new IllegalArgumentException(
          "name of a principal must have 1 to 100 characters, was \"" + name + "\"");
    }
  }

  /** Returns somebody who sees everything. */
  public static Principal of(String name, Scope scope) {
    return new Principal(name, scope, Set.of());
  }

  /** Returns this principal, confined to what has one of these tags. */
  public Principal confinedTo(String... newTags) {
    return new Principal(name, scope, Set.of(newTags));
  }

  /** Returns whether some things are hidden from them. */
  public boolean isConfined() {
    return !tags.isEmpty();
  }
}
