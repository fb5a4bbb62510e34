// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http;

import java.util.Optional;

/**
 * Says who asks, by whatever the application knows: a session of its own, a header of its proxy.
 * Called for each request, on its thread; must be thread-safe.
 */
@FunctionalInterface
public interface Authenticator {
  /** Returns who sent a request; empty if it is nobody known. */
  Optional<Principal> authenticate(Request request);
}
