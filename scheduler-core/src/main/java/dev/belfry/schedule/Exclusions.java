// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.Collection;
import java.util.EnumSet;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The kinds of exclusion. {@code toString} is what a schedule's text says after "except". */
final class Exclusions {
  private Exclusions() {}

  /** Given dates. */
  record Given(SortedSet<LocalDate> dates) implements Exclusion {
    private static final int MOST = 1_000;

    static Given of(Collection<LocalDate> dates) {
      if (dates.isEmpty() || dates.size() > MOST) {
        throw new IllegalArgumentException("dates must be from 1 to 1000, were " + dates.size());
      }
      return new Given(new TreeSet<>(dates));
    }

    @Override
    public boolean excludes(LocalDate date) {
      return dates.contains(date);
    }

    @Override
    public String toString() {
      return dates.stream().map(LocalDate::toString).collect(Collectors.joining(" "));
    }
  }

  /** Saturdays and Sundays. */
  record Weekends() implements Exclusion {
    private static final EnumSet<DayOfWeek> DAYS = EnumSet.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY);

    @Override
    public boolean excludes(LocalDate date) {
      return DAYS.contains(date.getDayOfWeek());
    }

    @Override
    public String toString() {
      return "weekends";
    }
  }

  /** What a function names. Equal if the names are. */
  record Named(String name, @Nullable Predicate<LocalDate> excluded) implements Exclusion {
    Named {
      if (!name.matches("[A-Za-z0-9._-]{1,100}")) {
        throw new IllegalArgumentException(
            "name must be 1 to 100 letters, digits, \".\", \"-\" and \"_\", was \"" + name + "\"");
      }
    }

    @Override
    public boolean excludes(LocalDate date) {
      if (excluded == null) {
        throw new IllegalStateException(
            "the exclusion \""
                + name
                + "\" is known by its name only; give it in a job's schedule");
      }
      return excluded.test(date);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Named that && name.equals(that.name);
    }

    @Override
    public int hashCode() {
      return name.hashCode();
    }

    @Override
    public String toString() {
      return "named " + name;
    }
  }
}
