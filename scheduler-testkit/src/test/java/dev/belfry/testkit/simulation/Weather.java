// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import dev.belfry.store.StoreException.Kind;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** How it goes between the nodes and the store, at present. */
final class Weather {
  /** What becomes of a call. */
  enum Fate {
    GOOD,
    /** Not applied, and the caller knows. */
    LOST,
    /** Not applied, and the caller knows: a deadlock, a lock that is not to be had. */
    RETRY,
    /** Not applied, and the caller can't know. */
    UNKNOWN_LOST,
    /** Applied, and the caller can't know. */
    UNKNOWN_APPLIED,
    /** Applied some time after the caller was told that nothing is known. */
    LATE;

    /** Returns whether the call is applied before the caller hears of it. */
    boolean isApplied() {
      return this == GOOD || this == UNKNOWN_APPLIED;
    }

    /** Returns what the caller is told, unless all is good. */
    Kind kind() {
      return switch (this) {
        case GOOD ->
            throw new IllegalStateException("a call that goes well has no kind of failure");
        case LOST -> Kind.UNAVAILABLE;
        case RETRY -> Kind.RETRY;
        case UNKNOWN_LOST, UNKNOWN_APPLIED, LATE -> Kind.UNKNOWN;
      };
    }

    /** Returns what is noted, unless all is good. */
    Sign sign() {
      return switch (this) {
        case GOOD -> throw new IllegalStateException("a call that goes well leaves no sign");
        case LOST, RETRY -> Sign.CALL_LOST;
        case UNKNOWN_LOST -> Sign.UNKNOWN_LOST;
        case UNKNOWN_APPLIED -> Sign.UNKNOWN_APPLIED;
        case LATE -> Sign.LATE_COMMIT;
      };
    }
  }

  private final Chance chance;
  private final EnumSet<Fault> faults;
  private final Duration lease;
  private final Duration usual;
  private final Set<String> cutOff = new LinkedHashSet<>();
  private boolean storeIsDown;
  private boolean fair;

  Weather(Chance chance, EnumSet<Fault> faults, Duration lease) {
    this.chance = chance;
    this.faults = faults;
    this.lease = lease;
    this.usual = chance.between(Duration.ofMillis(1), Duration.ofMillis(20));
  }

  /** From now on nothing goes wrong any more. */
  void clear() {
    fair = true;
    storeIsDown = false;
    cutOff.clear();
  }

  void setStoreIsDown(boolean down) {
    storeIsDown = down;
  }

  void cutOff(String host) {
    cutOff.add(host);
  }

  void connect(String host) {
    cutOff.remove(host);
  }

  private boolean happens(Fault fault, int oneIn) {
    return !fair && faults.contains(fault) && chance.oneIn(oneIn);
  }

  /** Returns how long a message is on its way. */
  Duration latency() {
    if (happens(Fault.SLOW_CALLS, 40)) {
      return chance.between(
          Duration.ZERO, chance.oneIn(4) ? lease.multipliedBy(2) : lease.dividedBy(3));
    }
    return chance.between(Duration.ofNanos(100_000), usual);
  }

  /** Returns whether a thread notices that its answer takes time: each does not, to save turns. */
  boolean isSlowToAnswer() {
    return chance.oneIn(4);
  }

  /** Returns how long a caller takes from one answer to its next call. */
  Duration pauseBetweenCalls() {
    Duration most = happens(Fault.SLOW_CALLS, 20) ? Duration.ofSeconds(1) : usual.multipliedBy(2);
    return chance.between(Duration.ofNanos(100_000), most);
  }

  /** Returns how much longer it takes until a caller gives up an answer that does not come. */
  Duration silence() {
    return chance.oneIn(3) ? chance.between(Duration.ZERO, lease.multipliedBy(2)) : Duration.ZERO;
  }

  /** Returns how long after its caller has given it up a call is applied. */
  Duration lateness() {
    return chance.between(Duration.ofMillis(1), lease.multipliedBy(4));
  }

  /** Returns after what times a node hears of what another has done. */
  List<Duration> hints() {
    if (!faults.contains(Fault.NO_HINTS) && !chance.oneIn(4)) {
      Duration first = chance.between(Duration.ofMillis(1), Duration.ofMillis(50));
      return chance.oneIn(8) ? List.of(first, first.multipliedBy(7)) : List.of(first);
    }
    return List.of();
  }

  /** Returns what becomes of a call. */
  Fate fateOf(StoreCall call) {
    if (storeIsDown || cutOff.contains(call.host().toString())) {
      return chance.oneIn(2) ? Fate.LOST : Fate.UNKNOWN_LOST;
    } else if (happens(Fault.LOST_CALLS, 30)) {
      return chance.oneIn(2) ? Fate.LOST : Fate.RETRY;
    } else if (happens(Fault.UNKNOWN_COMMITS, 30)) {
      return call.isWrite() && chance.oneIn(2) ? Fate.UNKNOWN_APPLIED : Fate.UNKNOWN_LOST;
    } else if (call.isWrite() && happens(Fault.LATE_COMMITS, 25)) {
      return Fate.LATE;
    }
    return Fate.GOOD;
  }
}
