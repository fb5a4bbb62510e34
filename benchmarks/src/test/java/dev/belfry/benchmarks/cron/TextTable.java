// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.cron;

import dev.belfry.schedule.CronDialect;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which texts the libraries that read a dialect read, and whether they run at the same times. */
final class TextTable {
  /** So many that each month and weekday has come, and each kind of year where runs are rare. */
  private static final int MOST_RUNS = 150;

  private static final Instant FROM = Instant.parse("2024-01-01T00:00:00Z");
  private static final Instant TO = Instant.parse("2060-01-01T00:00:00Z");

  private static final String UNIX =
      """
      */15 * * * *
      0,30 9-17 * JAN-MAR mon-fri
      08 09 * * *
      0 0 * * 0
      0 0 * * 7
      0 0 * * 5-7
      0 0 * * FRI-SUN
      0 0 * * MON-FRI/2
      0 0 * * */2
      0 0 13 * FRI
      0 0 */2 * MON
      0 0 1,15 * */2
      0 0 29 2 *
      0 0 30 2 *
      0 0 1 */1 *
      0\t0\t*\t*\t*
      @daily
      @DAILY
      @reboot
      5/10 * * * *
      0 22-2 * * *
      */60 * * * *
      0 24 * * *
      0 0 1,,2 * *
      0 0 +5 * *
      0 0 \u0665 * *
      0 0 * * MONDAYX
      H 0 * * *
      0 0 ? * MON
      0 0 L * *
      0 0 15W * *
      0 0 * * 5L
      0 0 * * FRI#2
      0 0 0 * * *
      """;

  private static final String SPRING =
      """
      */10 * * * * *
      0 0,30 9-17 * JAN-MAR mon-fri
      0 08 09 * * *
      0 0 0 * * 0
      0 0 0 * * 7
      0 0 0 * * 5-7
      0 0 0 * * FRI-SUN
      0 0 0 * * SUN-SUN
      0 0 0 * * SUN-TUE
      0 0 0 * * MON-FRI/2
      0 0 0 * * */2
      0 0 0 * * 0/2
      0 0 0 13 * FRI
      0 0 0 1,15 * */2
      0 0 0 ? * MON
      0 0 0 29 2 *
      0 0 0 30 2 *
      0\t0\t0\t*\t*\t*
      @daily
      @DAILY
      @reboot
      0 5/10 * * * *
      0 /10 * * * *
      0 0 22-2 * * *
      0 */60 * * * *
      0 0 24 * * *
      0 0 0 1,,2 * *
      0 0 0 +5 * *
      0 0 0 \u0665 * *
      0 0 0 * * MONDAYX
      0 0 0 L * *
      0 0 0 l * *
      0 0 0 L-3 * *
      0 0 0 L-30 * *
      0 0 0 L-30 2 *
      0 0 0 LW * *
      0 0 0 L-3W * *
      0 0 0 1W * *
      0 0 0 15W * *
      0 0 */6 15W * *
      0 0 0 31W * *
      0 0 0 1,L * *
      0 0 0 * * 5L
      0 0 0 * * FRIL
      0 0 0 * * L
      0 0 0 * * FRI#2
      0 0 0 * * MON#1,FRI#5
      0 0 * * *
      0 0 0 * * * 2030
      """;

  private static final String QUARTZ =
      """
      */10 * * * * ?
      0 0,30 9-17 ? JAN-MAR mon-fri
      0 08 09 * * ?
      0 0 0 ? * 0
      0 0 0 ? * 1
      0 0 0 ? * 7
      0 0 0 ? * 5-7
      0 0 0 ? * FRI-MON
      0 0 0 ? * MON-FRI/2
      0 0 0 ? * */2
      0 0 0 13 * FRI
      0 0 0 * * *
      0 0 0 ? * ?
      0 0 0 29 2 ?
      0 0 0 30 2 ?
      0\t0\t0\t*\t*\t?
      @daily
      0 5/10 * * * ?
      0 /10 * * * ?
      0 0 22-2 * * ?
      0 0 22-3/2 * * ?
      0 0 0 1 NOV-FEB ?
      0 0 0 25-5 * ?
      0 */60 * * * ?
      0 0 24 * * ?
      0 0 0 1,,2 * ?
      0 0 0 +5 * ?
      0 0 0 \u0665 * ?
      0 0 0 ? * MONDAYX
      0 0 0 L * ?
      0 0 0 l * ?
      0 0 0 L-3 * ?
      0 0 0 L-30 * ?
      0 0 0 L-30 2 ?
      0 0 0 LW * ?
      0 0 0 L-3W * ?
      0 0 0 1W * ?
      0 0 0 15W * ?
      0 0 */6 15W * ?
      0 0 0 31W * ?
      0 0 0 1,L * ?
      0 0 0 ? * 6L
      0 0 0 ? * FRIL
      0 0 0 ? * L
      0 0 0 ? * FRI#2
      0 0 0 ? * 6#5
      0 0 0 ? * MON#1,FRI#5
      0 0 0 * * ? 2030
      0 0 0 1 1 ? 2030-2040/5
      0 0 0 1 1 ? 2020
      0 0 * * ?
      """;

