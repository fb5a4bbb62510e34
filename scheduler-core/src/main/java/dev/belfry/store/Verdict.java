// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

/** What became of a guarded write. */
public enum Verdict {
  /** It was applied by this call. */
  APPLIED,
  /** It had been applied before, by an earlier try of the same call. */
  REPEATED,
  /** Nothing was changed: what it was guarded by no longer holds. */
  REFUSED
}
