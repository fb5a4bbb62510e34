// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A simulation that finds nothing proves nothing, so it has to find what is planted. */
class PlantedBugsTest {
  private static final int MOST = 500;

  @ParameterizedTest
  @EnumSource
  void bug_isFound(PlantedBug bug) {
    Optional<Simulated> finds = firstThatFinds(bug);

    assertThat(finds).as("a seed up to " + MOST + " that finds it").isPresent();
    assertThat(finds.get().violations().get(0).invariant()).isIn(bug.broken());
    System.out.printf(
        "Simulation: %s is found by seed %d: %s%n",
        bug, finds.get().seed(), finds.get().violations().get(0).invariant());
  }

  private static Optional<Simulated> firstThatFinds(PlantedBug bug) {
    try (var turns = new Turns()) {
      for (long seed = 1; seed <= MOST; seed++) {
        Simulated one = new World(seed, turns, bug, false).run();
        if (!one.violations().isEmpty()) {
          return Optional.of(one);
        }
      }
    }
    return Optional.empty();
  }
}
