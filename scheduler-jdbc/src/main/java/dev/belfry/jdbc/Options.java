// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/** How a store was asked to be. */
record Options(
    String prefix,
    Optional<InstantSource> clock,
    boolean create,
    Optional<String> file,
    Optional<DataSource> notices,
    Migrations migrations) {
  static final Options DEFAULT =
      new Options(
          "belfry_", Optional.empty(), true, Optional.empty(), Optional.empty(), Migrations.ALL);

  private static final Pattern PREFIX = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,30}");

  Options prefixed(String newPrefix) {
    if (!PREFIX.matcher(newPrefix).matches()) {
      throw new IllegalArgumentException(
          "table prefix must be a letter or underscore and at most 30 letters, digits and"
              + " underscores, was \""
              + newPrefix
              + "\"");
    }
    return new Options(newPrefix, clock, create, file, notices, migrations);
  }

  Options timed(InstantSource newClock) {
    return new Options(prefix, Optional.of(newClock), create, file, notices, migrations);
  }

  Options uncreated() {
    return new Options(prefix, clock, false, file, notices, migrations);
  }

  Options named(String newFile) {
    return new Options(prefix, clock, create, Optional.of(newFile), notices, migrations);
  }

  Options migrating(Migrations newMigrations) {
    return new Options(prefix, clock, create, file, notices, newMigrations);
  }

  Options notified(DataSource newNotices) {
    return new Options(prefix, clock, create, file, Optional.of(newNotices), migrations);
  }
}
