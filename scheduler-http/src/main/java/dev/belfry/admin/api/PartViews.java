// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.api;

import dev.belfry.admin.operations.PartDetail;
import dev.belfry.run.Part;
import dev.belfry.run.RunId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is stored of the parts of a run, as JSON has it. */
final class PartViews {
  private PartViews() {}

  /** What became of a part of a run. */
  enum PartStatus {
    PENDING,
    DONE,
    RECEIVED,
    FAILED;

    static PartStatus of(Part.State state) {
      if (state instanceof Part.Pending) {
        return PENDING;
      } else if (state instanceof Part.Received) {
        return RECEIVED;
      }
      return state instanceof Part.Failed ? FAILED : DONE;
    }
  }

  /** What is stored of a part of a run. */
  record PartView(
      String scope,
      String id,
      int occurrence,
      Part.Kind kind,
      String type,
      int tries,
      PartStatus status,
      @Nullable Instant until,
      @Nullable EventView event,
      @Nullable DataView value,
      RunViews.@Nullable FailureView failure,
      @Nullable UUID childRunId,
      Instant writtenAt) {
    static PartView of(PartDetail detail) {
      Part part = detail.part();
      Part.State state = part.state();
      return new PartView(
          part.scope(),
          part.id(),
          part.occurrence(),
          part.kind(),
          part.type(),
          part.tries(),
          PartStatus.of(state),
          state instanceof Part.Pending pending ? pending.until().orElse(null) : null,
          state instanceof Part.Received received ? EventView.of(received) : null,
          detail.value().map(DataView::of).orElse(null),
          failureOf(state),
          part.child().map(RunId::value).orElse(null),
          part.writtenAt());
    }

    private static RunViews.@Nullable FailureView failureOf(Part.State state) {
      if (state instanceof Part.Failed failed) {
        return RunViews.FailureView.of(failed.failure());
      }
      return state instanceof Part.Pending pending
          ? pending.lastFailure().map(RunViews.FailureView::of).orElse(null)
          : null;
    }
  }

  /** The event that ended a part. */
  record EventView(UUID id, String name, @Nullable String key, Instant sentAt) {
    static EventView of(Part.Received received) {
      return new EventView(
          received.event().value(),
          received.name(),
          received.key().orElse(null),
          received.sentAt());
    }
  }
}
