// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

/**
 * A step of the schema: from the version before to its own.
 *
 * <p>Each statement is committed by itself, on all databases, and may be run again: a node may die
 * after any of them, and whoever comes next begins with the first. Nodes of the version before are
 * at work meanwhile and afterwards, so a statement holds a strong lock for moments only: it adds a
 * column at the end, null or with a constant default, or makes a table, or changes a few rows; it
 * rewrites nothing. An index of a table that may be large is the exception: the release notes have
 * operators make it beforehand ({@code concurrently} on PostgreSQL); "if not exists" then finds it.
 *
 * @param version the version after it
 * @param oldestReader the oldest version whose code may be at work beside it; what is older does
 *     not start from the first statement on
 * @param h2 the statements for H2, each ended by a semicolon and a newline; tables in braces
 * @param postgres those for PostgreSQL
 * @param maria those for MariaDB and MySQL
 */
record Migration(int version, int oldestReader, String h2, String postgres, String maria) {
  Migration {
    if (oldestReader < 1 || oldestReader > version) {
      throw new IllegalArgumentException(
          "oldest reader of version " + version + " must be 1 to that, was " + oldestReader);
    }
  }
}
