// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.RunId;
import dev.belfry.run.Trigger;
import java.time.Instant;
import java.util.List;

/**
 * A run, as its handler sees it during one pass. For the handler's thread only: calls from another
 * thread and calls after the pass throw {@link IllegalStateException}, except {@link #cancelled()}
 * and {@link #leaseHeld()}, which any thread may ask.
 */
public interface JobContext {
  /** Returns the id of the run. */
  RunId runId();

  /** Returns the name of the job. */
  String job();

  /** Returns which attempt this is, from 1. */
  int attempt();

  /**
   * Returns a number that grows with every claim of the run. Hand it to resources that can refuse
   * writes with an older one; then a body that outlived its lease does no harm there.
   */
  long fence();

  /**
   * Returns a key that stays the same over all attempts of the run. Hand it to services that do
   * something once per key.
   */
  String idempotencyKey();

  /** Returns the due time of this start; for a run of a schedule, the tick that it stands for. */
  Instant dueAt();

  /** Returns what started the run. */
  Trigger trigger();

  /** Returns the run's labels. */
  List<String> tags();

  /**
   * Counts items that this pass processed; calls add up. A run that completes with failed items is
   * a partial success.
   *
   * @param succeeded not negative
   * @param failed not negative
   */
  void items(long succeeded, long failed);

  /**
   * Keeps a note with the run; a later note of the same key replaces it.
   *
   * @param key at most 100 characters
   * @param value cut at 1,000 characters
   * @throws IllegalStateException if the pass has 100 notes already
   */
  void note(String key, String value);

  /**
   * Keeps a line with the run, with the time since the start of the pass. At most 64 KiB a pass;
   * what is more is dropped and the log says so.
   */
  void log(String line);

  /** Returns whether the handler should end early: it was cancelled or timed out, or we close. */
  boolean cancelled();

  /** Returns whether this node's lease is valid, so that no other node runs this run too. */
  boolean leaseHeld();
}
