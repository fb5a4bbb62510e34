// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares expressions with a walk through every minute, written without looking at the other. */
class CronOracleTest {
  private static final String HARD_ZONES =
      """
      America/New_York,     2026-03-08
      America/New_York,     2026-11-01
      Europe/Berlin,        2026-03-29
      Europe/Berlin,        2026-10-25
      Australia/Lord_Howe,  2025-10-05
      Australia/Lord_Howe,  2025-04-06
      America/Sao_Paulo,    2018-11-04
      America/Sao_Paulo,    2018-02-18
      Africa/Casablanca,    2023-03-19
      Europe/Dublin,        2025-10-26
      Asia/Tehran,          2022-03-22
      Antarctica/Troll,     2025-03-30
      Antarctica/Troll,     2025-10-26
      Pacific/Apia,         2011-12-30
      America/Scoresbysund, 2025-03-29
      Africa/Cairo,         2024-11-01
      Asia/Almaty,          2024-03-01
      Pacific/Kwajalein,    1993-08-21
      Asia/Pyongyang,       2018-05-04
      America/Caracas,      2007-12-09
      Pacific/Chatham,      2024-09-29
      America/Havana,       2025-03-09
      Africa/Juba,          2021-02-01
      Africa/Khartoum,      2000-01-15
      Antarctica/Casey,     2010-03-05
      Antarctica/Casey,     2020-10-04
      Asia/Kathmandu,       1986-01-01
      Pacific/Norfolk,      2015-10-04
      America/Juneau,       1983-10-30
      UTC,                  2026-03-01
      """;

  /** A stretch of minutes in a zone, and what its clock shows in each. */
  private static final class Window {
    private final ZoneId zone;
    private final long start;
    private final long[] readings;

    Window(ZoneId zone, Instant start, int minutes) {
      this.zone = zone;
      this.start = start.getEpochSecond();
      this.readings = new long[minutes];
      for (int i = 0; i < minutes; i++) {
        LocalDateTime reading = LocalDateTime.ofInstant(start.plusSeconds(60L * i), zone);
        readings[i] = reading.toEpochSecond(ZoneOffset.UTC) / 60;
      }
    }

    /** Returns a time that is more often than not within three hours of a change of the clock. */
    long ask(Random random) {
      int i = 1;
      while (i < readings.length - 1 && readings[i] == readings[i - 1] + 1) {
        i++;
      }
      long change = start + 60L * i;
      long near = change + random.nextInt(6 * 3_600) - 3 * 3_600;
      long far = start + 2 * 86_400 + random.nextInt(60 * readings.length - 3 * 86_400);
      return i == readings.length - 1 || random.nextInt(3) == 0 ? far : near;
    }

    ZonedDateTime at(long epochSecond) {
      return Instant.ofEpochSecond(epochSecond).atZone(zone);
    }
  }

  /** An expression as plain sets, split by the text. */
  private static final class Plain {
    private final List<TreeSet<Integer>> sets = new ArrayList<>();
    private final boolean both;
    private final boolean follows;

    Plain(String text) {
      String[] fields = text.split(" ", -1);
      int[] min = {0, 0, 1, 1, 0};
      int[] max = {59, 23, 31, 12, 7};
      for (int i = 0; i < 5; i++) {
        TreeSet<Integer> set = new TreeSet<>();
        for (String item : fields[i].split(",", -1)) {
          String[] range = item.split("/", -1);
          String[] ends = range[0].split("-", -1);
          int from = range[0].equals("*") ? min[i] : Integer.parseInt(ends[0]);
          int to = range[0].equals("*") ? max[i] : Integer.parseInt(ends[ends.length - 1]);
          for (int v = from; v <= to; v += range.length > 1 ? Integer.parseInt(range[1]) : 1) {
            set.add(i == 4 ? v % 7 : v);
          }
        }
        sets.add(set);
      }
      both = fields[2].startsWith("*") || fields[4].startsWith("*");
      follows = (fields[0] + fields[1]).matches(".*[-*/].*");
    }

    boolean matches(long minute) {
      LocalDateTime time = LocalDateTime.ofEpochSecond(minute * 60, 0, ZoneOffset.UTC);
      if (!sets.get(0).contains(time.getMinute()) || !sets.get(1).contains(time.getHour())) {
        return false;
      }
      boolean day = sets.get(2).contains(time.getDayOfMonth());
      boolean weekday = sets.get(4).contains(time.getDayOfWeek().getValue() % 7);
      return sets.get(3).contains(time.getMonthValue()) && (both ? day && weekday : day || weekday);
    }

    /** Runs in the window but for its first two days, which only say what was shown before. */
    NavigableSet<Long> runs(Window window, DstPolicy dst) {
      TreeSet<Long> runs = new TreeSet<>();
      long shown = window.readings[0];
      for (int i = 1; i < window.readings.length; i++) {
        long reading = window.readings[i];
        boolean run = false;
        if (follows || dst == DstPolicy.SKIP) {
          run = (follows || reading > shown) && matches(reading);
        } else {
          for (long skipped = shown + 1; skipped <= reading && !run; skipped++) {
            run = matches(skipped);
          }
        }
        if (run && i >= 2 * 1_440) {
          runs.add(window.start + 60L * i);
        }
        shown = Math.max(shown, reading);
      }
      return runs;
    }
  }

