// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/*
 * The clock for giving up: an endpoint is given up when all attempts of five days have failed. One
 * attempt at the beginning and one at the end would do, if nothing was sent between; so two of the
 * failures of the last five days must lie twelve hours apart. For that, one failure of each twelve
 * hours is kept.
 *
 * The circuit opens after some failures in a row. Then attempts are put off, but one at a time,
 * the probe, which is let through when the circuit's time is over. It takes the next such time for
 * itself before it is made; if it fails, the time doubles, to five minutes at most.
 */
/**
 * How an endpoint has fared since it was last well.
 *
 * @param failures how many attempts have failed in a row
 * @param failingSince when the first of them failed; empty if there is none
 * @param openUntil until when attempts are put off; empty while the circuit is closed
 * @param apart failures of the last five days, of which each is at least 12 h after the one before
 */
record EndpointHealth(
    int failures,
    Optional<Instant> failingSince,
    Optional<Instant> openUntil,
    List<Instant> apart) {
  /** After so many failures in a row attempts are put off, and the endpoint counts as failing. */
  static final int OPENS_AFTER = 5;

  static final Duration GIVEN_UP_AFTER = Duration.ofDays(5);
  static final Duration LONGEST_OPEN = Duration.ofMinutes(5);
  private static final Duration FIRST_OPEN = Duration.ofSeconds(30);
  private static final Duration APART = Duration.ofHours(12);

  /** What is known of an endpoint that is well. */
  static final EndpointHealth WELL =
      new EndpointHealth(0, Optional.empty(), Optional.empty(), List.of());

  EndpointHealth {
    apart = List.copyOf(apart);
  }

  boolean isWell() {
    return failures == 0;
  }

  boolean isOpenAt(Instant now) {
    return openUntil.filter(now::isBefore).isPresent();
  }

  /** Returns what is known after one more failure. */
  EndpointHealth failed(Instant at) {
    int count = failures + 1;
    var kept = new ArrayList<>(apart);
    kept.removeIf(failure -> failure.isBefore(at.minus(GIVEN_UP_AFTER)));
    if (kept.isEmpty() || !kept.get(kept.size() - 1).plus(APART).isAfter(at)) {
      kept.add(at);
    }
    return new EndpointHealth(
        count,
        failingSince.or(() -> Optional.of(at)),
        count < OPENS_AFTER ? Optional.empty() : Optional.of(at.plus(openFor(count))),
        kept);
  }

  /** Returns what is known while an attempt is made though the circuit was open. */
  EndpointHealth probed(Instant until) {
    return new EndpointHealth(failures, failingSince, Optional.of(until), apart);
  }

  /** Returns whether the endpoint is to be given up. */
  boolean isGivenUpAt(Instant now) {
    return failingSince.filter(since -> !since.plus(GIVEN_UP_AFTER).isAfter(now)).isPresent()
        && apart.size() > 1;
  }

  static Duration openFor(int failures) {
    int doublings = Math.min(failures - OPENS_AFTER, 10);
    Duration open = FIRST_OPEN.multipliedBy(1L << doublings);
    return open.compareTo(LONGEST_OPEN) > 0 ? LONGEST_OPEN : open;
  }
}
