// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.cron;

import static java.util.stream.Collectors.joining;

import dev.belfry.benchmarks.cron.TextTable.Verdict;
import dev.belfry.schedule.CronDialect;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes {@code docs/cron-compatibility.md}: each answer in it is asked for, none is typed. */
final class CompatibilityPage {
  private final Map<CronDialect, TextTable> texts = new EnumMap<>(CronDialect.class);
  private final ClockTables clock = new ClockTables();

  CompatibilityPage() {
    for (CronDialect dialect : CronDialect.values()) {
      texts.put(dialect, new TextTable(dialect));
    }
  }

  @Override
  public String toString() {
    return String.join(
        "\n",
        """
        # Cron compatibility

        What Belfry and four other libraries for Java do with the same cron expressions. The answers on this page are
        printed by `CompatibilityPageTest`, which asks the libraries in each build and fails if one answers otherwise.

        Those who come from another library find at the [end](#what-changes-for-you) what changes for them.
        """,
        versions(),
        """
        | mark | meaning |
        |---|---|
        | = | the same answers as Belfry's, or as the agreed ones: all of them, not the first alone |
        | a time | the first run |
        | a, not b | the first run that differs, and Belfry's |
        | refused | the library does not read the text |
        | never | the library reads the text, and answers that it does not run (again) |
        | none | no run in the time that was looked at |
        | back to a | the library answers with a time that is not later than the question |
        | ⇥ | a tab |
        """,
        """
        ## Texts

        Each library is asked for the runs after the end of 2023 in UTC, up to 150 of them or 2059.
        """,
        section("The dialect of UNIX", CronDialect.UNIX),
        section("The dialect of Spring", CronDialect.SPRING),
        section("The dialect of Quartz", CronDialect.QUARTZ),
        """
        ## When the clock is changed

        All are asked for a minute and an hour of every day: `30 2 * * *` for Belfry, cron-utils and JobRunr, `0 30 2 * * *`
        for Spring, `0 30 2 * * ?` for Quartz. The agreed answer is that of one rule. Let H be the latest reading of the
        clock so far. A fixed time runs as soon as the clock reaches or leaps over it, so once: after the gap if it was
        left out, the first time if it is shown twice. An expression with a `*`, `-` or `/` in its minute or hour follows
        the clock: it runs whenever the clock shows a matching time. The agreed answers are computed by a walk through
        every minute that uses no library, not even Belfry.

        ### New York, 2025

        On 9 March the clock went from 02:00 to 03:00, on 2 November from 02:00 back to 01:00. Each answer is the next
        question; shown are the runs from an hour before to two hours after. -04 is summer time, -05 winter time.
        """,
        clock.newYork(),
        """
        ### A time that was left out or shown twice, all zones

        A daily time in the middle of what was left out or shown twice, asked from 12 hours before to 12 hours after.
        """,
        clock.zones(),
        """
        ### Agreement

        Around each change of the table above, seven expressions are asked: the daily time in the middle, `0 0`, `*/20` of
        that hour, `*/30 *`, `5 *`, `0 */2`, and the minute of the middle in a range of hours. That is a case; each is
        asked every 15 minutes from 12 hours before to 12 hours after, in both passes of a repeated hour too. A case is
        alike if all its answers are the agreed ones. "Skipping" takes for agreed what `DstPolicy.SKIP` says: a fixed time
        that is left out does not run, and all else is the same.
        """,
        clock.counts(),
        clock.scores(),
        """
        ## What changes for you

        `Schedule.cron(CronExpression.parse(text, CronDialect.SPRING), zone)` takes a text over from Spring, and so on. Where
        no zone is given, Spring, Quartz, db-scheduler and JobRunr take that of the machine; `Schedule.cron` takes UTC.
        To skip a time that is left out, as Spring, Quartz and cron-utils do: `schedule.withDst(DstPolicy.SKIP)`. Each
        list says what of this page differs.
        """,
        from("From Spring", Library.SPRING, "The texts of `@Scheduled` are `CronDialect.SPRING`."),
        from("From Quartz", Library.QUARTZ, "The texts of cron triggers are `CronDialect.QUARTZ`."),
        from(
            "From cron-utils and db-scheduler",
            Library.CRON_UTILS,
            "db-scheduler reads cron by cron-utils; unless told otherwise as its `SPRING53`, which is\n"
                + "`CronDialect.SPRING`."),
        from(
            "From JobRunr",
            Library.JOBRUNR,
            """
            Five fields are `CronDialect.UNIX`. Six are `CronDialect.SPRING`, but with both day fields restricted JobRunr
            runs on a day that matches either of them, and Spring's dialect on a day that matches both."""));
  }

  private String section(String title, CronDialect dialect) {
    return "### " + title + "\n\n" + texts.get(dialect);
  }

  private static String versions() {
    Markdown table = new Markdown("library", List.of("version", "dialects"));
    for (Library library : Library.peers()) {
      String dialects =
          List.of(CronDialect.values()).stream()
              .filter(library::reads)
              .map(dialect -> dialect.name().toLowerCase(Locale.ROOT))
              .collect(joining(", "));
      table.row(library.label(), List.of(library.version(), dialects));
    }
    return table.toString();
  }

  private String from(String title, Library library, String advice) {
    StringBuilder section = new StringBuilder("### " + title + "\n\n" + advice + "\n\n");
    texts.forEach(
        (dialect, table) -> {
          if (library.reads(dialect)) {
            section.append(comparison(dialect, table, library));
          }
        });
    clock
        .differences(library)
        .forEach(line -> section.append("- New York, ").append(line).append("\n"));
    return section.toString();
  }

  private static String comparison(CronDialect dialect, TextTable table, Library library) {
    List<String> same = table.texts(library, Verdict.SAME);
    List<String> others = table.texts(library, Verdict.OTHER_RUNS);
    List<String> refused = table.texts(library, Verdict.ONLY_PEER);
    int read = same.size() + others.size() + refused.size();
    return "- `CronDialect.%s`: of the %d texts above that %s reads, %d run at the same times;\n"
            .formatted(dialect, read, library.label(), same.size())
        + "  at other times: %s; refused: %s; only Belfry reads: %s\n"
            .formatted(
                codes(others), codes(refused), codes(table.texts(library, Verdict.ONLY_BELFRY)));
  }

  private static String codes(List<String> texts) {
    return texts.isEmpty() ? "none" : texts.stream().map(Markdown::code).collect(joining(", "));
  }
}