  private static String expression(Random random, int month) {
    String[] minutes = {"0", "30", "15", "*/15", "0,30", "5-50/7", "*", "1", "59", "20-40", "45,3"};
    String[] hours = {"*", "2", "1", "0", "23", "*/2", "1-3", "0,12", "2,3", "22-23", "12", "*/5"};
    String[] days = {"*", "*", "*", "1", "*/2", "1,15,31", "8", "25-31", "29", "1-7"};
    String[] months = {"*", "*", "*", Integer.toString(month), "*/3", "1-6"};
    String[] weekdays = {"*", "*", "*", "0", "7", "1-5", "*/2", "5-7", "6,0"};
    return String.join(
        " ",
        pick(random, minutes),
        pick(random, hours),
        pick(random, days),
        pick(random, months),
        pick(random, weekdays));
  }

  private static String pick(Random random, String[] values) {
    return values[random.nextInt(values.length)];
  }

  @ParameterizedTest
  @CsvSource(textBlock = HARD_ZONES)
  void runs_areThoseOfAWalkThroughEveryMinute(ZoneId zone, LocalDate date) {
    var window = new Window(zone, date.minusDays(5).atStartOfDay(zone).toInstant(), 11 * 1_440);
    long from = window.start + 2 * 86_400 - 1;
    long to = window.start + 60L * window.readings.length - 1;
    var random = new Random(42);

    for (int i = 0; i < 80; i++) {
      String text = expression(random, date.getMonthValue());
      CronExpression cron = CronExpression.parse(text);
      DstPolicy dst = i % 4 == 0 ? DstPolicy.SKIP : DstPolicy.RUN_ONCE;
      LocalTicks ticks = cron.ticks();
      ZoneClock clock = ZoneClock.of(zone);
      NavigableSet<Long> expected = new Plain(text).runs(window, dst);

      assertThat(forward(ticks, clock, dst, from, to)).as(text + " next").isEqualTo(expected);
      assertThat(backward(ticks, clock, dst, from, to)).as(text + " previous").isEqualTo(expected);
      assertThat(DstRule.count(ticks, clock, dst, from, to))
          .as(text + " count")
          .isEqualTo(expected.size());
      for (int j = 0; j < 40; j++) {
        long ask = window.ask(random);
        Long next = expected.higher(ask);
        long found = DstRule.after(ticks, clock, dst, ask);
        assertThat(found <= to ? (Long) found : null).as(text + " after " + ask).isEqualTo(next);
        assertThat(DstRule.count(ticks, clock, dst, ask, to))
            .isEqualTo(expected.tailSet(ask, false).size());
        if (dst == DstPolicy.RUN_ONCE) {
          assertThat(cron.matches(window.at(ask))).isEqualTo(expected.contains(ask));
        }
      }
    }
  }

  private static NavigableSet<Long> forward(
      LocalTicks t, ZoneClock clock, DstPolicy dst, long from, long to) {
    TreeSet<Long> runs = new TreeSet<>();
    for (long run = DstRule.after(t, clock, dst, from);
        run <= to;
        run = DstRule.after(t, clock, dst, run)) {
      assertThat(runs.add(run)).as("always later").isTrue();
    }
    return runs;
  }

  private static NavigableSet<Long> backward(
      LocalTicks t, ZoneClock clock, DstPolicy dst, long from, long to) {
    TreeSet<Long> runs = new TreeSet<>();
    long run = DstRule.upTo(t, clock, dst, to);
    while (run != LocalTicks.NONE && run > from) {
      assertThat(runs.add(run)).as("always earlier").isTrue();
      run = DstRule.upTo(t, clock, dst, run - 1);
    }
    return runs;
  }

  @Test
  void dailyTime_runsOnceForEachDateInEveryZone() {
    long from = Instant.parse("1990-06-01T00:00:00Z").getEpochSecond();
    long to = Instant.parse("2040-06-01T00:00:00Z").getEpochSecond();
    CronExpression cron = CronExpression.parse("30 12 * * *");

    for (String id : ZoneId.getAvailableZoneIds()) {
      ZoneId zone = ZoneId.of(id);
      long first = cron.nextEpochSecond(from, zone);
      long last = cron.nextEpochSecond(to, zone);
      long dates = date(last, zone) - date(first, zone);

      assertThat(DstRule.count(cron.ticks(), ZoneClock.of(zone), DstPolicy.RUN_ONCE, first, last))
          .as(id)
          .isEqualTo(dates);
    }
  }

  private static long date(long epochSecond, ZoneId zone) {
    return Instant.ofEpochSecond(epochSecond).atZone(zone).toLocalDate().toEpochDay();
  }

  @Test
  void next_isAlwaysLaterAndPreviousLeadsBack() {
    var random = new SplittableRandom(7);
    List<String> zones = ZoneId.getAvailableZoneIds().stream().sorted().toList();

    for (int i = 0; i < 20_000; i++) {
      CronExpression cron = CronExpression.parse(expression(new Random(i), 1 + i % 12));
      ZoneId zone = ZoneId.of(zones.get(random.nextInt(zones.size())));
      ZonedDateTime ask =
          Instant.ofEpochSecond(random.nextLong(600_000_000L, 2_200_000_000L), random.nextInt(2))
              .atZone(zone);
      var next = cron.next(ask);
      if (next.isPresent()) {
        ZonedDateTime run = next.get();
        assertThat(run.toInstant()).isAfter(ask.toInstant());
        assertThat(cron.matches(run)).as(cron + " at " + run).isTrue();
        assertThat(cron.previous(run).orElseThrow().toInstant()).isBeforeOrEqualTo(ask.toInstant());
        assertThat(cron.previous(run.plusNanos(1))).contains(run);
      }
      assertThat(CronExpression.parse(cron.toString())).isEqualTo(cron);
      assertThat(CronExpression.parse(cron.toString())).hasToString(cron.toString());
    }
  }
}
