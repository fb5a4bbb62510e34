// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** All that is left to chance, from a seed. */
final class Chance {
  private final SplittableRandom random;

  Chance(long seed) {
    this(new SplittableRandom(seed));
  }

  private Chance(SplittableRandom random) {
    this.random = random;
  }

  /** Returns another source: what is drawn from one does not move the other. */
  Chance split() {
    return new Chance(random.split());
  }

  /** Returns this source for those who want plain numbers. */
  RandomGenerator numbers() {
    return random;
  }

  boolean oneIn(int times) {
    return random.nextInt(times) == 0;
  }

  /** Returns a number from one to another, both included. */
  int between(int least, int most) {
    return random.nextInt(least, most + 1);
  }

  /** Returns a time from one to another, in microseconds, the short ones as likely as the long. */
  Duration between(Duration least, Duration most) {
    long micros = random.nextLong(least.toNanos() / 1_000, most.toNanos() / 1_000 + 1);
    return Duration.ofNanos(micros * 1_000);
  }

  /** Returns a time of up to so much, either way. */
  Duration upToEitherWay(Duration most) {
    Duration drawn = between(Duration.ZERO, most);
    return oneIn(2) ? drawn : drawn.negated();
  }

  <T> T oneOf(List<T> several) {
    return several.get(random.nextInt(several.size()));
  }
}
