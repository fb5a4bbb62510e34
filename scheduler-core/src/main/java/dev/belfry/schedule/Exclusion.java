// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import static java.util.Objects.requireNonNull;

import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/**
 * Dates on which a schedule has no ticks, such as holidays. Immutable; as thread-safe as its
 * predicate.
 */
public sealed interface Exclusion permits Exclusions.Given, Exclusions.Weekends, Exclusions.Named {
  /**
   * Returns the exclusion of given dates.
   *
   * @param dates from 1 to 1,000 of them
   * @throws IllegalArgumentException if there are none or too many
   */
  static Exclusion dates(Collection<LocalDate> dates) {
    return Exclusions.Given.of(dates);
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
    return new Exclusions.Weekends();
  }

  /**
   * Returns the exclusion of the dates that a function names, such as the holidays of a country.
   * Its name is what is stored: a node that fires such a schedule must have a job whose code gives
   * it an exclusion of this name.
   *
   * @param name letters, digits, {@code .}, {@code -} and {@code _}; at most 100
   * @param excluded whether there are no ticks on a date; the same answer on every node, called by
   *     any thread. It must have an answer for every date: where it throws, the schedule does not
   *     fire
   * @throws IllegalArgumentException if the name has another form
   */
  static Exclusion named(String name, Predicate<LocalDate> excluded) {
    return new Exclusions.Named(name, requireNonNull(excluded, "excluded"));
  }

  /**
   * Returns whether there are no ticks on a date.
   *
   * @throws IllegalStateException if only its name is known
   */
  boolean excludes(LocalDate date);
}
