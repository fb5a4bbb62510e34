// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.host.Host;
import dev.belfry.run.Counters;
import dev.belfry.run.RunId;
import dev.belfry.run.Trigger;
import dev.belfry.store.Claimed;
import dev.belfry.store.PassReport;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What a handler sees of its run, and what it leaves there. */
final class PassContext implements JobContext {
  private static final int MAX_LOG = 64 * 1024;
  private static final int MAX_NOTES = 100;
  private static final int MAX_KEY = 100;
  private static final int MAX_NOTE = 1_000;
  private static final String CUT = "… the rest of the log was dropped, it has more than 64 KiB\n";

  private final Claimed claim;
  private final Host host;
  private final BooleanSupplier cancelled;
  private final BooleanSupplier leaseHeld;
  private final Object lock = new Object(); // a stuck pass is reported while its handler goes on
  private final Map<String, String> notes = new LinkedHashMap<>();
  private final StringBuilder log = new StringBuilder();
  private Counters counters = Counters.NONE;
  private volatile @Nullable Thread owner;
  private long startedNanos;

  PassContext(Claimed claim, Host host, BooleanSupplier cancelled, BooleanSupplier leaseHeld) {
    this.claim = claim;
    this.host = host;
    this.cancelled = cancelled;
    this.leaseHeld = leaseHeld;
  }

  void begin() {
    startedNanos = host.nanoTime();
    owner = Thread.currentThread();
  }

  void end() {
    owner = null;
  }

  PassReport report(Duration waited, Duration ran) {
    synchronized (lock) {
      return new PassReport(waited, ran, counters, notes, log.toString());
    }
  }

  @SuppressWarnings("ReferenceEquality") // a thread is itself
  private void checkThread() {
    Thread now = owner;
    if (now == null) {
      throw new IllegalStateException(
          "the pass of run " + claim.id() + " has ended; its context can't be used any more");
    }
    if (now != Thread.currentThread()) {
      throw new IllegalStateException(
          "the context of run "
              + claim.id()
              + " belongs to thread \""
              + now.getName()
              + "\", was used by \""
              + Thread.currentThread().getName()
              + "\"");
    }
  }

  @Override
  public RunId runId() {
    return claim.id();
  }

  @Override
  public String job() {
    return claim.job();
  }

  @Override
  public int attempt() {
    return claim.attempt();
  }

  @Override
  public long fence() {
    return claim.fence();
  }

  @Override
  public String idempotencyKey() {
    return claim.id().toString();
  }

  @Override
  public Instant dueAt() {
    return claim.trigger().nominal().orElse(claim.dueAt());
  }

  @Override
  public Trigger trigger() {
    return claim.trigger();
  }

  @Override
  public List<String> tags() {
    return claim.tags();
  }

  @Override
  public void items(long succeeded, long failed) {
    checkThread();
    synchronized (lock) {
      counters = counters.plus(succeeded, failed);
    }
  }

  @Override
  public void note(String key, String value) {
    checkThread();
    if (key.isEmpty() || key.length() > MAX_KEY) {
      throw new IllegalArgumentException(
          "note key must have 1 to " + MAX_KEY + " characters, had " + key.length());
    }
    synchronized (lock) {
      if (notes.size() == MAX_NOTES && !notes.containsKey(key)) {
        throw new IllegalStateException(
            "a pass keeps at most " + MAX_NOTES + " notes; \"" + key + "\" would be one more");
      }
      notes.put(key, value.length() > MAX_NOTE ? value.substring(0, MAX_NOTE) : value);
    }
  }

  @Override
  public void log(String line) {
    checkThread();
    String text =
        String.format(Locale.ROOT, "+%.3fs %s%n", (host.nanoTime() - startedNanos) / 1e9, line);
    synchronized (lock) {
      if (log.length() + text.length() <= MAX_LOG - CUT.length()) {
        log.append(text);
      } else if (log.indexOf(CUT, Math.max(0, log.length() - CUT.length())) < 0) {
        log.append(CUT);
      }
    }
  }

  @Override
  public boolean cancelled() {
    return cancelled.getAsBoolean() || !leaseHeld.getAsBoolean();
  }

  @Override
  public boolean leaseHeld() {
    return leaseHeld.getAsBoolean();
  }
}
