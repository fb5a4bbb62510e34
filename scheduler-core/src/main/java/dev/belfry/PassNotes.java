// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.host.Host;
import dev.belfry.run.Counters;
import dev.belfry.store.PassReport;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a handler leaves at its run beside a result: log, notes, counts. Thread-safe, as branches
 * share it, and a stuck pass is reported while its handler goes on.
 */
final class PassNotes {
  private static final int MAX_LOG = 64 * 1024;
  private static final int MAX_NOTES = 100;
  private static final int MAX_KEY = 100;
  private static final int MAX_NOTE = 1_000;
  private static final String CUT = "… the rest of the log was dropped, it has more than 64 KiB\n";

  private final Host host;
  private final Map<String, String> notes = new LinkedHashMap<>(); // guarded by this, as all here
  private final StringBuilder log = new StringBuilder();
  private Counters counters = Counters.NONE;
  private final long startedNanos;

  PassNotes(Host host) {
    this.host = host;
    this.startedNanos = host.nanoTime();
  }

  synchronized PassReport report(Duration waited, Duration ran) {
    return new PassReport(waited, ran, counters, notes, log.toString());
  }

  synchronized void items(long succeeded, long failed) {
    counters = counters.plus(succeeded, failed);
  }

  synchronized void note(String key, String value) {
    if (key.isEmpty() || key.length() > MAX_KEY) {
      throw new IllegalArgumentException(
          "note key must have 1 to " + MAX_KEY + " characters, had " + key.length());
    }
    if (notes.size() == MAX_NOTES && !notes.containsKey(key)) {
      throw new IllegalStateException(
          "a pass keeps at most " + MAX_NOTES + " notes; \"" + key + "\" would be one more");
    }
    notes.put(key, value.length() > MAX_NOTE ? value.substring(0, MAX_NOTE) : value);
  }

  synchronized void log(String line) {
    String text =
        String.format(Locale.ROOT, "+%.3fs %s%n", (host.nanoTime() - startedNanos) / 1e9, line);
    if (log.length() + text.length() <= MAX_LOG - CUT.length()) {
      log.append(text);
    } else if (log.indexOf(CUT, Math.max(0, log.length() - CUT.length())) < 0) {
      log.append(CUT);
    }
  }
}
