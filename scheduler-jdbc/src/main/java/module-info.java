// SPDX-License-Identifier: Apache-2.0

/** The job store in a SQL database. */
@SuppressWarnings("requires-automatic") // H2 and PostgreSQL have no descriptor
module dev.belfry.jdbc {
  requires transitive dev.belfry;
  requires transitive java.sql;
  requires transitive com.fasterxml.jackson.databind;
  requires com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.annotation;
  requires static com.zaxxer.hikari;
  requires static com.h2database;
  requires static org.postgresql.jdbc;
  requires static org.jspecify;

  exports dev.belfry.jdbc;
}
