// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import dev.belfry.admin.operations.Concern.Kind;
import dev.belfry.admin.operations.Overview.Ended;
import dev.belfry.http.Principal;
import dev.belfry.run.RunId;
import dev.belfry.run.RunQuery;
import dev.belfry.run.Status;
import dev.belfry.store.Rollup;
import dev.belfry.store.RollupQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Gathers how things stand. */
final class Overviews {
  private static final Duration OVERDUE = Duration.ofMinutes(1);
  private static final int MOST_CONCERNS = 100;

  private final Ground ground;
  private final AlertDesk alerts;

  Overviews(Ground ground, AlertDesk alerts) {
    this.ground = ground;
    this.alerts = alerts;
  }

  /** What is kept for a second: all that who asks has to do with the answer. */
  private record Asked(Set<String> tags, Overview.Span span) {}

  Overview of(Principal who, Overview.Span span) {
    return ground.cache().get(new Asked(who.tags(), span), () -> read(who, span));
  }

  private Overview read(Principal who, Overview.Span span) {
    Board board = Board.of(ground, who);
    Optional<Instant> oldest = Board.oldestDue(board.jobs());
    return new Overview(
        board.now(),
        Board.sum(board.jobs()),
        span.width(),
        history(board, span),
        oldest,
        oldest
            .filter(board.now()::isAfter)
            .map(due -> Duration.between(due, board.now()))
            .orElse(Duration.ZERO),
        concerns(who, board),
        who.isConfined() ? Optional.empty() : Optional.of(board.nodes().size()));
  }

  private List<Ended> history(Board board, Overview.Span span) {
    long width = span.width().toSeconds();
    long last = Math.floorDiv(board.now().getEpochSecond(), width) * width;
    var parts = new TreeMap<Instant, Ended>();
    for (long start = last - span.length().toSeconds() + width; start <= last; start += width) {
      Instant at = Instant.ofEpochSecond(start);
      parts.put(at, new Ended(at, 0, 0, 0, 0, 0));
    }
    var query =
        RollupQuery.of(board.everKnown(), parts.firstKey(), board.now().plusSeconds(1))
            .by(span.width());
    for (Rollup rollup : ground.store().rollups(query)) {
      parts.computeIfPresent(rollup.start(), (at, sum) -> sum.plus(ended(rollup)));
    }
    return List.copyOf(parts.values());
  }

  private static Ended ended(Rollup rollup) {
    return new Ended(
        rollup.start(),
        rollup.completed(),
        rollup.failed(),
        rollup.timedOut(),
        rollup.cancelled(),
        rollup.skipped());
  }

  private List<Concern> concerns(Principal who, Board board) {
    var concerns = new ArrayList<Concern>();
    board.nodes().stream().filter(NodeEntry::late).forEach(node -> concerns.add(late(node)));
    alerts
        .list(who)
        .open()
        .forEach(
            alert ->
                concerns.add(
                    new Concern(
                        Kind.ALERT,
                        alert.sentence(),
                        alert.job(),
                        alert.run(),
                        Optional.of(alert.first()))));
    for (JobEntry job : board.jobs()) {
      if (!job.served() && !job.pending().isEmpty()) {
        concerns.add(
            of(
                job,
                Kind.UNSERVED,
                "has runs that have not ended, and no live node has a handler for it",
                job.dueAt()));
      }
      if (job.pending().containsKey(Status.BLOCKED)) {
        concerns.add(blocked(who, job));
      }
      job.dueAt()
          .filter(due -> due.plus(OVERDUE).isBefore(board.now()))
          .filter(due -> job.served() && !board.isPaused(job))
          .ifPresent(
              due ->
                  concerns.add(
                      of(
                          job,
                          Kind.OVERDUE,
                          "has runs that are due since " + due + " and wait for a free worker",
                          Optional.of(due))));
    }
    board
        .paused()
        .forEach(
            target ->
                concerns.add(
                    new Concern(
                        Kind.PAUSED,
                        target + " is paused",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())));
    return concerns.stream()
        .sorted(Comparator.comparing(Concern::kind))
        .limit(MOST_CONCERNS)
        .toList();
  }

  private static Concern late(NodeEntry node) {
    return new Concern(
        Kind.NODE_LATE,
        "node "
            + node.info().card().name()
            + " has not renewed its lease, which ended at "
            + node.info().leaseUntil(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(node.info().leaseUntil()));
  }

  private Concern blocked(Principal who, JobEntry job) {
    Optional<RunId> newest =
        ground.runs(who, RunQuery.ofJob(job.name()).in(Status.BLOCKED).limit(1)).items().stream()
            .findFirst()
            .map(record -> record.run().id());
    long runs = job.pending().getOrDefault(Status.BLOCKED, 0L);
    return new Concern(
        Kind.BLOCKED,
        "job \"" + job.name() + "\" has " + runs + (runs == 1 ? " run" : " runs") + " blocked",
        Optional.of(job.name()),
        newest,
        Optional.empty());
  }

  private static Concern of(JobEntry job, Kind kind, String what, Optional<Instant> since) {
    return new Concern(
        kind,
        "job \"" + job.name() + "\" " + what,
        Optional.of(job.name()),
        Optional.empty(),
        since);
  }
}
