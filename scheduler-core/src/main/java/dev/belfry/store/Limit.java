// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.OnActive;
import dev.belfry.run.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a job says of its runs together, for each key of the limit by itself. A store decides it
 * when a run is claimed, and answers with an {@link Admission}.
 */
public sealed interface Limit {
  /** The name, unique in the store, 1 to 200 characters; it begins as its {@link Kind} says. */
  String name();

  /** What a limit does. A run's keys tell it by the name of their limit. */
  enum Kind {
    /** So many runs may be held by nodes at once; see {@link Slots}. */
    SLOTS(""),
    /** Runs come one after another; see {@link Order}. */
    ORDER("order of "),
    /** Starts are spread over time; see {@link Throttle}. */
    THROTTLE("throttle of "),
    /** Of many runs in a time some are dropped; see {@link Rate}. */
    RATE("rate of "),
    /** One run is active; see {@link Singleton}. */
    SINGLETON("singleton of "),
    /** Of runs that come soon after each other the last one starts; see {@link Debounce}. */
    DEBOUNCE("debounce of "),
    /** Runs start together; see {@link Batch}. */
    BATCH("batch of ");

    private static final Kind[] ALL = values();

    private final String prefix;

    Kind(String prefix) {
      this.prefix = prefix;
    }

    /** Returns the name of a limit of this kind. */
    public String of(String what) {
      return prefix + what;
    }

    /** Returns the kind of the limit of a name. */
    public static Kind ofName(String name) {
      for (Kind kind : ALL) {
        if (kind != SLOTS && name.startsWith(kind.prefix)) {
          return kind;
        }
      }
      return SLOTS;
    }
  }

  /** Returns the kind. */
  default Kind kind() {
    return Kind.ofName(name());
  }

  /**
   * How many runs may be held by nodes at once. Runs that do not fit are put aside until there is
   * room; runs that sleep, wait or wait for a retry take none.
   *
   * @param slots the most runs at once; at least 1
   */
  record Slots(String name, int slots) implements Limit {
    /** Checks name and slots. */
    public Slots {
      check(name, Kind.SLOTS);
      if (slots < 1) {
        throw new IllegalArgumentException(
            "slots of limit \"" + name + "\" must be at least 1, was " + slots);
      }
    }
  }

  /**
   * One slot, declared or not, that a run keeps from its first claim to its final state. Among runs
   * of one lane it goes to the first by due time, then id, of those that are due.
   */
  record Order(String name) implements Limit {
    /** Checks the name. */
    public Order {
      check(name, Kind.ORDER);
    }
  }

  /**
   * How many runs may start in a time. Time is divided into slots, and each has one first start at
   * most. A slot begins at a start or at the end of the slot before it, so that never more than
   * {@code starts + 1} fall into any time of that length. Runs that must wait are put aside; the
   * first of them stands in its lane, due when the next slot begins.
   *
   * @param starts at least 1
   * @param per at least a microsecond for each start
   */
  record Throttle(String name, int starts, Duration per) implements Limit {
    /** Checks name and numbers. */
    public Throttle {
      check(name, Kind.THROTTLE);
      check(name, starts, per);
    }

    /** Returns how long a slot is, rounded up to what stores keep. */
    public Duration slot() {
      Duration exact = per.dividedBy(starts);
      Duration cut = exact.minusNanos(exact.getNano() % 1_000);
      return cut.multipliedBy(starts).compareTo(per) < 0 ? cut.plusNanos(1_000) : cut;
    }

    /**
     * Returns when the slot after a start begins.
     *
     * @param slot when the slot began that nobody had
     * @param start when the run starts in it, or in a later one
     */
    public Instant nextAfter(Instant slot, Instant start) {
      Instant end = slot.plus(slot());
      return start.isBefore(end) ? end : start.plus(slot());
    }
  }

