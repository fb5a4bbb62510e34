// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import java.time.Duration;
import java.util.List;

/**
 * What came of a simulation.
 *
 * @param seed what decided it
 * @param violations what was wrong
 * @param tally what happened, how often
 * @param lasted for how long, in virtual time
 * @param trace all that happened, if it was to be read
 */
record Simulated(
    long seed, List<Findings.Violation> violations, Tally tally, Duration lasted, String trace) {
  /** Returns what a person needs who is to mend what was found. */
  String report() {
    return "seed "
        + seed
        + " violates\n  "
        + String.join("\n  ", violations.stream().map(Object::toString).toList())
        + "\nTo see all that happened: mvn test -pl scheduler-testkit -am"
        + " -Dtest=SimulationTest#seed_isTold -Dsurefire.failIfNoSpecifiedTests=false"
        + " -Dsimulation.seed="
        + seed;
  }
}
