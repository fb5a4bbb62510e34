// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * What to count of what ended.
 *
 * @param jobs the names of the jobs
 * @param from counts minutes from this one on
 * @param to counts minutes that begin before this instant
 * @param width how much time to count together: whole minutes. Such parts of time begin at its
 *     multiples since 1970, so the first of an answer may begin before {@code from}
 */
public record RollupQuery(Set<String> jobs, Instant from, Instant to, Duration width) {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** Copies the names, cuts {@code from} to the minute, checks the width. */
  public RollupQuery {
    jobs = Set.copyOf(jobs);
    from = from.truncatedTo(ChronoUnit.MINUTES);
    if (width.compareTo(MINUTE) < 0 || width.toSeconds() % 60 != 0 || width.getNano() != 0) {
      throw new IllegalArgumentException("width must be whole minutes, was " + width);
    }
  }

  /** Returns a query by minute. */
  public static RollupQuery of(Collection<String> jobs, Instant from, Instant to) {
    return new RollupQuery(new TreeSet<>(jobs), from, to, MINUTE);
  }

  /** Returns this query with more or less time counted together. */
  public RollupQuery by(Duration newWidth) {
    return new RollupQuery(jobs, from, to, newWidth);
  }

  /** Returns the beginning of the part of time that an instant is in. */
  Instant startOf(Instant instant) {
    long seconds = width.toSeconds();
    return Instant.ofEpochSecond(Math.floorDiv(instant.getEpochSecond(), seconds) * seconds);
  }
}
