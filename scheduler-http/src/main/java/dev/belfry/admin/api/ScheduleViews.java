// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.api;

import dev.belfry.ScheduleView;
import dev.belfry.admin.operations.ScheduleDetail;
import dev.belfry.admin.operations.ScheduleEntry;
import dev.belfry.admin.operations.SchedulePreview;
import dev.belfry.run.RunId;
import dev.belfry.schedule.ClockChange;
import dev.belfry.schedule.PlannedTick;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Schedules and their ticks, as JSON has them. */
final class ScheduleViews {
  private ScheduleViews() {}

  /**
   * A schedule in a list.
   *
   * @param words its times in English
   */
  record ScheduleItem(
      String id,
      String job,
      String definition,
      String words,
      @Nullable String zone,
      ScheduleView.State state,
      boolean declared,
      boolean overridden,
      @Nullable Instant nextAt,
      @Nullable Instant lastAt,
      @Nullable UUID lastRunId,
      RunViews.@Nullable RunView lastRun,
      List<String> tags) {
    static ScheduleItem of(ScheduleEntry entry) {
      ScheduleView view = entry.view();
      return new ScheduleItem(
          view.id(),
          view.job(),
          view.definition(),
          entry.words(),
          entry.zone().map(ZoneId::getId).orElse(null),
          view.state(),
          view.declared(),
          view.overridden(),
          view.nextAt().orElse(null),
          view.lastAt().orElse(null),
          view.lastRun().map(RunId::value).orElse(null),
          entry.lastRun().map(RunViews.RunView::of).orElse(null),
          view.tags());
    }
  }

  /** All that there is to see of a schedule. */
  record ScheduleFull(
      ScheduleItem schedule,
      List<TickView> next,
      String explanation,
      DataView input,
      boolean declaredHere) {
    static ScheduleFull of(ScheduleDetail detail) {
      return new ScheduleFull(
          ScheduleItem.of(detail.entry()),
          TickView.all(detail.ticks()),
          detail.explanation(),
          DataView.of(detail.input()),
          detail.declaredHere());
    }
  }

  /** What a schedule would do that is not saved. */
  record PreviewView(
      String definition, String words, List<TickView> next, @Nullable ClockChangeView clockChange) {
    static PreviewView of(SchedulePreview preview) {
      return new PreviewView(
          preview.definition(),
          preview.words(),
          TickView.all(preview.ticks()),
          preview.clockChange().map(ClockChangeView::of).orElse(null));
    }
  }

  /** A tick to come, and why it comes then. */
  record TickView(Instant at, PlannedTick.Rule rule, String reason) {
    static List<TickView> all(List<PlannedTick> ticks) {
      return ticks.stream()
          .map(tick -> new TickView(tick.at(), tick.rule(), tick.reason()))
          .toList();
    }
  }

  /** A change of a zone's clock. */
  record ClockChangeView(Instant at, String zone, String effect) {
    static ClockChangeView of(ClockChange change) {
      return new ClockChangeView(change.at(), change.zone().getId(), change.effect());
    }
  }
}
