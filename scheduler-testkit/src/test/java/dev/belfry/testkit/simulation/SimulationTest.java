// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Nodes of the real engine, a store that fails in all ways, one thread: some seeds in each build,
 * as many as one likes with {@code -Dsimulation.seeds=100000}.
 */
class SimulationTest {
  private static final long FIRST = Long.getLong("simulation.first", 1);
  private static final long COUNT = Long.getLong("simulation.seeds", 150);
  private static final long ENOUGH_FOR_ALL = 150;

  @Test
  void seeds_violateNothingAndShowEverything() throws InterruptedException {
    Seeds seeds = Seeds.run(FIRST, COUNT);

    System.out.println(seeds);
    assertThat(seeds.reports()).isEmpty();
    if (COUNT >= ENOUGH_FOR_ALL) {
      assertThat(seeds.tally().missing()).as("what has to happen somewhere").isEmpty();
    }
  }

  @Test
  void seed_isReplayedToTheLetter() {
    String first = Seeds.simulate(17, null, true).trace();

    assertThat(Seeds.simulate(17, null, true).trace()).isEqualTo(first);
    assertThat(first.lines()).hasSizeGreaterThan(100);
  }

  @Test
  @EnabledIfSystemProperty(named = "simulation.seed", matches = "\\d+")
  void seed_isTold() {
    Simulated told = Seeds.simulate(Long.getLong("simulation.seed"), null, true);

    System.out.println(told.trace());
    assertThat(told.violations()).isEmpty();
  }
}
