// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import dev.belfry.schedule.oracle.Oracle;
import dev.belfry.schedule.oracle.Span;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** Asks an expression and a walk through a span the same questions, and keeps what differs. */
final class Comparison {
  private static final int KEPT = 20;
  private static final int NEAR = 3 * 3_600;
  private static final int[] NANOS = {0, 0, 1, 500_000_000, 999_999_999};

  private final List<String> differences = new ArrayList<>();
  private long questions;

  long questions() {
    return questions;
  }

  /** Returns the first differences, each with all that is needed to see it again. */
  List<String> differences() {
    return differences;
  }

  boolean enough() {
    return differences.size() >= KEPT;
  }

  void ask(String text, CronDialect dialect, Span span, long seed, SplittableRandom random) {
    String subject = dialect + " \"" + text + "\" in " + span.zone() + " (seed " + seed + ")";
    try {
      CronExpression cron = CronExpression.parse(text, dialect);
      Oracle oracle = Oracle.read(text, dialect);
      var inquiry = new Inquiry(subject, cron, span, oracle);
      for (long time : times(span, inquiry.once, random)) {
        if (inquiry.differs) {
          return;
        }
        inquiry.ask(time, NANOS[random.nextInt(NANOS.length)]);
      }
    } catch (RuntimeException e) {
      differ(subject + ": " + e);
    }
  }

  /** Asks for the dates of an expression that runs at midnight, forwards and backwards. */
  void askDates(String text, CronDialect dialect, LocalDate from, LocalDate to, long seed) {
    String subject = dialect + " \"" + text + "\" from " + from + " (seed " + seed + ")";
    try {
      CronExpression cron = CronExpression.parse(text, dialect);
      Set<LocalDate> expected =
          from.datesUntil(to)
              .filter(Oracle.read(text, dialect)::matches)
              .collect(Collectors.toCollection(TreeSet::new));
      ZonedDateTime start = from.atStartOfDay(ZoneOffset.UTC);
      ZonedDateTime end = to.atStartOfDay(ZoneOffset.UTC);
      Set<LocalDate> next = new TreeSet<>();
      Optional<ZonedDateTime> run = cron.next(start.minusNanos(1));
      while (run.isPresent() && run.get().isBefore(end) && next.add(run.get().toLocalDate())) {
        run = cron.next(run.get());
      }
      Set<LocalDate> previous = new TreeSet<>();
      run = cron.previous(end);
      while (run.isPresent()
          && !run.get().isBefore(start)
          && previous.add(run.get().toLocalDate())) {
        run = cron.previous(run.get());
      }
      questions += 2L * (expected.size() + 1);
      if (!next.equals(expected) || !previous.equals(expected)) {
        differ(subject + firstNotInAll(List.of(expected, next, previous)));
      }
    } catch (RuntimeException e) {
      differ(subject + ": " + e);
    }
  }

  private static String firstNotInAll(List<Set<LocalDate>> sets) {
    LocalDate first =
        sets.stream()
            .flatMap(Set::stream)
            .filter(date -> !sets.stream().allMatch(set -> set.contains(date)))
            .min(LocalDate::compareTo)
            .orElseThrow();
    List<Boolean> in = sets.stream().map(set -> set.contains(first)).toList();
    return ": whether " + first + " is expected, in next and in previous is " + in;
  }

  /** Times at, just before and just after runs, near changes of the clock, and anywhere. */
  private static long[] times(Span span, long[] runs, SplittableRandom random) {
    LongStream.Builder times = LongStream.builder();
    int most = Math.min(runs.length, 8);
    for (int i = 0; i < most; i++) {
      long run = runs.length == most ? runs[i] : runs[random.nextInt(runs.length)];
      times.add(run - 1).add(run).add(run + 1);
    }
    for (long change : span.changes()) {
      times.add(change - 1).add(change).add(change + 1);
      for (int i = 0; i < 12; i++) {
        times.add(change + random.nextInt(-NEAR, NEAR));
      }
    }
    for (int i = 0; i < 12; i++) {
      times.add(random.nextLong(span.start(), span.end()));
    }
    return times.build().filter(time -> time >= span.start() && time < span.end()).toArray();
  }

