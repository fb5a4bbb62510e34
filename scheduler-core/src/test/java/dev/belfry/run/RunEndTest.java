// SPDX-License-Identifier: Apache-2.0
package dev.belfry.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is told of the end of a run. */
class RunEndTest {
  private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
  private static final RunId RUN = RunId.of(1, 2, 3);

  static Stream<Arguments> ends() {
    return Stream.of(
        Arguments.of(new RunState.Completed(NOON), ""),
        Arguments.of(new RunState.Failed(NOON, Failure.of("Broken", "no ink")), "Broken: no ink"),
        Arguments.of(new RunState.Failed(NOON, Failure.of("Broken", "")), "Broken"),
        Arguments.of(new RunState.TimedOut(NOON, Failure.of("Late", "5 s")), "Late: 5 s"),
        Arguments.of(new RunState.Cancelled(NOON, "by ann"), "by ann"),
        Arguments.of(new RunState.Skipped(NOON, "overlap"), "overlap"));
  }

  @ParameterizedTest
  @MethodSource("ends")
  void end_saysWhy(RunState.Ended state, String reason) {
    assertThat(RunEnd.of(run(state)))
        .isEqualTo(new RunEnd(RUN, "mail", state.status(), NOON, reason));
  }

  @Test
  void runThatHasNotEnded_hasNoEnd() {
    Run run = run(RunState.Scheduled.first(NOON));

    assertThat(run.status()).isEqualTo(Status.SCHEDULED);
    assertThatThrownBy(() -> RunEnd.of(run))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("run " + RUN + " has not ended, it is SCHEDULED");
    assertThatThrownBy(() -> new RunEnd(RUN, "mail", Status.RUNNING, NOON, ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("status must be final, was RUNNING");
  }

  private static Run run(RunState state) {
    return new Run(
        RUN,
        "mail",
        0,
        state,
        NOON,
        NOON,
        Optional.empty(),
        Trigger.enqueue(),
        List.of(),
        Counters.NONE,
        Map.of(),
        false);
  }
}
