// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Where a claim begins to look in a lane. */
class MarksTest {
  private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");
  private static final Instant DUE = NOW.minusSeconds(60);
  private static final int LANE = 1;

  private final Marks marks = new Marks();

  @Test
  void laneThatWasNotClaimed_isLookedAtFromItsBeginning() {
    assertThat(marks.of(LANE, NOW)).isEqualTo(Marks.BEGINNING);
  }

  @Test
  void claim_goesOnWhereTheLastOneEnded_neverBefore() {
    marks.claimed(LANE, DUE, NOW);
    marks.claimed(LANE, DUE.plusSeconds(5), NOW.plusMillis(1));
    marks.claimed(LANE, DUE.plusSeconds(2), NOW.plusMillis(2));

    assertThat(marks.of(LANE, NOW.plusMillis(3))).isEqualTo(DUE.plusSeconds(5));
    assertThat(marks.of(2, NOW)).as("of another lane").isEqualTo(Marks.BEGINNING);
  }

  @Test
  void aSecondAfterTheFirstClaim_theLaneIsLookedAtFromItsBeginning() {
    marks.claimed(LANE, DUE, NOW);
    marks.claimed(LANE, DUE.plusSeconds(5), NOW.plusMillis(900));

    assertThat(marks.of(LANE, NOW.plusMillis(999))).isEqualTo(DUE.plusSeconds(5));
    assertThat(marks.of(LANE, NOW.plusMillis(1_000))).isEqualTo(Marks.BEGINNING);
  }

  @Test
  void clockThatIsSetBack_endsTheMark() {
    marks.claimed(LANE, DUE, NOW);

    assertThat(marks.of(LANE, NOW.minusMillis(1))).isEqualTo(Marks.BEGINNING);
  }

  @Test
  void runThatIsDueBeforeTheMark_endsIt_andOneAtItOrAfterDoesNot() {
    marks.claimed(LANE, DUE, NOW);

    marks.ready(LANE, DUE);
    marks.ready(LANE, DUE.plusSeconds(1));
    assertThat(marks.of(LANE, NOW)).isEqualTo(DUE);

    marks.ready(LANE, DUE.minusNanos(1_000));
    assertThat(marks.of(LANE, NOW)).isEqualTo(Marks.BEGINNING);
  }
}
