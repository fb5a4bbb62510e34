// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belfry.Alert;
import dev.belfry.Alerts;
import dev.belfry.admin.operations.AuditRow;
import dev.belfry.admin.operations.Concern;
import dev.belfry.admin.operations.EventEntry;
import dev.belfry.admin.operations.NodeEntry;
import dev.belfry.admin.operations.Overview;
import dev.belfry.admin.operations.QueueEntry;
import dev.belfry.run.RunId;
import dev.belfry.run.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Queues, nodes, types of events, alerts, the audit log and how things stand, as JSON has them. */
final class SystemViews {
  private SystemViews() {}

  /** A queue. */
  record QueueView(
      String name,
      int workersHere,
      boolean paused,
      List<String> jobs,
      Map<Status, Long> pending,
      @Nullable Instant dueAt) {
    static QueueView of(QueueEntry entry) {
      return new QueueView(
          entry.name(),
          entry.workersHere(),
          entry.paused(),
          entry.jobs(),
          new TreeMap<>(entry.pending()),
          entry.dueAt().orElse(null));
    }
  }

  /** A node. */
  record NodeView(
      String id,
      String name,
      String version,
      List<String> jobs,
      Instant joinedAt,
      Instant leaseUntil,
      boolean late) {
    static NodeView of(NodeEntry entry) {
      var info = entry.info();
      return new NodeView(
          info.id().toString(),
          info.card().name(),
          info.card().version(),
          info.card().jobs().stream().sorted().toList(),
          info.joinedAt(),
          info.leaseUntil(),
          entry.late());
    }
  }

  /** A type of events. */
  record EventTypeView(String name, List<String> jobs) {
    static EventTypeView of(EventEntry entry) {
      return new EventTypeView(entry.name(), entry.jobs());
    }
  }

  /** An alert. */
  record AlertView(
      String rule,
      @Nullable String job,
      @Nullable UUID runId,
      String sentence,
      Instant firstAt,
      Instant lastAt,
      long count) {
    static AlertView of(Alert alert) {
      return new AlertView(
          alert.rule(),
          alert.job().orElse(null),
          alert.run().map(RunId::value).orElse(null),
          alert.sentence(),
          alert.first(),
          alert.last(),
          alert.count());
    }
  }

  /** What is kept quiet. */
  record SilenceView(@Nullable String job, @Nullable String rule, Instant until, String actor) {
    static SilenceView of(Alerts.Silence silence) {
      return new SilenceView(
          silence.job().orElse(null),
          silence.rule().orElse(null),
          silence.until(),
          silence.actor());
    }
  }

  /** Something that somebody did. */
  record AuditView(
      String id,
      Instant at,
      String actor,
      String action,
      String target,
      @Nullable JsonNode before,
      @Nullable JsonNode after,
      AuditRow.Outcome outcome,
      String detail) {
    static AuditView of(AuditRow row) {
      return new AuditView(
          row.id(),
          row.at(),
          row.actor(),
          row.action(),
          row.target(),
          row.before().map(Json::tree).orElse(null),
          row.after().map(Json::tree).orElse(null),
          row.outcome(),
          row.detail());
    }
  }

  /** How things stand. */
  record OverviewView(
      Instant at,
      Map<Status, Long> pending,
      Duration width,
      List<EndedView> history,
      @Nullable Instant oldestDueAt,
      long lagMs,
      List<ConcernView> concerns,
      @Nullable Integer nodes) {
    static OverviewView of(Overview overview) {
      return new OverviewView(
          overview.at(),
          new TreeMap<>(overview.pending()),
          overview.width(),
          overview.history().stream().map(EndedView::of).toList(),
          overview.oldestDue().orElse(null),
          overview.lag().toMillis(),
          overview.concerns().stream().map(ConcernView::of).toList(),
          overview.nodes().orElse(null));
    }
  }

  /** What ended in a part of time. */
  record EndedView(
      Instant start, long completed, long failed, long timedOut, long cancelled, long skipped) {
    static EndedView of(Overview.Ended ended) {
      return new EndedView(
          ended.start(),
          ended.completed(),
          ended.failed(),
          ended.timedOut(),
          ended.cancelled(),
          ended.skipped());
    }
  }

  /** Something that somebody should look at. */
  record ConcernView(
      Concern.Kind kind,
      String sentence,
      @Nullable String job,
      @Nullable UUID runId,
      @Nullable Instant since) {
    static ConcernView of(Concern concern) {
      return new ConcernView(
          concern.kind(),
          concern.sentence(),
          concern.job().orElse(null),
          concern.run().map(RunId::value).orElse(null),
          concern.since().orElse(null));
    }
  }
}
