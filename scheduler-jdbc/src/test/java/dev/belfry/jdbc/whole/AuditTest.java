// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.jdbc.whole.Audit.Kind;
import dev.belfry.jdbc.whole.Audit.Violation;
import dev.belfry.run.Counters;
import dev.belfry.run.NodeId;
import dev.belfry.run.Pass;
import dev.belfry.run.Pass.Event;
import dev.belfry.run.RunId;
import dev.belfry.run.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A checker that finds nothing proves nothing, so each kind of violation is planted once. */
class AuditTest {
  private static final RunId RUN = RunId.of(1, 2, 3);
  private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
  private static final NodeId NODE = new NodeId(UUID.randomUUID());

  private static Pass pass(Event event, long fence, int attempt) {
    return new Pass(
        RUN,
        fence,
        "job",
        attempt,
        event,
        Optional.of(NODE),
        NOON,
        NOON,
        Duration.ZERO,
        "",
        Optional.empty(),
        Counters.NONE,
        Map.of(),
        "");
  }

  private static List<Kind> kinds(Optional<Status> status, Pass... passes) {
    return new Audit()
        .run(RUN, status, List.of(passes)).violations().stream().map(Violation::kind).toList();
  }

  @Test
  void soundHistory_violatesNothing() {
    assertThat(
            kinds(
                Optional.of(Status.COMPLETED),
                pass(Event.LOST, 1, 1),
                pass(Event.HANDED_BACK, 3, 2),
                pass(Event.COMPLETED, 5, 2)))
        .isEmpty();
  }

  @Test
  void unknownOrUnendedRun_isLost() {
    assertThat(kinds(Optional.empty())).containsExactly(Kind.LOST);
    assertThat(kinds(Optional.of(Status.RUNNING), pass(Event.LOST, 1, 1)))
        .containsExactly(Kind.LOST);
  }

  @Test
  void runThatEndedTwice_isADoubleEnd() {
    assertThat(
            kinds(
                Optional.of(Status.COMPLETED),
                pass(Event.COMPLETED, 1, 1),
                pass(Event.COMPLETED, 2, 2)))
        .containsExactly(Kind.DOUBLE_END);
  }

  @Test
  void passAfterTheEnd_isARerun() {
    assertThat(
            kinds(
                Optional.of(Status.COMPLETED), pass(Event.COMPLETED, 1, 1), pass(Event.LOST, 2, 2)))
        .contains(Kind.RERUN_AFTER_END);
  }

  @Test
  void repeatedFence_isFound() {
    assertThat(
            kinds(
                Optional.of(Status.COMPLETED), pass(Event.LOST, 1, 1), pass(Event.COMPLETED, 1, 2)))
        .containsExactly(Kind.FENCE_NOT_INCREASING);
  }

  @Test
  void lostAttemptThatWasNotCounted_isFound() {
    assertThat(
            kinds(
                Optional.of(Status.COMPLETED), pass(Event.LOST, 1, 1), pass(Event.COMPLETED, 3, 1)))
        .containsExactly(Kind.ATTEMPT_NOT_COUNTED);
  }

  @Test
  void missingAndDoubledTicks_areFound() {
    List<Instant> owed = Stream.of(0, 1, 2).map(NOON::plusSeconds).toList();
    List<Instant> started = Stream.of(0, 2, 2).map(NOON::plusSeconds).toList();

    assertThat(new Audit().ticks(owed, started).violations())
        .containsExactly(
            new Violation(Kind.TICK_DOUBLE, "2026-03-02T12:00:02Z"),
            new Violation(Kind.TICK_MISSING, "2026-03-02T12:00:01Z"));
  }
}
