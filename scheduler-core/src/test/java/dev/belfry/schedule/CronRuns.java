// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.schedule.oracle.Oracle;
import dev.belfry.schedule.oracle.Span;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What tables of examples share: an example holds if the library and the walk both say so. */
final class CronRuns {
  private CronRuns() {}

  /** The runs are the first ones after the question, one after the other. */
  static void assertNext(
      CronDialect dialect, String cron, ZoneId zone, String after, String expected) {
    CronExpression expression = CronExpression.parse(cron, dialect);
    ZonedDateTime asked = OffsetDateTime.parse(after).atZoneSameInstant(zone);
    List<Instant> runs = instants(expected);
    Instant last = runs.get(runs.size() - 1);

    List<Instant> found = new ArrayList<>();
    for (ZonedDateTime time = asked; found.size() < runs.size(); ) {
      time = expression.next(time).orElseThrow();
      found.add(time.toInstant());
    }

    assertThat(found).as("library").isEqualTo(runs);
    assertThat(walk(dialect, cron, zone, asked.toInstant(), last)).as("walk").isEqualTo(runs);
  }

  /** The runs are the last ones before the question, the latest first. */
  static void assertPrevious(
      CronDialect dialect, String cron, ZoneId zone, String before, String expected) {
    CronExpression expression = CronExpression.parse(cron, dialect);
    ZonedDateTime asked = OffsetDateTime.parse(before).atZoneSameInstant(zone);
    List<Instant> runs = instants(expected);
    Instant first = runs.get(runs.size() - 1);

    List<Instant> found = new ArrayList<>();
    for (ZonedDateTime time = asked; found.size() < runs.size(); ) {
      time = expression.previous(time).orElseThrow();
      found.add(0, time.toInstant());
    }

    assertThat(found).as("library").containsExactlyInAnyOrderElementsOf(runs).isSorted();
    assertThat(walk(dialect, cron, zone, first.minusSeconds(1), asked.toInstant().minusNanos(1)))
        .as("walk")
        .isEqualTo(found);
  }

  /** Returns the runs after one time, up to and at another. */
  private static List<Instant> walk(
      CronDialect dialect, String cron, ZoneId zone, Instant after, Instant last) {
    Span span = Span.of(zone, after, last.plusSeconds(60));
    return Arrays.stream(span.runs(Oracle.read(cron, dialect), DstPolicy.RUN_ONCE))
        .mapToObj(Instant::ofEpochSecond)
        .filter(run -> run.isAfter(after) && !run.isAfter(last))
        .toList();
  }

  private static List<Instant> instants(String times) {
    return Arrays.stream(times.split(" ", -1))
        .map(time -> OffsetDateTime.parse(time).toInstant())
        .toList();
  }
}
