// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http;

/** What somebody may do. Each scope includes those before it. */
public enum Scope {
  /** See jobs, runs, schedules and what they say. */
  READ,
  /** Also start, retry, cancel, pause and resume, and send events. */
  OPERATE,
  /** Also change and delete schedules and endpoints, and see the audit log. */
  ADMIN;

  /** Returns whether who has this scope may do what needs another. */
  public boolean includes(Scope needed) {
    return compareTo(needed) >= 0;
  }
}
