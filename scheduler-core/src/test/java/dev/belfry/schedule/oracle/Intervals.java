// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule.oracle;

import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Optional;

/**
 * The times between one run and the next on a clock that is never changed, from all dates on which
 * an expression can run: those of 400 years, after which the calendar repeats, or of all years that
 * a year field can name.
 */
public final class Intervals {
  private static final long DAY = 86_400;
  private static final LocalDate FIRST = LocalDate.of(2000, 1, 1);
  private static final LocalDate FIRST_NAMED = LocalDate.of(1970, 1, 1);
  private static final LocalDate END_OF_NAMED = LocalDate.of(2200, 1, 1);

  private final LongSummaryStatistics seconds = new LongSummaryStatistics();
  private final boolean never;

  private Intervals(Oracle oracle) {
    List<Long> times = times(oracle);
    long first = times.get(0);
    long last = times.get(times.size() - 1);

    List<Long> dates = dates(oracle);
    never = dates.isEmpty();
    if (!never) {
      between(times);
    }
    for (int i = 1; i < dates.size(); i++) {
      seconds.accept(DAY * (dates.get(i) - dates.get(i - 1)) + first - last);
    }
  }

  public static Intervals of(Oracle oracle) {
    return new Intervals(oracle);
  }

  public boolean never() {
    return never;
  }

  public Optional<Duration> shortest() {
    return seconds.getCount() == 0
        ? Optional.empty()
        : Optional.of(Duration.ofSeconds(seconds.getMin()));
  }

  public Optional<Duration> longest() {
    return seconds.getCount() == 0
        ? Optional.empty()
        : Optional.of(Duration.ofSeconds(seconds.getMax()));
  }

  private void between(List<Long> times) {
    for (int i = 1; i < times.size(); i++) {
      seconds.accept(times.get(i) - times.get(i - 1));
    }
  }

  /** Returns the seconds of a day. */
  private static List<Long> times(Oracle oracle) {
    List<Long> times = new ArrayList<>();
    boolean[] minutes = oracle.minutes();
    for (int minute = 0; minute < minutes.length; minute++) {
      if (minutes[minute]) {
        for (int second : oracle.seconds()) {
          times.add(60L * minute + second);
        }
      }
    }
    return times;
  }

  /** Returns the days of the epoch, and where they repeat the first once more. */
  private static List<Long> dates(Oracle oracle) {
    LocalDate from = oracle.everyYear() ? FIRST : FIRST_NAMED;
    LocalDate end = oracle.everyYear() ? FIRST.plusYears(400) : END_OF_NAMED;
    List<Long> dates = new ArrayList<>();
    from.datesUntil(end).filter(oracle::matches).forEach(date -> dates.add(date.toEpochDay()));
    if (oracle.everyYear() && !dates.isEmpty()) {
      dates.add(dates.get(0) + end.toEpochDay() - from.toEpochDay());
    }
    return dates;
  }
}
