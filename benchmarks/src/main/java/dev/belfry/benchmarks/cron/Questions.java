// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.cron;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Times of 2026, in no order, in the form that each library wants. All are asked the same times, so
 * many that no branch of the code under test is always the same.
 */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // set by prepare()
public class Questions {
  private static final int COUNT = 1_024;

  /** One zone whose clock is never changed, and two whose clock is. */
  @Param({"UTC", "America/New_York", "Europe/Berlin"})
  public String zone;

  private ZoneId id;
  private long[] seconds;
  private Instant[] instants;
  private ZonedDateTime[] times;
  private Date[] dates;
  private int last;

  @Setup
  public void prepare() {
    id = ZoneId.of(zone);
    long start = Instant.parse("2026-01-01T00:00:00Z").getEpochSecond();
    long end = Instant.parse("2027-01-01T00:00:00Z").getEpochSecond();
    seconds = new SplittableRandom(2026).longs(COUNT, start, end).toArray();
    instants = LongStream.of(seconds).mapToObj(Instant::ofEpochSecond).toArray(Instant[]::new);
    times = LongStream.of(seconds).mapToObj(this::time).toArray(ZonedDateTime[]::new);
    dates = Stream.of(instants).map(Date::from).toArray(Date[]::new);
  }

  private ZonedDateTime time(long second) {
    return Instant.ofEpochSecond(second).atZone(id);
  }

  ZoneId zone() {
    return id;
  }

  long second() {
    return seconds[turn()];
  }

  Instant instant() {
    return instants[turn()];
  }

  ZonedDateTime time() {
    return times[turn()];
  }

  Date date() {
    return dates[turn()];
  }

  private int turn() {
    last = (last + 1) & (COUNT - 1);
    return last;
  }
}
