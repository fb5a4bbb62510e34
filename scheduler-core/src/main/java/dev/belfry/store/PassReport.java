// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.Counters;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What happened in a pass. Times are measured by the node's monotonic clock, so that the store's
 * clock alone dates them.
 *
 * @param waited from the claim to the start of the handler
 * @param ran how long the handler ran; zero if it was not started
 * @param counters its items
 * @param notes its notes, in order of first use
 * @param log its log lines, each ended by a newline
 */
public record PassReport(
    Duration waited, Duration ran, Counters counters, Map<String, String> notes, String log) {
  /** The report of a pass whose handler was not started. */
  public static final PassReport NOT_STARTED =
      new PassReport(Duration.ZERO, Duration.ZERO, Counters.NONE, Map.of(), "");

  /** Copies the notes. */
  public PassReport {
    notes =
        notes.isEmpty() // nearly always, and kept with each pass
            ? Map.of()
            : Collections.unmodifiableMap(new LinkedHashMap<>(notes));
  }
}
