// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.api;

import dev.belfry.Progress;
import dev.belfry.admin.operations.RunAnswer;
import dev.belfry.admin.operations.RunDetail;
import dev.belfry.run.Failure;
import dev.belfry.run.NodeId;
import dev.belfry.run.Pass;
import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import dev.belfry.run.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Runs and what belongs to one, as JSON has them. */
final class RunViews {
  private RunViews() {}

  /**
   * A run.
   *
   * @param reason why it waits, is blocked, was cancelled or skipped
   * @param durationMs from its first start to its end
   */
  record RunView(
      UUID id,
      String job,
      Status status,
      int priority,
      Instant createdAt,
      Instant dueAt,
      @Nullable Instant nextDueAt,
      @Nullable Instant startedAt,
      @Nullable Instant endedAt,
      @Nullable Long durationMs,
      @Nullable Integer attempt,
      @Nullable String node,
      @Nullable String reason,
      @Nullable FailureView failure,
      TriggerView trigger,
      List<String> tags,
      long itemsProcessed,
      long itemsSucceeded,
      long itemsFailed,
      Map<String, String> notes,
      boolean cancelRequested) {
    static RunView of(Run run) {
      RunState state = run.state();
      Instant ended = state instanceof RunState.Ended end ? end.at() : null;
      return new RunView(
          run.id().value(),
          run.job(),
          run.status(),
          run.priority(),
          run.createdAt(),
          run.dueAt(),
          state instanceof RunState.Scheduled waits ? waits.due() : null,
          run.startedAt().orElse(null),
          ended,
          ended == null
              ? null
              : run.startedAt()
                  .map(start -> Duration.between(start, ended).toMillis())
                  .orElse(null),
          state instanceof RunState.Open open ? (Integer) open.attempt() : null,
          state instanceof RunState.Running running ? running.node().toString() : null,
          reasonOf(state),
          failureOf(state),
          TriggerView.of(run.trigger()),
          run.tags(),
          run.counters().processed(),
          run.counters().succeeded(),
          run.counters().failed(),
          run.notes(),
          run.cancelRequested());
    }

    private static @Nullable String reasonOf(RunState state) {
      if (state instanceof RunState.Waiting waiting) {
        return waiting.reason();
      } else if (state instanceof RunState.Blocked blocked) {
        return blocked.reason();
      } else if (state instanceof RunState.Cancelled cancelled) {
        return cancelled.reason();
      }
      return state instanceof RunState.Skipped skipped ? skipped.reason() : null;
    }

    private static @Nullable FailureView failureOf(RunState state) {
      if (state instanceof RunState.Failed failed) {
        return FailureView.of(failed.failure());
      }
      return state instanceof RunState.TimedOut late ? FailureView.of(late.failure()) : null;
    }
  }

  /** What went wrong. */
  record FailureView(String type, String message, String trace) {
    static FailureView of(Failure failure) {
      return new FailureView(failure.type(), failure.message(), failure.trace());
    }
  }

  /**
   * What started a run.
   *
   * @param origin the run that it repeats or descends from, or the id of its group
   */
  record TriggerView(
      Trigger.Kind kind,
      @Nullable String actor,
      @Nullable String schedule,
      @Nullable Instant nominalAt,
      @Nullable UUID event,
      @Nullable UUID origin) {
    static TriggerView of(Trigger trigger) {
      boolean ofEvent = trigger.event().isPresent();
      UUID origin = trigger.origin().map(RunId::value).orElse(null);
      return new TriggerView(
          trigger.kind(),
          trigger.actor().orElse(null),
          trigger.schedule().orElse(null),
          trigger.nominal().orElse(null),
          ofEvent ? origin : null,
          ofEvent ? null : origin);
    }
  }

  /** How far a run is. */
  record ProgressView(long done, @Nullable Long total, Instant at) {
    static ProgressView of(Progress progress) {
      return new ProgressView(
          progress.done(), progress.total() == 0 ? null : progress.total(), progress.at());
    }
  }

  /** An ended pass. Its log has a path of its own. */
  record PassView(
      long fence,
      int attempt,
      Pass.Event event,
      @Nullable String node,
      Instant startedAt,
      Instant endedAt,
      long durationMs,
      String detail,
      @Nullable FailureView failure,
      long itemsProcessed,
      long itemsSucceeded,
      long itemsFailed,
      Map<String, String> notes) {
    static PassView of(Pass pass) {
      return new PassView(
          pass.fence(),
          pass.attempt(),
          pass.event(),
          pass.node().map(NodeId::toString).orElse(null),
          pass.startedAt(),
          pass.endedAt(),
          pass.ran().toMillis(),
          pass.detail(),
          pass.failure().map(FailureView::of).orElse(null),
          pass.counters().processed(),
          pass.counters().succeeded(),
          pass.counters().failed(),
          pass.notes());
    }
  }

  /** The log lines of a pass. */
  record LogView(long fence, int attempt, Instant startedAt, Instant endedAt, List<String> lines) {
    static LogView of(Pass pass) {
      return new LogView(
          pass.fence(),
          pass.attempt(),
          pass.startedAt(),
          pass.endedAt(),
          pass.log().lines().toList());
    }
  }

  /** Another run that a run has to do with. */
  record LinkView(RunDetail.Relation relation, UUID runId, String job) {
    static LinkView of(RunDetail.Link link) {
      return new LinkView(link.relation(), link.run().value(), link.job());
    }
  }

  /** All that there is to see of a run. */
  record RunFull(
      RunView run,
      long fence,
      DataView input,
      @Nullable DataView result,
      List<PassView> passes,
      List<PartViews.PartView> parts,
      @Nullable ProgressView progress,
      String explanation,
      List<LinkView> links) {
    static RunFull of(RunDetail detail) {
      return new RunFull(
          RunView.of(detail.run()),
          detail.fence(),
          DataView.of(detail.input()),
          detail.result().map(DataView::of).orElse(null),
          detail.passes().stream().map(PassView::of).toList(),
          detail.parts().stream().map(PartViews.PartView::of).toList(),
          detail.progress().map(ProgressView::of).orElse(null),
          detail.explanation(),
          detail.links().stream().map(LinkView::of).toList());
    }
  }

  /** What became of an action on a run. */
  record AnswerView(UUID id, RunAnswer.Result result, String detail, @Nullable UUID runId) {
    static AnswerView of(RunAnswer answer) {
      return new AnswerView(
          answer.id().value(),
          answer.result(),
          answer.detail(),
          answer.run().map(RunId::value).orElse(null));
    }
  }
}
