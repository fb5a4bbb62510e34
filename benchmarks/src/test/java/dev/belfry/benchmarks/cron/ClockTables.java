// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.cron;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/** What the libraries do while the clock is put forward or back. */
final class ClockTables {
  private static final ClockChange SPRING_2025 = ClockChange.on("2025-03-09", "America/New_York");
  private static final ClockChange AUTUMN_2025 = ClockChange.on("2025-11-02", "America/New_York");

  /** Changes of past years, so that no new rule of a time zone alters them. */
  private static final List<ClockChange> CHANGES =
      """
      2025-03-09 America/New_York
      2025-11-02 America/New_York
      2025-03-30 Europe/Berlin
      2025-10-26 Europe/Berlin
      2025-03-30 Europe/Dublin
      2025-10-26 Europe/Dublin
      2025-10-04 Australia/Lord_Howe
      2025-04-05 Australia/Lord_Howe
      2024-09-28 Pacific/Chatham
      2025-04-05 Pacific/Chatham
      2025-03-30 Antarctica/Troll
      2025-10-26 Antarctica/Troll
      2018-11-04 America/Sao_Paulo
      2018-02-18 America/Sao_Paulo
      2025-03-09 America/Havana
      2024-09-08 America/Santiago
      2025-03-29 Asia/Beirut
      2025-03-30 Atlantic/Azores
      2021-03-25 Asia/Amman
      2024-03-24 America/Asuncion
      2022-03-21 Asia/Tehran
      2022-09-21 Asia/Tehran
      2025-04-24 Africa/Cairo
      2024-10-31 Africa/Cairo
      2022-03-26 Asia/Gaza
      2023-03-19 Africa/Casablanca
      2023-04-23 Africa/Casablanca
      2025-03-30 America/Scoresbysund
      2024-10-27 America/Scoresbysund
      2024-02-29 Asia/Almaty
      2011-12-30 Pacific/Apia
      2021-04-03 Pacific/Apia
      1993-08-21 Pacific/Kwajalein
      2015-08-14 Asia/Pyongyang
      2018-05-04 Asia/Pyongyang
      2007-12-09 America/Caracas
      2016-05-01 America/Caracas
      2021-01-31 Africa/Juba
      2017-10-31 Africa/Khartoum
      2000-01-15 Africa/Khartoum
      2018-01-01 Africa/Sao_Tome
      2019-01-01 Africa/Sao_Tome
      2010-03-04 Antarctica/Casey
      2020-10-03 Antarctica/Casey
      2014-10-25 Asia/Chita
      2014-03-30 Europe/Simferopol
      2015-10-03 Pacific/Norfolk
      1985-12-31 Asia/Kathmandu
      """
          .lines()
          .map(line -> line.split(" ", -1))
          .map(words -> ClockChange.on(words[0], words[1]))
          .toList();

  private static final Duration AROUND = Duration.ofHours(12);
  private static final Duration BETWEEN_QUESTIONS = Duration.ofMinutes(15);
  private static final int MOST_RUNS = 20;

  /** Without {@code SKIP}, whose answers are Belfry's but for the gaps. */
  private static final List<Library> ASKED_IN_ALL_ZONES =
      Library.all().stream().filter(library -> library != Library.BELFRY_SKIP).toList();

  /** A question of the table for New York. */
  private record Question(String label, ClockChange change, String minuteAndHour) {
    String answers(Library library) {
      Instant from = change.instant().minus(Duration.ofMinutes(65));
      Instant to = change.instant().plus(Duration.ofMinutes(125));
      return words(library.everyDay(minuteAndHour), from, to, change.zone(), "HH:mmx");
    }
  }

  private static final List<Question> NEW_YORK =
      List.of(
          new Question("`30 2`, left out", SPRING_2025, "30 2"),
          new Question("`*/20 2`, left out", SPRING_2025, "*/20 2"),
          new Question("`5 *`, over the gap", SPRING_2025, "5 *"),
          new Question("`30 1`, shown twice", AUTUMN_2025, "30 1"),
          new Question("`*/30 *`, shown twice", AUTUMN_2025, "*/30 *"),
          new Question("`30 1-3`, shown twice", AUTUMN_2025, "30 1-3"));

  private final Map<Library, Score> scores = new EnumMap<>(Library.class);

