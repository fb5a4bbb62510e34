// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All that was measured. For one thread. */
final class Results {
  private final List<Sample> samples = new ArrayList<>();

  void add(Sample sample) {
    samples.add(sample);
  }

  List<Sample> samples() {
    return List.copyOf(samples);
  }

  /** Returns the spread of a measure over the rounds that count. */
  Optional<Spread> spread(
      Product product, String row, String variant, Contender contender, String measure) {
    List<Double> values =
        samples.stream()
            .filter(
                sample ->
                    sample.product() == product
                        && sample.row().equals(row)
                        && sample.variant().equals(variant)
                        && sample.contender() == contender
                        && sample.measure().equals(measure)
                        && sample.round() != 0)
            .map(Sample::value)
            .toList();
    return values.isEmpty() ? Optional.empty() : Optional.of(Spread.of(values));
  }
}
