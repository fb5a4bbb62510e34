// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static java.util.Objects.requireNonNull;

import dev.belfry.WorkerPass.Told;
import dev.belfry.host.Host;
import dev.belfry.run.RunId;
import dev.belfry.run.Trigger;
import dev.belfry.store.Claimed;
import dev.belfry.store.Ending;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A run in a batch, and what is said of it while the batch goes on. Thread-safe. */
final class BatchEntry {
  final Claimed claim;
  final PassNotes notes;
  private final BooleanSupplier batchCancelled;
  private @Nullable Ending unstarted; // guarded by this, as all that changes
  private @Nullable Throwable failure;
  private @Nullable Told told;
  private boolean over;

  /**
   * Creates an entry.
   *
   * @param batchCancelled whether the whole batch should end early
   */
  BatchEntry(Claimed claim, Host host, BooleanSupplier batchCancelled) {
    this.claim = claim;
    this.notes = new PassNotes(host);
    this.batchCancelled = batchCancelled;
  }

  /** Has the run end so, without a body. */
  synchronized void endUnstarted(Ending ending) {
    unstarted = ending;
  }

  /** Returns how the run ends without a body, if it does. */
  synchronized @Nullable Ending unstarted() {
    return unstarted;
  }

  /** Tells the run to end, alone; the first reason counts. */
  synchronized void tell(Told why) {
    if (told == null) {
      told = why;
    }
  }

  /** Returns what the run was told alone. */
  synchronized @Nullable Told told() {
    return told;
  }

  /** Returns whether the body has nothing to do for it, or no more. */
  synchronized boolean isOut() {
    return unstarted != null || failure != null || told != null;
  }

  private boolean isCancelled() {
    return told() != null || batchCancelled.getAsBoolean();
  }

  synchronized void fail(Throwable cause) {
    requireNonNull(cause, "cause");
    if (over) {
      throw new IllegalStateException(
          "the batch of run "
              + claim.id()
              + " is over; say what failed before the body of the batch returns",
          cause);
    }
    if (failure == null) {
      failure = cause;
    }
  }

  /** Ends what may be said of the run, and returns why it failed alone, if it did. */
  synchronized @Nullable Throwable close() {
    over = true;
    return failure;
  }

  /** What the body of the batch sees of the run. */
  record Item<I extends @Nullable Object>(BatchEntry entry, I input) implements BatchItem<I> {
    @Override
    public RunId runId() {
      return entry.claim.id();
    }

    @Override
    public int attempt() {
      return entry.claim.attempt();
    }

    @Override
    public long fence() {
      return entry.claim.fence();
    }

    @Override
    public String idempotencyKey() {
      return entry.claim.id().toString();
    }

    @Override
    public Trigger trigger() {
      return entry.claim.trigger();
    }

    @Override
    public List<String> tags() {
      return entry.claim.tags();
    }

    @Override
    public boolean cancelled() {
      return entry.isCancelled();
    }

    @Override
    public void fail(Throwable cause) {
      entry.fail(cause);
    }

    @Override
    public void note(String key, String value) {
      entry.notes.note(key, value);
    }

    @Override
    public void log(String line) {
      entry.notes.log(line);
    }

    /** Leaves the input out, which may not be for logs. */
    @Override
    public String toString() {
      return "item of run " + runId();
    }
  }
}
