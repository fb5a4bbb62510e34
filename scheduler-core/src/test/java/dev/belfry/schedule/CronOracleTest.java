// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.schedule.oracle.Expressions;
import dev.belfry.schedule.oracle.Span;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Compares expressions with a walk through every minute, which was written from the rules alone.
 *
 * <p>As it stands each zone is met at a few of its changes, by one seed that stays and one that is
 * new each time. {@code -Dbelfry.oracle=whole} takes all changes from 1990 to 2040, {@code
 * -Dbelfry.oracle.questions=10000000} goes on until so many questions are asked, and {@code
 * -Dbelfry.oracle.seed=...} replaces the new seed by the one that a failure named.
 */
class CronOracleTest {
  private static final Instant FROM = Instant.parse("1990-01-01T00:00:00Z");
  private static final Instant TO = Instant.parse("2040-01-01T00:00:00Z");
  private static final int DAYS = 3;

  private static final long SEED = 42;
  private static final long NEW_SEED =
      Long.getLong("belfry.oracle.seed", new SplittableRandom().nextLong());
  private static final long QUESTIONS = Long.getLong("belfry.oracle.questions", 0);

  private static final List<ZoneId> ZONES =
      ZoneId.getAvailableZoneIds().stream().sorted().map(ZoneId::of).toList();

  private static final Set<ZoneId> zones = new HashSet<>();
  private static Instant begin = Instant.EPOCH;
  private static long questions;
  private static long changes;
  private static long differences;

  private final Comparison comparison = new Comparison();

  @BeforeAll
  static void begin() {
    begin = Instant.now();
  }

  @AfterEach
  void count() {
    questions += comparison.questions();
    differences += comparison.differences().size();
  }

  @AfterAll
  static void summary() {
    System.out.printf(
        "CronOracleTest: %,d questions, %d zones, %,d transitions, %d differences,"
            + " seeds %d and %d, %d s%n",
        questions,
        zones.size(),
        changes,
        differences,
        SEED,
        NEW_SEED,
        Duration.between(begin, Instant.now()).toSeconds());
  }

  /** Asks about a few expressions of each dialect that have to do with a time in the span. */
  private void ask(Span span, int expressions, long seed, SplittableRandom random) {
    zones.add(span.zone());
    changes += span.changes().length;
    var generator = new Expressions(random);
    for (int i = 0; i < expressions && !comparison.enough(); i++) {
      for (CronDialect dialect : CronDialect.values()) {
        String text = generator.next(dialect, near(span, random));
        comparison.ask(text, dialect, span, seed, random);
      }
    }
  }

  /** Returns a reading that a change leaves out or repeats, if there is one, or any other. */
  private static LocalDateTime near(Span span, SplittableRandom random) {
    long[] found = span.changes();
    if (found.length == 0) {
      return span.at(random.nextLong(span.start(), span.end()), 0).toLocalDateTime();
    }
    long change = found[random.nextInt(found.length)];
    return span.at(change - 1, 0).toLocalDateTime().plusMinutes(random.nextInt(-60, 90));
  }

  private static List<Instant> changes(ZoneId zone) {
    List<Instant> found = new ArrayList<>();
    ZoneOffsetTransition change = zone.getRules().nextTransition(FROM);
    while (change != null && change.getInstant().isBefore(TO)) {
      found.add(change.getInstant());
      change = zone.getRules().nextTransition(change.getInstant());
    }
    return found;
  }

  private static Instant anyTime(SplittableRandom random) {
    return Instant.ofEpochSecond(random.nextLong(FROM.getEpochSecond(), TO.getEpochSecond()));
  }

