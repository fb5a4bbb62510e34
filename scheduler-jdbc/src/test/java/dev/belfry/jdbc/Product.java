// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import java.util.List;
import javax.sql.DataSource;
import org.h2.engine.Constants;
import org.h2.jdbcx.JdbcDataSource;

/** The databases that the store is tested on. */
public enum Product {
  H2 {
    @Override
    public EmptyDatabase open() {
      return EmptyDatabase.h2();
    }

    @Override
    String version(EmptyDatabase database) {
      return "H2 " + Constants.VERSION;
    }

    @Override
    DataSource userWhoMakesNothing(EmptyDatabase database) {
      database.execute("create user weak password ''");
      database.execute("grant select, insert, update, delete on schema public to weak");
      var source = new JdbcDataSource();
      source.setUrl(database.url());
      source.setUser("weak");
      return source;
    }

    @Override
    List<String> indexes(EmptyDatabase database) {
      return database.query(
          "select index_name || ' ' || column_name from information_schema.index_columns"
              + " where table_schema = 'PUBLIC' and index_name not like 'PRIMARY%'"
              + " and index_name not like 'CONSTRAINT%' order by index_name, ordinal_position");
    }
  },

  POSTGRES {
    @Override
    public EmptyDatabase open() {
      return PostgresServer.shared().emptyDatabase();
    }

    @Override
    String version(EmptyDatabase database) {
      return "PostgreSQL " + database.query("show server_version").get(0).split(" ", 2)[0];
    }

    @Override
    DataSource userWhoMakesNothing(EmptyDatabase database) {
      String schema = database.query("select current_schema").get(0);
      String weak = "weak_" + schema;
      database.execute("create role " + weak + " login");
      database.execute("grant usage on schema " + schema + " to " + weak);
      database.execute(
          "alter default privileges in schema "
              + schema
              + " grant select, insert, update, delete on tables to "
              + weak);
      return PostgresServer.shared().source(schema, weak);
    }

    @Override
    List<String> indexes(EmptyDatabase database) {
      return database.query(
          "select indexdef from pg_indexes where schemaname = current_schema order by indexname");
    }
  };

  /** Makes an empty database, for one test. */
  public abstract EmptyDatabase open();

  /** Returns how a store names it in its log line. */
  abstract String version(EmptyDatabase database);

  /** Returns connections of a user who may use the tables, once they are made, and no more. */
  abstract DataSource userWhoMakesNothing(EmptyDatabase database);

  /** Returns the indexes of a database, described in its own words. */
  abstract List<String> indexes(EmptyDatabase database);
}
