// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

/**
 * What the clock and the accounts of processors said at one moment.
 *
 * @param nanos of {@link System#nanoTime()}
 * @param own microseconds of processors spent by this process
 * @param server the same of the database server
 */
record Reading(long nanos, long own, long server) {
  static Reading now(Place place) {
    return new Reading(System.nanoTime(), Cpu.ofThisProcess(), Cpu.ofServer(place.server()));
  }

  /** Says what was spent since another reading, for a number of runs. */
  Message since(Reading begin, long runs) {
    return Message.of("ok")
        .with("runs", runs)
        .with("micros", (nanos - begin.nanos) / 1_000)
        .with("own", own - begin.own)
        .with("server", server - begin.server);
  }

  String toText() {
    return nanos + ":" + own + ":" + server;
  }

  static Reading parse(String text) {
    String[] numbers = text.split(":", 0);
    return new Reading(
        Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Long.parseLong(numbers[2]));
  }
}
