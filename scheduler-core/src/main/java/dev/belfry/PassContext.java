// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.host.Host;
import dev.belfry.run.Counters;
import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.run.Trigger;
import dev.belfry.run.TypeRef;
import dev.belfry.store.Claimed;
import dev.belfry.store.PassReport;
import dev.belfry.store.TransactionCall;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
  private final PassThread thread;
  private final PassMemos memos;
  private final PassTransactions transactions;
  private long startedNanos;

  /**
   * Creates the context of a pass.
   *
   * @param node the incarnation that holds the run
   */
  PassContext(
      Claimed claim,
      NodeId node,
      Settings settings,
      BooleanSupplier cancelled,
      BooleanSupplier leaseHeld) {
    this.claim = claim;
    this.host = settings.host();
    this.cancelled = cancelled;
    this.leaseHeld = leaseHeld;
    this.thread = new PassThread(claim.id());
    this.memos = new PassMemos(claim, settings.store(), thread);
    this.transactions = new PassTransactions(claim, node, settings, memos);
  }

  void begin() {
    startedNanos = host.nanoTime();
    thread.begin();
  }

  void end() {
    thread.end();
  }

  /** Returns why the pass has failed, whatever its handler returned or threw, if it has. */
  Optional<RuntimeException> broken() {
    return memos.broken();
  }

  PassReport report(Duration waited, Duration ran) {
    synchronized (lock) {
      return new PassReport(waited, ran, counters, notes, log.toString());
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
    thread.check();
    synchronized (lock) {
      counters = counters.plus(succeeded, failed);
    }
  }

  @Override
  public void note(String key, String value) {
    thread.check();
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
    thread.check();
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
  public <C, X extends Exception> void transaction(
      String id, Class<C> resource, TransactionBody<? super C, X> body) throws X {
    transactions.run(
        id,
        JobBuilder.VOID,
        resource,
        open -> {
          body.run(open);
          return null;
        });
  }

  @Override
  public <C, T extends @Nullable Object, X extends Exception> T transaction(
      String id, Class<T> type, Class<C> resource, TransactionCall<? super C, ? extends T, X> body)
      throws X {
    return transaction(id, TypeRef.of(type), resource, body);
  }

  @Override
  public <C, T extends @Nullable Object, X extends Exception> T transaction(
      String id,
      TypeRef<T> type,
      Class<C> resource,
      TransactionCall<? super C, ? extends T, X> body)
      throws X {
    return transactions.run(id, type, resource, body);
  }

  @Override
  public boolean cancelled() {
    return cancelled.getAsBoolean() || !leaseHeld();
  }

  @Override
  public boolean leaseHeld() {
    return leaseHeld.getAsBoolean() && memos.broken().isEmpty();
  }
}
