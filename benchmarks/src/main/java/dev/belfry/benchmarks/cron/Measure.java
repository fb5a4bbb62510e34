// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.cron;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs benchmarks, with the options of JMH, and prints a table for each class and time zone. */
public final class Measure {
  private Measure() {}

  public static void main(String[] args) throws CommandLineOptionException, RunnerException {
    Options options =
        new OptionsBuilder()
            .parent(new CommandLineOptions(args))
            .addProfiler(GCProfiler.class)
            .build();
    Collection<RunResult> results = new Runner(options).run();

    System.out.println("\nNanoseconds for a call, with the error of JMH, and bytes allocated.");
    Map<String, List<RunResult>> tables =
        results.stream().collect(groupingBy(Measure::title, LinkedHashMap::new, toList()));
    tables.forEach((title, rows) -> System.out.println("\n" + title + "\n\n" + table(rows)));
  }

  private static String title(RunResult result) {
    String zone = result.getParams().getParam("zone");
    return simpleClass(result) + (zone == null ? "" : ", " + zone);
  }

  private static Markdown table(List<RunResult> results) {
    List<String> libraries = results.stream().map(Measure::method).distinct().toList();
    Markdown table = new Markdown("expression", libraries);
    Map<String, List<RunResult>> rows =
        results.stream()
            .collect(groupingBy(r -> r.getParams().getParam("cron"), LinkedHashMap::new, toList()));
    rows.forEach(
        (cron, row) ->
            table.row(
                Markdown.code(cron),
                libraries.stream().map(library -> cell(library, row)).toList()));
    return table;
  }

  private static String cell(String library, List<RunResult> row) {
    return row.stream()
        .filter(result -> method(result).equals(library))
        .map(Measure::cell)
        .findFirst()
        .orElse("");
  }

  private static String cell(RunResult result) {
    Result<?> time = result.getPrimaryResult();
    Result<?> bytes = requireNonNull(result.getSecondaryResults().get("gc.alloc.rate.norm"));
    double error = time.getScoreError();
    return number(time.getScore())
        + (Double.isNaN(error) ? "" : " ±" + number(error))
        + ", %.0f B".formatted(bytes.getScore());
  }

  private static String number(double number) {
    return String.format(Locale.ENGLISH, number < 100 ? "%.1f" : "%,.0f", number);
  }

  private static String simpleClass(RunResult result) {
    String[] names = result.getParams().getBenchmark().split("\\.", -1);
    return names[names.length - 2];
  }

  private static String method(RunResult result) {
    return result.getPrimaryResult().getLabel();
  }
}
