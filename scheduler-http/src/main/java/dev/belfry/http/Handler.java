// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http;

/**
 * Answers requests, whatever server took them. Thread-safe; never throws for anything that a
 * request holds.
 */
@FunctionalInterface
public interface Handler {
  /** Answers a request, on the caller's thread. */
  Response handle(Request request);
}
