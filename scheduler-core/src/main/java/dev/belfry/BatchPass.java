// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.host.Host;
import dev.belfry.run.RunId;
import dev.belfry.store.Claimed;
import dev.belfry.store.CodecException;
import dev.belfry.store.Ending;
import dev.belfry.store.PassReport;
import dev.belfry.store.Payload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * One pass of the runs of a batch: decodes their inputs, calls the body once, decides for each run
 * where it goes.
 */
final class BatchPass extends WorkerPass implements BatchContext {
  private final JobDefinition<?, ?> job;
  private final List<BatchEntry> entries;
  private final Payloads payloads;
  private final String nodeName;
  private final BooleanSupplier leaseHeld;
  private final Host host;

  BatchPass(
      JobDefinition<?, ?> job,
      Collection<Claimed> claims,
      Settings settings,
      long claimedNanos,
      BooleanSupplier leaseHeld) {
    super(job, settings, claimedNanos);
    this.job = job;
    this.entries =
        claims.stream()
            .map(claim -> new BatchEntry(claim, settings.host(), this::cancelled))
            .toList();
    this.payloads = settings.payloads();
    this.nodeName = settings.name();
    this.leaseHeld = leaseHeld;
    this.host = settings.host();
  }

  // For the body

  @Override
  public String job() {
    return job.name();
  }

  @Override
  public boolean cancelled() {
    return isTold() || !leaseHeld();
  }

  @Override
  public boolean leaseHeld() {
    return leaseHeld.getAsBoolean();
  }

  // On the worker

  @Override
  public void run() {
    begin();
    MDC.put("job", job.name());
    MDC.put("node", nodeName);
    Throwable thrown = null;
    try {
      call(job);
    } catch (Throwable failed) {
      thrown = failed;
    }
    try {
      end(thrown);
    } finally {
      MDC.clear(); // the thread's next pass has no part in what this body put there
    }
  }

  private <I extends @Nullable Object> void call(JobDefinition<I, ?> typed) throws Exception {
    var items = new ArrayList<BatchItem<I>>(entries.size());
    for (BatchEntry entry : entries) {
      open(typed, entry).ifPresent(items::add);
    }
    if (!items.isEmpty()) {
      Claimed first = entries.get(0).claim;
      host.beforeBody(first.id(), job.name(), "", first.attempt());
      typed.batch().run(this, List.copyOf(items));
    }
  }

  /** Returns what the body sees of a run, unless the run can't start, alone. */
  private <I extends @Nullable Object> Optional<BatchItem<I>> open(
      JobDefinition<I, ?> typed, BatchEntry entry) {
    try {
      I input = payloads.decode(typed.input(), entry.claim.input());
      if (entry.claim.opened() && !typed.dependencies().isWanted(input)) {
        entry.endUnstarted(Endings.unwanted());
      } else {
        late(entry.claim).or(() -> cancelledBefore(entry.claim)).ifPresent(entry::endUnstarted);
      }
      return entry.isOut() ? Optional.empty() : Optional.of(new BatchEntry.Item<>(entry, input));
    } catch (CodecException undecodable) {
      entry.endUnstarted(Endings.undecodable(undecodable));
    } catch (RuntimeException | Error conditions) { // a stranger's code
      entry.fail(conditions);
    }
    return Optional.empty();
  }

  /** Returns how a run ends for which no worker was free in time. */
  private Optional<Ending> late(Claimed claim) {
    return FinishLimit.of(job, claim)
        .filter(limit -> limit.left(claim, waited()).isZero())
        .map(FinishLimit::ofNoWorker);
  }

  private void end(@Nullable Throwable thrown) {
    Duration ran = ran();
    settle(told -> results(thrown, told, ran));
  }

  private List<Result> results(@Nullable Throwable thrown, @Nullable Told told, Duration ran) {
    return entries.stream().map(entry -> result(entry, thrown, told, ran)).toList();
  }

  private Result result(
      BatchEntry entry, @Nullable Throwable thrown, @Nullable Told batchTold, Duration ran) {
    Ending unstarted = entry.unstarted();
    Throwable itsOwn = entry.close();
    Throwable cause = itsOwn == null ? thrown : itsOwn;
    Told told = told(entry, batchTold, itsOwn != null);
    PassReport report = entry.notes.report(waited(), ran);
    if (unstarted != null) {
      return ofReturn(entry.claim, unstarted, told, report);
    }
    return cause == null
        ? ofReturn(entry.claim, new Ending.Completed(nothing()), told, report)
        : ofThrown(entry.claim, cause, told, report);
  }

  /** A run is asked to end by itself only; a timeout is nothing to one that had failed before. */
  private static @Nullable Told told(BatchEntry entry, @Nullable Told batchTold, boolean failed) {
    Told alone = entry.told();
    if (alone != null || batchTold == null) {
      return alone;
    }
    return switch (batchTold.why()) {
      case SHUT_DOWN -> batchTold;
      case TIMED_OUT -> failed ? null : batchTold;
      case CANCELLED, OVERDUE, LEASE_LOST -> null;
    };
  }

  private Payload nothing() {
    return payloads.encode("nothing", JobBuilder.VOID, null);
  }

  // On the control loop

  @Override
  boolean cut(RunId run, Cut why, String reason) {
    entries.stream()
        .filter(entry -> entry.claim.id().equals(run))
        .forEach(entry -> entry.tell(new Told(why, reason)));
    return entries.stream().allMatch(BatchEntry::isOut) && cut(why, reason);
  }

  @Override
  Optional<String> swallowed() {
    return Optional.empty();
  }

  @Override
  List<Result> resultsOfThrown(Throwable thrown, @Nullable Told told) {
    return results(thrown, told, ran());
  }
}