  ClockTables() {
    for (Library library : Library.all()) {
      scores.put(library, new Score());
    }
    for (ClockChange change : CHANGES) {
      for (String minuteAndHour : cases(change)) {
        Set<Instant> questions = questions(change);
        NavigableSet<Instant> once = change.runs(minuteAndHour, false);
        NavigableSet<Instant> skip = change.runs(minuteAndHour, true);
        for (Library library : Library.all()) {
          Library.Cron cron = library.everyDay(minuteAndHour);
          Score score = scores.get(library);
          score.count(minuteAndHour, change.zone(), cron, questions, once, skip);
        }
      }
    }
  }

  String counts() {
    return "Clock changes: %d. ".formatted(CHANGES.size()) + scores.get(Library.BELFRY).counts();
  }

  /** What is asked around each change: minute and hour of expressions for every day. */
  private static List<String> cases(ClockChange change) {
    LocalDateTime middle = change.middle();
    int hour = middle.getHour();
    return List.of(
        minuteAndHour(middle),
        "0 0",
        "*/20 " + hour,
        "*/30 *",
        "5 *",
        "0 */2",
        middle.getMinute() + " " + Math.max(hour - 1, 0) + "-" + Math.min(hour + 1, 23));
  }

  private static String minuteAndHour(LocalDateTime time) {
    return time.getMinute() + " " + time.getHour();
  }

  private static Set<Instant> questions(ClockChange change) {
    Set<Instant> questions = new TreeSet<>();
    Instant last = change.instant().plus(AROUND);
    for (Instant question = change.instant().minus(AROUND);
        !question.isAfter(last);
        question = question.plus(BETWEEN_QUESTIONS)) {
      questions.add(question);
    }
    return questions;
  }

  String newYork() {
    Markdown table = new Markdown("minute and hour", labels(Library.all()));
    for (Question question : NEW_YORK) {
      table.row(question.label(), Library.all().stream().map(question::answers).toList());
    }
    return table.toString();
  }

  /** Returns the questions about New York that a library answers otherwise than Belfry. */
  List<String> differences(Library library) {
    return NEW_YORK.stream()
        .filter(question -> !question.answers(library).equals(question.answers(Library.BELFRY)))
        .map(
            question ->
                "%s: %s; Belfry: %s"
                    .formatted(
                        question.label(),
                        question.answers(library),
                        question.answers(Library.BELFRY)))
        .toList();
  }

  String zones() {
    List<String> columns = new ArrayList<>(List.of("the clock", "daily at", "agreed"));
    columns.addAll(labels(ASKED_IN_ALL_ZONES));
    Markdown table = new Markdown("zone", columns);
    for (ClockChange change : CHANGES) {
      LocalDateTime middle = change.middle();
      String minuteAndHour = minuteAndHour(middle);
      String agreed = words(change.agreed(minuteAndHour), change);
      List<String> cells = new ArrayList<>();
      cells.add(change.words());
      cells.add(DateTimeFormatter.ofPattern("HH:mm").format(middle));
      cells.add(agreed);
      for (Library library : ASKED_IN_ALL_ZONES) {
        String answer = words(library.everyDay(minuteAndHour), change);
        cells.add(answer.equals(agreed) ? "=" : answer);
      }
      table.row(change.zone().getId(), cells);
    }
    return table.toString();
  }

  String scores() {
    Markdown table =
        new Markdown(
            "library",
            List.of(
                "cases alike",
                "answers alike",
                "cases alike, skipping",
                "answers alike, skipping",
                "answers not later than the question"));
    scores.forEach((library, score) -> table.row(library.label(), score.cells()));
    return table.toString();
  }

  private static List<String> labels(List<Library> libraries) {
    return libraries.stream().map(Library::label).toList();
  }

  private static String words(Library.Cron cron, ClockChange change) {
    Instant from = change.instant().minus(AROUND);
    return words(cron, from, change.instant().plus(AROUND), change.zone(), "EEE HH:mmx");
  }

  private static String words(
      Library.Cron cron, Instant from, Instant to, ZoneId zone, String pattern) {
    List<String> answers = Answers.within(cron, from, to, MOST_RUNS, zone, pattern);
    return answers.isEmpty() ? "none" : String.join(", ", answers);
  }
}
