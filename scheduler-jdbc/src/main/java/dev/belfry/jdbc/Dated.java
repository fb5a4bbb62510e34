// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A statement that reads the clock itself, wherever its text says {@code $now}. */
record Dated(String text, List<@Nullable Object> arguments) {
  private static final Pattern PLACE = Pattern.compile("\\?|\\$now");

  /**
   * Puts the clock into a text.
   *
   * @param now what stands for the clock's reading, or empty
   * @param clock the database's expression for it, if there is none
   */
  static Dated of(
      String template, Optional<Instant> now, String clock, @Nullable Object... arguments) {
    var bound = new ArrayList<@Nullable Object>();
    Iterator<@Nullable Object> given = List.<@Nullable Object>of(arguments).iterator();
    Matcher place = PLACE.matcher(template);
    while (place.find()) {
      if (place.group().equals("?")) {
        bound.add(given.next());
      } else {
        now.ifPresent(bound::add);
      }
    }
    return new Dated(template.replace("$now", now.isPresent() ? "?" : clock), bound);
  }

  @Nullable Object[] all() {
    return arguments.toArray();
  }
}
