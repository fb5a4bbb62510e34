// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

/**
 * A version of Belfry that is not written yet: the present code, and one more step of the schema,
 * which adds a column to the hot table, to history, and to one table more.
 */
public final class NextVersion {
  static final int NUMBER = Migrations.ALL.version() + 1;

  private static final String SHORT =
      """
      alter table {run} add column if not exists shade smallint default 7 not null;
      alter table {history} add column if not exists shade smallint default 7 not null;
      alter table {record} add column if not exists note varchar(200);
      update {record} set note = 'old' where note is null;
      """;

  private NextVersion() {}

  /** Returns a store as the next version would make it; the present one still reads its schema. */
  public static JdbcJobStore of(JdbcJobStore store) {
    return readBy(NUMBER - 1, store);
  }

  /** Returns the same, where the oldest version that reads the schema is another. */
  static JdbcJobStore readBy(int oldest, JdbcJobStore store) {
    String maria =
        SHORT.replace("shade smallint default 7 not null", "shade smallint not null default 7");
    return store.withMigrations(
        Migrations.ALL.and(new Migration(NUMBER, oldest, SHORT, SHORT, maria)));
  }
}