  @ParameterizedTest
  @CsvSource({
    "America/New_York,     2026-03-08",
    "America/New_York,     2026-11-01",
    "Europe/Berlin,        2026-03-29",
    "Europe/Berlin,        2026-10-25",
    "Australia/Lord_Howe,  2025-10-05",
    "Australia/Lord_Howe,  2025-04-06",
    "America/Sao_Paulo,    2018-11-04",
    "America/Sao_Paulo,    2018-02-18",
    "Africa/Casablanca,    2023-03-19",
    "Europe/Dublin,        2025-10-26",
    "Asia/Tehran,          2022-03-22",
    "Antarctica/Troll,     2025-03-30",
    "Antarctica/Troll,     2025-10-26",
    "Pacific/Apia,         2011-12-30",
    "America/Scoresbysund, 2025-03-29",
    "Africa/Cairo,         2024-11-01",
    "Asia/Almaty,          2024-03-01",
    "Pacific/Kwajalein,    1993-08-21",
    "Asia/Pyongyang,       2018-05-04",
    "America/Caracas,      2007-12-09",
    "Pacific/Chatham,      2024-09-29",
    "America/Havana,       2025-03-09",
    "Africa/Juba,          2021-02-01",
    "Africa/Khartoum,      2000-01-15",
    "Antarctica/Casey,     2010-03-05",
    "Antarctica/Casey,     2020-10-04",
    "Asia/Kathmandu,       1986-01-01",
    "Pacific/Norfolk,      2015-10-04",
    "America/Juneau,       1983-10-30",
    "Asia/Dhaka,           2010-01-01",
    "Africa/Sao_Tome,      2018-01-01",
    "Africa/Sao_Tome,      2019-01-01",
    "UTC,                  2026-03-01",
  })
  void runs_areThoseOfTheWalkAroundHardChanges(ZoneId zone, LocalDate date) {
    var random = new SplittableRandom(SEED);
    Span span = Span.around(zone, date.atStartOfDay(zone).toInstant(), DAYS);

    ask(span, 40, SEED, random);

    assertThat(comparison.differences()).isEmpty();
  }

  @Test
  void runs_areThoseOfTheWalkInEveryZone() {
    for (long seed : new long[] {SEED, NEW_SEED}) {
      var random = new SplittableRandom(seed);
      do {
        for (ZoneId zone : ZONES) {
          List<Instant> changes = changes(zone);
          changes.add(anyTime(random));
          Instant time = changes.get(random.nextInt(changes.size()));
          ask(Span.around(zone, time, DAYS), 2, seed, random);
        }
      } while (comparison.questions() < QUESTIONS && seed == NEW_SEED);
    }

    assertThat(comparison.differences()).isEmpty();
  }

  @Test
  void runs_areThoseOfTheWalkOverYears() {
    for (long seed : new long[] {SEED, NEW_SEED}) {
      var random = new SplittableRandom(seed);
      for (int i = 0; i < 4; i++) {
        ZoneId zone = ZONES.get(random.nextInt(ZONES.size()));
        ask(Span.around(zone, anyTime(random), 400), 3, seed, random);
      }
    }

    assertThat(comparison.differences()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void dates_areThoseOfTheCalendar(CronDialect dialect) {
    for (long seed : new long[] {SEED, NEW_SEED}) {
      var random = new SplittableRandom(seed);
      var generator = new Expressions(random);
      for (int i = 0; i < 60 && !comparison.enough(); i++) {
        LocalDateTime near = LocalDateTime.ofInstant(anyTime(random), ZoneOffset.UTC);
        LocalDate from = near.toLocalDate().minusYears(random.nextInt(14));
        String text = generator.midnight(dialect, near);
        comparison.askDates(text, dialect, from, from.plusYears(28), seed);
      }
    }

    assertThat(comparison.differences()).isEmpty();
  }

  /** 28 years have each month with each first weekday. */
  @Test
  void dates_areThoseOfTheCalendarForEachDayThatCanBeSaid() {
    LocalDate from = LocalDate.of(2001, 1, 1);
    for (int n = 0; n <= 31; n++) {
      List<String> days =
          n == 0
              ? List.of("L", "L-0", "LW", "L-0W")
              : List.of("" + n, n + "W", "L-" + n % 31, "L-" + n % 31 + "W", n + "/7");
      for (String day : days) {
        String text = "0 0 0 " + day + " * ?";
        comparison.askDates(text, CronDialect.QUARTZ, from, from.plusYears(28), SEED);
      }
    }
    for (String day : List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT", "0", "1", "7")) {
      for (String which : List.of("", "L", "#1", "#2", "#3", "#4", "#5", "/2")) {
        String text = "0 0 0 * * " + day + which;
        comparison.askDates(text, CronDialect.SPRING, from, from.plusYears(28), SEED);
      }
    }

    assertThat(comparison.differences()).isEmpty();
  }

  @Test
  @EnabledIfSystemProperty(
      named = "belfry.oracle",
      matches = "whole",
      disabledReason = "takes a minute, and is asked for by -Dbelfry.oracle=whole")
  void runs_areThoseOfTheWalkAtEveryChange() {
    var random = new SplittableRandom(NEW_SEED);
    for (ZoneId zone : ZONES) {
      for (Instant change : changes(zone)) {
        ask(Span.around(zone, change, DAYS), 1, NEW_SEED, random);
      }
      ask(Span.around(zone, anyTime(random), DAYS), 1, NEW_SEED, random);
    }

    assertThat(comparison.differences()).isEmpty();
  }
}
