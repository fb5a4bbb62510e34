// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.RunId;
import dev.belfry.run.Trigger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One run of a batch, as its body sees it during one pass. Each is a run of its own: it has its own
 * attempts, retries, history and end, and meets other runs in its next batch. Thread-safe.
 *
 * @param <I> the type of the input
 */
public interface BatchItem<I extends @Nullable Object> {
  /** Returns the id of the run. */
  RunId runId();

  /** Returns the run's input, decoded anew for each pass. */
  I input();

  /** Returns which attempt of the run this is, from 1. */
  int attempt();

  /** Returns a number that grows with every claim of the run; see {@link JobContext#fence()}. */
  long fence();

  /**
   * Returns a key that stays the same over all attempts of the run. Hand it to services that do
   * something once per key.
   */
  String idempotencyKey();

  /** Returns what started the run. */
  Trigger trigger();

  /** Returns the run's labels. */
  List<String> tags();

  /**
   * Returns whether this run is to end early, alone or with its batch. One that somebody asked to
   * end ends CANCELLED, whatever becomes of its batch.
   */
  boolean cancelled();

  /**
   * Has the attempt of this run fail, and of no other. The retry policy of the job decides what
   * follows, as it does when a handler throws. The first cause counts.
   *
   * @throws IllegalStateException when the body has returned, or was given up as stuck
   */
  void fail(Throwable cause);

  /** Keeps a note with the run; see {@link JobContext#note}. */
  void note(String key, String value);

  /** Keeps a line with the run; see {@link JobContext#log}. */
  void log(String line);
}