  private void differ(String difference) {
    if (differences.size() < KEPT) {
      differences.add(difference);
    }
  }

  /** One expression in one span, up to its first difference. */
  private final class Inquiry {
    private final String subject;
    private final CronExpression cron;
    private final Span span;
    private final long[] once;
    private final long[] skip;
    private boolean differs;

    Inquiry(String subject, CronExpression cron, Span span, Oracle oracle) {
      this.subject = subject;
      this.cron = cron;
      this.span = span;
      once = span.runs(oracle, DstPolicy.RUN_ONCE);
      boolean same = oracle.interval() || span.changes().length == 0;
      skip = same ? once : span.runs(oracle, DstPolicy.SKIP);
    }

    void ask(long second, int nano) {
      ZonedDateTime time = span.at(second, nano);
      int after = firstAfter(once, second);
      int at = nano == 0 ? firstAfter(once, second - 1) : after;
      later("nextEpochSecond", time, once, after, cron.nextEpochSecond(second, span.zone()));
      later("next", time, once, after, cron.next(time));
      earlier("previous", time, once, at - 1, cron.previous(time));
      boolean runs = after > 0 && once[after - 1] == second;
      check("matches", time, runs, cron.matches(time));
      counted(DstPolicy.RUN_ONCE, time, once.length - after);

      int afterSkip = firstAfter(skip, second);
      int atSkip = nano == 0 ? firstAfter(skip, second - 1) : afterSkip;
      later("next SKIP", time, skip, afterSkip, cron.next(time, DstPolicy.SKIP));
      earlier("previous SKIP", time, skip, atSkip - 1, cron.previous(time, DstPolicy.SKIP));
      counted(DstPolicy.SKIP, time, skip.length - afterSkip);
    }

    private void counted(DstPolicy policy, ZonedDateTime time, long expected) {
      ZoneClock clock = ZoneClock.of(span.zone());
      long second = time.toEpochSecond();
      long actual = DstRule.count(cron.ticks(), clock, policy, second, span.end() - 1);
      check("count " + policy, time, expected, actual);
    }

    /** Beyond the span the walk knows no run, only that there is none before. */
    private void later(String what, ZonedDateTime time, long[] runs, int index, long actual) {
      if (index < runs.length) {
        check(what, time, runs[index], actual);
      } else {
        check(what + " after the span", time, true, actual >= span.end());
      }
    }

    private void later(
        String what, ZonedDateTime time, long[] runs, int index, Optional<ZonedDateTime> actual) {
      if (index < runs.length) {
        check(what, time, Optional.of(span.at(runs[index], 0)), actual);
      } else {
        long second = actual.map(ZonedDateTime::toEpochSecond).orElse(Long.MAX_VALUE);
        later(what, time, runs, index, second);
      }
    }

    private void earlier(
        String what, ZonedDateTime time, long[] runs, int index, Optional<ZonedDateTime> actual) {
      if (index >= 0) {
        check(what, time, Optional.of(span.at(runs[index], 0)), actual);
      } else {
        long second = actual.map(ZonedDateTime::toEpochSecond).orElse(Long.MIN_VALUE);
        check(what + " before the span", time, true, second < span.start());
      }
    }

    private void check(String what, ZonedDateTime time, Object expected, Object actual) {
      questions++;
      if (!differs && !expected.equals(actual)) {
        differs = true;
        String question = what + " at " + time + " (" + time.toInstant() + ")";
        differ(subject + ": " + question + " should be " + expected + " but was " + actual);
      }
    }
  }

  /** Returns the index of the first run after a second, or how many runs there are. */
  private static int firstAfter(long[] runs, long second) {
    int found = Arrays.binarySearch(runs, second);
    return found >= 0 ? found + 1 : -found - 1;
  }
}
