// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All that was measured. For one thread. */
final class Results {
  private final List<Sample> samples = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private final List<String> places = new ArrayList<>();

  void add(Sample sample) {
    samples.add(sample);
  }

  /** Notes that a turn came to nothing. */
  void addFailure(String failure) {
    failures.add(failure);
  }

  List<String> failures() {
    return List.copyOf(failures);
  }

  /** Notes a server and how it is set. */
  void addPlace(String description) {
    places.add(description);
  }

  /** Returns the servers and how they are set, a line each. */
  String places() {
    return String.join("", places.stream().map(place -> "- " + place + "\n").toList());
  }

  List<Sample> samples() {
    return List.copyOf(samples);
  }

  /** Returns the spread of a measure over the rounds that count. */
  Optional<Spread> spread(Product product, String row, Contender contender, String measure) {
    List<Double> values =
        samples.stream()
            .filter(
                sample ->
                    sample.product() == product
                        && sample.row().equals(row)
                        && sample.contender() == contender
                        && sample.measure().equals(measure)
                        && sample.round() > 0)
            .map(Sample::value)
            .toList();
    return values.isEmpty() ? Optional.empty() : Optional.of(Spread.of(values));
  }
}