  private final CronDialect dialect;
  private final Map<Library, Map<String, Optional<List<String>>>> runs =
      new EnumMap<>(Library.class);

  TextTable(CronDialect dialect) {
    this.dialect = dialect;
    for (Library library : libraries()) {
      Map<String, Optional<List<String>>> found = new HashMap<>();
      texts().forEach(text -> found.put(text, ask(library, text)));
      runs.put(library, found);
    }
  }

  /** How a library takes a text, seen from Belfry. */
  enum Verdict {
    SAME,
    OTHER_RUNS,
    ONLY_BELFRY,
    ONLY_PEER,
    REFUSED
  }

  List<String> texts() {
    return switch (dialect) {
      case UNIX -> UNIX.lines().toList();
      case SPRING -> SPRING.lines().toList();
      case QUARTZ -> QUARTZ.lines().toList();
    };
  }

  /** Returns those of the texts that the library takes so. */
  List<String> texts(Library library, Verdict verdict) {
    return texts().stream().filter(text -> verdict(library, text) == verdict).toList();
  }

  List<Library> libraries() {
    return Library.all().stream()
        .filter(library -> library.reads(dialect) && library != Library.BELFRY_SKIP)
        .toList();
  }

  @Override
  public String toString() {
    Markdown table = new Markdown("text", libraries().stream().map(Library::label).toList());
    for (String text : texts()) {
      List<String> cells = libraries().stream().map(library -> cell(library, text)).toList();
      table.row(Markdown.code(text), cells);
    }
    return table.toString();
  }

  private String cell(Library library, String text) {
    Optional<List<String>> runs = runs(library, text);
    if (library == Library.BELFRY) {
      return runs.map(found -> minutes(found.get(0))).orElse("refused");
    }
    return switch (verdict(library, text)) {
      case SAME -> "=";
      case REFUSED, ONLY_BELFRY -> "refused";
      case ONLY_PEER -> minutes(runs.orElseThrow().get(0));
      case OTHER_RUNS -> difference(runs(Library.BELFRY, text).orElseThrow(), runs.orElseThrow());
    };
  }

  private Verdict verdict(Library library, String text) {
    Optional<List<String>> ours = runs(Library.BELFRY, text);
    Optional<List<String>> theirs = runs(library, text);
    if (ours.isPresent() && theirs.isPresent()) {
      return ours.equals(theirs) ? Verdict.SAME : Verdict.OTHER_RUNS;
    }
    if (ours.isPresent()) {
      return Verdict.ONLY_BELFRY;
    }
    return theirs.isPresent() ? Verdict.ONLY_PEER : Verdict.REFUSED;
  }

  /** Returns the first runs; empty if the library refuses the text. */
  private Optional<List<String>> runs(Library library, String text) {
    return runs.get(library).get(text);
  }

  private Optional<List<String>> ask(Library library, String text) {
    Library.Cron cron;
    try {
      cron = library.parse(text, dialect);
    } catch (Exception e) {
      return Optional.empty();
    }
    return Optional.of(
        Answers.within(cron, FROM, TO, MOST_RUNS, ZoneOffset.UTC, "EEE uuuu-MM-dd HH:mm:ss"));
  }

  private static String difference(List<String> ours, List<String> theirs) {
    int i = 0;
    while (i < ours.size() && i < theirs.size() && ours.get(i).equals(theirs.get(i))) {
      i++;
    }
    String other = i < theirs.size() ? theirs.get(i) : "no more";
    return minutes(other) + (i < ours.size() ? ", not " + minutes(ours.get(i)) : "");
  }

  /** Leaves out seconds that are 0. */
  private static String minutes(String time) {
    return time.replaceFirst("(:..):00$", "$1");
  }
}
