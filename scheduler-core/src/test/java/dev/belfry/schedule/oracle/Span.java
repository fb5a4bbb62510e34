// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule.oracle;

import dev.belfry.schedule.DstPolicy;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** A stretch of a zone's time, and what the clock of the zone shows in each minute of it. */
public final class Span {
  /*
   * Whole minutes are enough as long as the zone is whole minutes ahead of UTC, which is checked:
   * its clock is then changed at the start of a minute of its own only. Two days before the start
   * are read too, because the rule asks for the latest reading shown so far, and no two offsets are
   * further apart.
   */
  private static final int LEAD = 2 * 1_440;

  private final ZoneId zone;
  private final long first;
  private final int[] readings;

  private Span(ZoneId zone, long first, int[] readings) {
    this.zone = zone;
    this.first = first;
    this.readings = readings;
  }

  /** Returns the span of whole minutes from one time, inclusive, to another, exclusive. */
  public static Span of(ZoneId zone, Instant from, Instant to) {
    long first = Math.floorDiv(from.getEpochSecond(), 60) - LEAD;
    int minutes = Math.toIntExact(Math.floorDiv(to.getEpochSecond(), 60) - first);
    int[] readings = new int[minutes];
    Instant change = Instant.MIN;
    int ahead = 0;
    for (int i = 0; i < minutes; i++) {
      Instant time = Instant.ofEpochSecond(60 * (first + i));
      if (!time.isBefore(change)) {
        ahead = minutesAhead(zone.getRules(), time);
        ZoneOffsetTransition next = zone.getRules().nextTransition(time);
        change = next == null ? Instant.MAX : next.getInstant();
      }
      readings[i] = Math.toIntExact(first + i + ahead);
    }
    return new Span(zone, first, readings);
  }

  private static int minutesAhead(ZoneRules rules, Instant time) {
    int seconds = rules.getOffset(time).getTotalSeconds();
    if (seconds % 60 != 0) {
      throw new IllegalArgumentException(rules + " are not whole minutes ahead at " + time);
    }
    return seconds / 60;
  }

  /** Returns the days around a time. */
  public static Span around(ZoneId zone, Instant time, int days) {
    return of(zone, time.minusSeconds(86_400L * days), time.plusSeconds(86_400L * days));
  }

  public ZoneId zone() {
    return zone;
  }

  /** The first second, as an epoch second. */
  public long start() {
    return second(LEAD);
  }

  /** The second after the last, as an epoch second. */
  public long end() {
    return second(readings.length);
  }

  /** Returns the seconds at which the clock leaps or falls back. */
  public long[] changes() {
    return IntStream.range(LEAD, readings.length)
        .filter(i -> readings[i] != readings[i - 1] + 1)
        .mapToLong(this::second)
        .toArray();
  }

  /**
   * Walks from minute to minute and returns the seconds at which the expression runs, ascending.
   *
   * <p>A fixed time runs when a reading that fits lies after the latest reading shown before, up to
   * what the clock shows now; a minute's readings lie so unless the clock fell back. An interval
   * runs when the clock shows a reading that fits.
   */
  public long[] runs(Oracle oracle, DstPolicy policy) {
    Fit fit = new Fit(oracle);
    boolean makesUp = !oracle.interval() && policy == DstPolicy.RUN_ONCE;
    LongStream.Builder runs = LongStream.builder();
    int shown = readings[0];
    for (int i = 1; i < readings.length; i++) {
      int reading = readings[i];
      if (i >= LEAD) {
        boolean madeUp = makesUp && fit.anyBetween(shown, reading);
        if (madeUp) {
          runs.add(second(i));
        }
        if (fit.minute(reading) && (oracle.interval() || reading > shown)) {
          for (int second : fit.seconds) {
            if (second > 0 || !madeUp) {
              runs.add(second(i) + second);
            }
          }
        }
      }
      shown = Math.max(shown, reading);
    }
    return runs.build().toArray();
  }

  private long second(int minute) {
    return 60 * (first + minute);
  }

  public ZonedDateTime at(long epochSecond, int nano) {
    return Instant.ofEpochSecond(epochSecond, nano).atZone(zone);
  }

  @Override
  public String toString() {
    return at(start(), 0) + " to " + at(end(), 0);
  }

  /** The dates and minutes of the span that fit an expression, each asked for once. */
  private final class Fit {
    private final int firstDay = Arrays.stream(readings).min().orElseThrow() / 1_440;
    private final boolean[] dates;
    private final boolean[] minutes;
    private final int[] seconds;

    Fit(Oracle oracle) {
      int lastDay = Arrays.stream(readings).max().orElseThrow() / 1_440;
      dates = new boolean[lastDay - firstDay + 1];
      for (int i = 0; i < dates.length; i++) {
        dates[i] = oracle.matches(LocalDate.ofEpochDay(firstDay + i));
      }
      minutes = oracle.minutes();
      seconds = oracle.seconds();
    }

    boolean minute(int reading) {
      return dates[reading / 1_440 - firstDay] && minutes[reading % 1_440];
    }

    /** Returns whether a minute after the first and before the second fits. */
    boolean anyBetween(int first, int second) {
      return second > first + 1 && IntStream.range(first + 1, second).anyMatch(this::minute);
    }
  }
}
