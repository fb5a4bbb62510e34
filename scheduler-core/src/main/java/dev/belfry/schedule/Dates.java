// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The dates on which a schedule may have ticks.
 *
 * @param weeks every how many weeks; 1 for each
 * @param anchor a date in one of those weeks, which start on Monday
 * @param exclusions what is left out of them
 */
record Dates(int weeks, LocalDate anchor, List<Exclusion> exclusions) {
  static final Dates ALL = new Dates(1, LocalDate.EPOCH, List.of());

  /** Each is asked about each date. */
  private static final int MOST_EXCLUSIONS = 100;

  /** Weeks are told by their Monday, so that any day of a week stands for it. */
  Dates {
    if (weeks < 1 || weeks > 520) {
      throw new IllegalArgumentException("weeks must be from 1 to 520, was " + weeks);
    }
    anchor = weeks == 1 ? LocalDate.EPOCH : anchor.minusDays(anchor.getDayOfWeek().getValue() - 1L);
  }

  Dates every(int newWeeks, LocalDate newAnchor) {
    return new Dates(newWeeks, newAnchor, exclusions);
  }

  Dates except(Exclusion exclusion) {
    if (exclusions.size() == MOST_EXCLUSIONS) {
      throw new IllegalArgumentException(
          "a schedule may have at most 100 exclusions; one of them may list 1000 dates");
    }
    return new Dates(
        weeks, anchor, Stream.concat(exclusions.stream(), Stream.of(exclusion)).toList());
  }

  boolean isAll() {
    return weeks == 1 && exclusions.isEmpty();
  }

  boolean has(LocalDate date) {
    long week = Math.floorDiv(date.toEpochDay() - anchor.toEpochDay(), 7L);
    return Math.floorMod(week, weeks) == 0
        && exclusions.stream().noneMatch(exclusion -> exclusion.excludes(date));
  }

  /** Returns some days without those that are left out. */
  LocalDays of(LocalDays days) {
    return isAll() ? days : new Left(days, this);
  }

  /** As parts of a schedule's text. */
  List<String> texts() {
    List<String> texts = new ArrayList<>();
    if (weeks > 1) {
      texts.add("every " + weeks + " weeks from " + anchor);
    }
    exclusions.forEach(exclusion -> texts.add("except " + exclusion));
    return texts;
  }

  /** In English, after the words of the schedule. */
  String describe() {
    String every = weeks == 1 ? "" : ", every " + weeks + " weeks from " + anchor;
    Function<Exclusion, String> words =
        exclusion ->
            exclusion instanceof Exclusions.Given given && given.dates().size() > 3
                ? given.dates().size() + " dates"
                : exclusion.toString().replaceFirst("^named ", "");
    return every
        + exclusions.stream().map(words).map(", except "::concat).collect(Collectors.joining());
  }

  /** What is left of some days. */
  private record Left(LocalDays days, Dates dates) implements LocalDays {
    @Override
    public int ofMonth(int year, int month, long firstDay) {
      int left = 0;
      for (int rest = days.ofMonth(year, month, firstDay); rest != 0; rest &= rest - 1) {
        int day = Integer.numberOfTrailingZeros(rest);
        if (dates.has(LocalDate.ofEpochDay(firstDay + day - 1))) {
          left |= 1 << day;
        }
      }
      return left;
    }

    @Override
    public int months() {
      return days.months();
    }

    @Override
    public CronYears years() {
      return days.years();
    }

    @Override
    public boolean isNever() {
      return days.isNever();
    }
  }
}
