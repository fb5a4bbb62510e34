// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.cron;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.zone.ZoneOffsetTransition;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** A moment at which a zone's clock was put forward or back. */
record ClockChange(ZoneId zone, ZoneOffsetTransition change) {
  /** Days to walk on either side: enough for what was shown before, and for a daily run after. */
  private static final int DAYS = 3;

  /**
   * Finds a change.
   *
   * @param date on which it takes place, in UTC
   * @throws IllegalArgumentException if there is none, as with very old rules of time zones
   */
  static ClockChange on(String date, String zone) {
    ZoneId id = ZoneId.of(zone);
    Instant start = Instant.parse(date + "T00:00:00Z");
    ZoneOffsetTransition next = id.getRules().nextTransition(start.minusSeconds(1));
    if (next == null || !next.getInstant().isBefore(start.plus(Duration.ofDays(1)))) {
      throw new IllegalArgumentException("no change of the clock in " + zone + " on " + date);
    }
    return new ClockChange(id, next);
  }

  Instant instant() {
    return change.getInstant();
  }

  boolean isGap() {
    return change.isGap();
  }

  /** Says what the clock did, such as {@code 2025-03-09 02:00 to 03:00}. */
  String words() {
    DateTimeFormatter minutes = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm");
    String before = minutes.format(change.getDateTimeBefore());
    String after = minutes.format(change.getDateTimeAfter());
    boolean sameDay = before.regionMatches(0, after, 0, 10);
    return before + " to " + (sameDay ? after.substring(11) : after);
  }

  /** Returns the agreed runs as if a library had answered. */
  Library.Cron agreed(String minuteAndHour) {
    NavigableSet<Instant> runs = runs(minuteAndHour, false);
    return (after, ignored) -> Optional.ofNullable(runs.higher(after));
  }

  /** Returns the middle of what was left out, or of what was shown twice. */
  LocalDateTime middle() {
    LocalDateTime start = isGap() ? change.getDateTimeBefore() : change.getDateTimeAfter();
    return start.plusMinutes(change.getDuration().abs().toMinutes() / 2);
  }

  /**
   * Returns the agreed runs around the change, found by a walk through every minute and without any
   * of the libraries. Let H be the latest reading of the clock so far. A fixed time runs when the
   * clock first reaches a matching reading or leaps over one; an expression with a {@code *},
   * {@code -} or {@code /} runs whenever the clock shows a matching reading.
   *
   * @param minuteAndHour the first two fields in the dialect of UNIX; the others are {@code *}
   * @param skip whether a reading that the clock leaps over is left out
   */
  NavigableSet<Instant> runs(String minuteAndHour, boolean skip) {
    String[] fields = minuteAndHour.split(" ", -1);
    Set<Integer> minutes = values(fields[0], 59);
    Set<Integer> hours = values(fields[1], 23);
    boolean follows = minuteAndHour.matches(".*[-*/].*");
    NavigableSet<Instant> runs = new TreeSet<>();
    Instant end = instant().plus(Duration.ofDays(DAYS));
    long shown = Long.MIN_VALUE;
    for (Instant now = instant().minus(Duration.ofDays(DAYS));
        now.isBefore(end);
        now = now.plusSeconds(60)) {
      long reading = LocalDateTime.ofInstant(now, zone).toEpochSecond(ZoneOffset.UTC) / 60;
      long from = follows || skip || shown == Long.MIN_VALUE ? reading : shown + 1;
      boolean again = !follows && reading <= shown;
      for (long each = from; each <= reading && !again; each++) {
        int ofDay = Math.floorMod(each, 1_440);
        if (minutes.contains(ofDay % 60) && hours.contains(ofDay / 60)) {
          runs.add(now);
        }
      }
      shown = Math.max(shown, reading);
    }
    return runs;
  }

  private static Set<Integer> values(String field, int max) {
    Set<Integer> values = new TreeSet<>();
    for (String item : field.split(",", -1)) {
      String[] steps = item.split("/", -1);
      String[] ends = steps[0].split("-", -1);
      int first = steps[0].equals("*") ? 0 : Integer.parseInt(ends[0]);
      int last = steps[0].equals("*") ? max : Integer.parseInt(ends[ends.length - 1]);
      int step = steps.length == 1 ? 1 : Integer.parseInt(steps[1]);
      IntStream.rangeClosed(first, last).filter(v -> (v - first) % step == 0).forEach(values::add);
    }
    return values;
  }
}
