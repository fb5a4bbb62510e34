// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

import java.time.Duration;

/** What the runs do that a database is filled with. */
enum Work {
  /** Nothing. */
  NOTHING,
  /** They take {@link #TIME}, and at most {@link #AT_ONCE} of them may be carried out at once. */
  LIMITED,
  /** Nothing, but only one of each of {@link #KEYS} keys may be carried out at once. */
  KEYED;

  static final int AT_ONCE = 5;
  static final Duration TIME = Duration.ofMillis(10);
  static final int KEYS = 10_000;
}