  /**
   * How many runs of a time are let through; the others end SKIPPED. The first run that is due when
   * or after a window ends opens the next one.
   *
   * @param starts how many of a window; at least 1
   * @param per how long a window is; at least a microsecond for each start
   */
  record Rate(String name, int starts, Duration per) implements Limit {
    /** Checks name and numbers. */
    public Rate {
      check(name, Kind.RATE);
      check(name, starts, per);
    }

    /** Returns why a run ends that is not let through, in words. */
    public String reason(LimitKey key) {
      return "the " + name + " lets " + starts + " runs" + of(key) + " through in " + per;
    }
  }

  /**
   * One run is active from its first claim to its final state.
   *
   * @param onActive what becomes of another
   */
  record Singleton(String name, OnActive onActive) implements Limit {
    /** Checks the name. */
    public Singleton {
      check(name, Kind.SINGLETON);
    }

    /** Returns why a run ends that came while another was active, in words. */
    public String reason(LimitKey key, RunId active) {
      return "run " + active + of(key) + " is active";
    }
  }

  /**
   * A run that is claimed while a newer one of its key waits to be claimed ends SKIPPED.
   *
   * @param max how long after the first of those in a row was made one starts all the same; empty:
   *     none does
   */
  record Debounce(String name, Optional<Duration> max) implements Limit {
    /** Checks the name. */
    public Debounce {
      check(name, Kind.DEBOUNCE);
    }

    /**
     * Returns why a run ends that others came after, in words.
     *
     * @param newer the newest of them; empty if that one has started
     */
    public String reason(LimitKey key, Optional<RunId> newer) {
      return newer.map(run -> "run " + run).orElse("a run") + of(key) + " came after it";
    }
  }

  private static String of(LimitKey key) {
    return key.key().isEmpty() ? "" : " of key \"" + key.key() + "\"";
  }

  /**
   * Runs of a lane start together: as soon as there are {@code maxSize}, or when the first of them
   * has waited. Until then they are gathered, due at the end of their wait. One that was claimed
   * before does not wait, but has those come with it that are gathered. A run has no other limit
   * beside this.
   *
   * @param maxSize the most runs of a batch; 1 to {@link #MOST}
   * @param maxWait how long after its due time a run is gathered at most; {@link #SHORTEST} to
   *     {@link #LONGEST}
   */
  record Batch(String name, int maxSize, Duration maxWait) implements Limit {
    /** The most runs that a batch may have. */
    public static final int MOST = 1_000;

    /** The least that a run may be gathered for. */
    public static final Duration SHORTEST = Duration.ofMillis(1);

    /** The longest that a run may be gathered. */
    public static final Duration LONGEST = Duration.ofDays(1);

    /** Checks name, size and wait. */
    public Batch {
      check(name, Kind.BATCH);
      if (maxSize < 1 || maxSize > MOST) {
        throw new IllegalArgumentException(
            "maxSize of \"" + name + "\" must be 1 to " + MOST + ", was " + maxSize);
      }
      if (maxWait.compareTo(SHORTEST) < 0 || maxWait.compareTo(LONGEST) > 0) {
        throw new IllegalArgumentException(
            "maxWait of \""
                + name
                + "\" must be "
                + SHORTEST
                + " to "
                + LONGEST
                + ", was "
                + maxWait);
      }
    }
  }

  private static void check(String name, Kind kind) {
    Bound.name("name of a limit", name, Bound.NAME);
    if (Kind.ofName(name) != kind) {
      throw new IllegalArgumentException(
          "a limit of kind "
              + kind
              + " must have a name of that kind, such as \""
              + kind.of("mail")
              + "\", was \""
              + name
              + "\"");
    }
  }

  private static void check(String name, int starts, Duration per) {
    if (starts < 1) {
      throw new IllegalArgumentException(
          "starts of limit \"" + name + "\" must be at least 1, was " + starts);
    }
    if (per.dividedBy(starts).compareTo(Duration.ofNanos(1_000)) < 0) {
      throw new IllegalArgumentException(
          "time of limit \"" + name + "\" must be a microsecond a start at least, was " + per);
    }
  }
}
