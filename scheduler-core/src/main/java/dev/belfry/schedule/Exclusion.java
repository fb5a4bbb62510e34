// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import static java.util.Objects.requireNonNull;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Dates on which a schedule has no ticks, such as holidays. Immutable; as thread-safe as its
 * predicate.
 */
public sealed interface Exclusion {
  /** The most dates that one exclusion may list: 1,000. */
  int MOST_DATES = 1_000;

  /**
   * Returns the exclusion of given dates.
   *
   * @param dates from 1 to 1,000 of them
   * @throws IllegalArgumentException if there are none or too many
   */
  static Exclusion dates(Collection<LocalDate> dates) {
    if (dates.isEmpty() || dates.size() > MOST_DATES) {
      throw new IllegalArgumentException("dates must be from 1 to 1000, were " + dates.size());
    }
    return new Dates(new TreeSet<>(dates));
  }

  /**
   * Returns the exclusion of given dates.
   *
   * @param dates from 1 to 1,000 of them
   * @throws IllegalArgumentException if there are none or too many
   */
  static Exclusion dates(LocalDate... dates) {
    return dates(List.of(dates));
  }

  /** Returns the exclusion of Saturdays and Sundays. */
  static Exclusion weekends() {
    return new Weekends();
  }

  /**
   * Returns the exclusion of the dates that a function names, such as the holidays of a country.
   * Its name is what is stored: a node that fires such a schedule must have a job whose code gives
   * it an exclusion of this name.
   *
   * @param name letters, digits, {@code .}, {@code -} and {@code _}; at most 100
   * @param excluded whether there are no ticks on a date; the same answer on every node, called by
   *     any thread
   * @throws IllegalArgumentException if the name has another form
   */
  static Exclusion named(String name, Predicate<LocalDate> excluded) {
    return new Named(name, requireNonNull(excluded, "excluded"));
  }

  /**
   * Returns whether there are no ticks on a date.
   *
   * @throws IllegalStateException if only its name is known
   */
  boolean excludes(LocalDate date);

  /** Given dates. */
  record Dates(SortedSet<LocalDate> dates) implements Exclusion {
    /** Copies the dates. */
    public Dates {
      dates = new TreeSet<>(dates);
    }

    @Override
    public boolean excludes(LocalDate date) {
      return dates.contains(date);
    }

    @Override
    public SortedSet<LocalDate> dates() {
      return new TreeSet<>(dates);
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
    /** Checks the name. */
    public Named {
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
