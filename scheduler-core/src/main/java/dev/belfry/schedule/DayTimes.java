// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import java.time.LocalTime;

/**
 * The times of a day, as one bit for each second, minute and hour. Times are counted in seconds of
 * the day.
 */
record DayTimes(long seconds, long minutes, int hours) {
  private static final int LAST_SECOND = Civil.SECONDS_PER_DAY - 1;

  /**
   * Returns one time.
   *
   * @throws IllegalArgumentException if it has fractions of a second
   */
  static DayTimes of(LocalTime time) {
    if (time.getNano() != 0) {
      throw new IllegalArgumentException("time must be a whole second, was " + time);
    }
    return new DayTimes(1L << time.getSecond(), 1L << time.getMinute(), 1 << time.getHour());
  }

  int first() {
    return from(0);
  }

  int last() {
    return upTo(LAST_SECOND);
  }

  /** Returns the first time after the given one, or -1. */
  int after(int time) {
    return time == LAST_SECOND ? -1 : from(time + 1);
  }

  /** Returns the first time from the given one on, or -1. */
  int from(int time) {
    int hour = time / 3_600;
    int minute = time / 60 - hour * 60;
    if ((hours & 1 << hour) != 0) {
      if ((minutes & 1L << minute) != 0) {
        long here = seconds & -1L << time % 60;
        if (here != 0) {
          return at(hour, minute, Long.numberOfTrailingZeros(here));
        }
      }
      long later = minutes & -2L << minute;
      if (later != 0) {
        return at(hour, lowest(later), lowest(seconds));
      }
    }
    int later = hours & -2 << hour;
    return later == 0
        ? -1
        : at(Integer.numberOfTrailingZeros(later), lowest(minutes), lowest(seconds));
  }

  /** Returns the last time up to the given one, or -1. */
  int upTo(int time) {
    int hour = time / 3_600;
    int minute = time / 60 - hour * 60;
    if ((hours & 1 << hour) != 0) {
      if ((minutes & 1L << minute) != 0) {
        long here = seconds & below(time % 60 + 1);
        if (here != 0) {
          return at(hour, minute, highest(here));
        }
      }
      long earlier = minutes & below(minute);
      if (earlier != 0) {
        return at(hour, highest(earlier), highest(seconds));
      }
    }
    int earlier = hours & (1 << hour) - 1;
    return earlier == 0
        ? -1
        : at(31 - Integer.numberOfLeadingZeros(earlier), highest(minutes), highest(seconds));
  }

  /** Returns how many times of a day there are up to the given one; -1 is before the first. */
  long count(int upTo) {
    if (upTo < 0) {
      return 0;
    }
    int hour = upTo / 3_600;
    int minute = upTo / 60 - hour * 60;
    long ofMinute = Long.bitCount(seconds);
    long count =
        (long) Integer.bitCount(hours & (1 << hour) - 1) * Long.bitCount(minutes) * ofMinute;
    if ((hours & 1 << hour) != 0) {
      count += Long.bitCount(minutes & below(minute)) * ofMinute;
      if ((minutes & 1L << minute) != 0) {
        count += Long.bitCount(seconds & below(upTo % 60 + 1));
      }
    }
    return count;
  }

  /** Returns how many times a day has. */
  long count() {
    return (long) Integer.bitCount(hours) * Long.bitCount(minutes) * Long.bitCount(seconds);
  }

  private static int at(int hour, int minute, int second) {
    return (hour * 60 + minute) * 60 + second;
  }

  private static int lowest(long bits) {
    return Long.numberOfTrailingZeros(bits);
  }

  private static int highest(long bits) {
    return 63 - Long.numberOfLeadingZeros(bits);
  }

  /** Bits 0 to {@code end}, the last one not included; at most 60. */
  private static long below(int end) {
    return (1L << end) - 1;
  }
}
