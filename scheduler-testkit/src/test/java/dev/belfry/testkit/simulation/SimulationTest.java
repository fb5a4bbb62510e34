// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import org.junit.jupiter.api.Test;

class SimulationTest {
  @Test
  void one() {
    long seeds = Long.getLong("simulation.seeds", 100);
    long from = Long.getLong("simulation.from", 1);
    Long only = Long.getLong("simulation.seed");
    var tally = new Tally();
    long bad = 0;
    try (var turns = new Turns()) {
      if (only != null) {
        Simulated s = new World(only, turns, null, true).run();
        System.out.println(s.trace());
        if (!s.violations().isEmpty()) System.out.println(s.report());
        return;
      }
      long begin = System.nanoTime();
      for (long seed = from; seed < from + seeds; seed++) {
        Simulated s = new World(seed, turns, null, false).run();
        tally.add(s.tally());
        if (!s.violations().isEmpty()) {
          bad++;
          if (bad < 10) System.out.println(s.report());
        }
      }
      double sec = (System.nanoTime() - begin) / 1e9;
      System.out.println(bad + " bad; " + seeds / sec + " seeds/s " + tally + " missing " + tally.missing());
    }
  }
}
