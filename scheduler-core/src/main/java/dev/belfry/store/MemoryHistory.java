// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.LedgerPage;
import dev.belfry.run.LedgerQuery;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** What follows in memory from the end of a run: counts, deletion in time; and the inbox. */
final class MemoryHistory {
  private final Queue<MemoryRun> ended = new ArrayDeque<>();
  private final Queue<MemoryRun> failed = new ArrayDeque<>();
  private final MemoryOrder<MemoryPass> ledger =
      new MemoryOrder<>(
          Comparator.<MemoryPass, Instant>comparing(pass -> pass.endedAt)
              .thenComparing(pass -> pass.run.id)
              .thenComparingLong(pass -> pass.fence));
  private final Map<String, TreeMap<Instant, Tally>> tallies = new HashMap<>();
  private final TreeMap<Long, InboxEntry> inbox = new TreeMap<>();
  private final MemorySubscriptions subscriptions;
  private long entries;

  MemoryHistory(MemorySubscriptions subscriptions) {
    this.subscriptions = subscriptions;
  }

  /** Whether the ends of a job's runs are of interest, watched or not. */
  boolean isFollowed(String job) {
    return subscriptions.isFollowed(job);
  }

  /** Adds an ended pass to its run and to the ledger. */
  void add(MemoryPass pass) {
    pass.run.lastPass = pass;
    ledger.add(pass);
  }

  LedgerPage ledger(LedgerQuery query, Instant now) {
    Instant from = query.from().orElse(Instant.MIN);
    Instant end = query.end(now);
    var after = query.after();
    List<MemoryPass> found =
        ledger
            .from(
                pass ->
                    pass.endedAt.isBefore(from)
                        || (after.isPresent() && pass.cursor().compareTo(after.get()) <= 0))
            .takeWhile(pass -> pass.endedAt.isBefore(end))
            .limit(query.limit() + 1L)
            .toList();
    List<MemoryPass> seen = found.subList(0, Math.min(found.size(), query.limit()));
    return new LedgerPage(
        seen.stream()
            .filter(pass -> query.job().map(pass.run.lane.job::equals).orElse(true))
            .map(MemoryPass::toRow)
            .toList(),
        seen.isEmpty() ? Optional.empty() : Optional.of(seen.get(seen.size() - 1).cursor()),
        found.size() > seen.size());
  }

  void add(MemoryRun run, RunState.Ended state, Duration ran) {
    Status status = state.status();
    boolean bad = status == Status.FAILED || status == Status.TIMED_OUT;
    (bad ? failed : ended).add(run);
    tallies
        .computeIfAbsent(run.lane.job, job -> new TreeMap<>())
        .computeIfAbsent(state.at().truncatedTo(ChronoUnit.MINUTES), minute -> new Tally())
        .add(status, ran);
    if (run.watched) {
      enter(
          entry ->
              new InboxEntry.Ended(
                  entry,
                  run.id,
                  run.lane.job,
                  run.trigger.schedule(),
                  status,
                  state.at(),
                  Set.of()));
    }
  }

  void enter(LongFunction<InboxEntry> entry) {
    entries++;
    inbox.put(entries, entry.apply(entries));
  }

  boolean hasInbox() {
    return !inbox.isEmpty();
  }

  List<InboxEntry> inbox(int limit) {
    return inbox.values().stream().limit(limit).toList();
  }

  boolean isInInbox(long entry) {
    return inbox.containsKey(entry);
  }

  void removeFromInbox(long entry) {
    inbox.remove(entry);
  }

  /** Returns whether something that was entered at a time, or before, may wait for delivery. */
  boolean isBehind(Instant time) {
    return !inbox.isEmpty() && !enteredAt(inbox.firstEntry().getValue()).isAfter(time);
  }

  private static Instant enteredAt(InboxEntry entry) {
    if (entry instanceof InboxEntry.Sent sent) {
      return sent.event().sentAt();
    }
    return entry instanceof InboxEntry.Grouped grouped
        ? grouped.end().at()
        : ((InboxEntry.Ended) entry).endedAt();
  }

  List<Rollup> rollups(RollupQuery query) {
    var found = new ArrayList<Rollup>();
    if (query.from().isBefore(query.to())) {
      for (String job : new TreeSet<>(query.jobs())) {
        var sums = new TreeMap<Instant, Tally>();
        tallies
            .getOrDefault(job, new TreeMap<>())
            .subMap(query.from(), query.to())
            .forEach(
                (minute, tally) ->
                    sums.computeIfAbsent(query.startOf(minute), start -> new Tally()).add(tally));
        sums.forEach((start, tally) -> found.add(tally.toRollup(job, start)));
      }
    }
    return found;
  }

  /** Takes out a run that is past its time, the one that ended first, and its passes. */
  @Nullable MemoryRun pollOutdated(Retention retention, Instant now) {
    var outdated = pollEndedBefore(ended, now.minus(retention.ended()));
    if (outdated == null) {
      outdated = pollEndedBefore(failed, now.minus(retention.failed()));
    }
    for (var pass = outdated == null ? null : outdated.lastPass; pass != null; pass = pass.before) {
      ledger.remove(pass);
    }
    return outdated;
  }

  private static @Nullable MemoryRun pollEndedBefore(Queue<MemoryRun> runs, Instant time) {
    var first = runs.peek();
    return first != null && first.state instanceof RunState.Ended state && state.at().isBefore(time)
        ? runs.poll()
        : null;
  }

  /** What ended of one job in some minutes. */
  private static final class Tally {
    private long completed;
    private long failed;
    private long timedOut;
    private long cancelled;
    private long skipped;
    private Duration total = Duration.ZERO;
    private Duration longest = Duration.ZERO;

    void add(Status status, Duration ran) {
      switch (status) {
        case COMPLETED -> completed++;
        case FAILED -> failed++;
        case TIMED_OUT -> timedOut++;
        case CANCELLED -> cancelled++;
        case SKIPPED -> skipped++;
        default -> throw new IllegalArgumentException(status + " is no end");
      }
      if (status != Status.CANCELLED && status != Status.SKIPPED) {
        total = total.plus(ran);
        longest = ran.compareTo(longest) > 0 ? ran : longest;
      }
    }

    void add(Tally other) {
      completed += other.completed;
      failed += other.failed;
      timedOut += other.timedOut;
      cancelled += other.cancelled;
      skipped += other.skipped;
      total = total.plus(other.total);
      longest = other.longest.compareTo(longest) > 0 ? other.longest : longest;
    }

    Rollup toRollup(String job, Instant start) {
      return new Rollup(
          job, start, completed, failed, timedOut, cancelled, skipped, total, longest);
    }
  }
}
