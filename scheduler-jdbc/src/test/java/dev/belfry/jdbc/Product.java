// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.engine.Constants;
import org.h2.jdbcx.JdbcDataSource;

/** The databases that the store is tested on, and what tests must say in the words of each. */
public enum Product {
  /** H2 in memory. */
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
    public DataSource unpooled(EmptyDatabase database) {
      var source = new JdbcDataSource();
      source.setUrl(database.url());
      return source;
    }

    @Override
    String later(String time, String minutes) {
      return "dateadd(minute, " + minutes + ", " + time + ")";
    }

    @Override
    String newId() {
      return "random_uuid()";
    }

    @Override
    String numbers(int count) {
      return "(select x as n from system_range(1, " + count + ")) i";
    }

    @Override
    void analyze(EmptyDatabase database) {
      database.execute("analyze");
    }

    @Override
    String plan(EmptyDatabase database, String select) {
      return String.join("\n", database.query("explain " + select));
    }

    @Override
    List<String> indexes(EmptyDatabase database) {
      return database.query(
          "select index_name || ' ' || column_name from information_schema.index_columns"
              + " where table_schema = 'PUBLIC' and index_name not like 'PRIMARY%'"
              + " and index_name not like 'CONSTRAINT%' order by index_name, ordinal_position");
    }
  },

  /** A schema of a PostgreSQL server. */
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
    public DataSource unpooled(EmptyDatabase database) {
      return PostgresServer.shared()
          .source(database.query("select current_schema").get(0), "postgres");
    }

    @Override
    public String url(EmptyDatabase database) {
      return PostgresServer.shared().url(database.query("select current_schema").get(0));
    }

    @Override
    public String user() {
      return "postgres";
    }

    @Override
    String later(String time, String minutes) {
      return time + " + " + minutes + " * interval '1 minute'";
    }

    @Override
    String newId() {
      return "gen_random_uuid()";
    }

    @Override
    String numbers(int count) {
      return "generate_series(1, " + count + ") i(n)";
    }

    @Override
    void analyze(EmptyDatabase database) {
      database.execute("analyze");
    }

    @Override
    String plan(EmptyDatabase database, String select) {
      return String.join("\n", database.query("explain (costs off) " + select));
    }

    @Override
    List<String> indexes(EmptyDatabase database) {
      return database.query(
          "select indexdef from pg_indexes where schemaname = current_schema order by indexname");
    }
  },

  /** A database of a MariaDB server. */
  MARIADB {
    @Override
    MariaServer server() {
      return MariaServer.maria();
    }
  },

  /** A database of a MySQL server. */
  MYSQL {
    @Override
    MariaServer server() {
      return MariaServer.mysql();
    }
  };

  /** Returns all that are tested here: there is a MySQL only where the environment names one. */
  public static Stream<Product> tested() {
    return Stream.of(values())
        .filter(product -> product != MYSQL || System.getenv("BELFRY_MYSQL_URL") != null);
  }

  /** Returns those of them that are servers. */
  public static Stream<Product> servers() {
    return tested().filter(product -> product != H2);
  }

  /** Makes an empty database, for one test. */
  public EmptyDatabase open() {
    return server().emptyDatabase();
  }

  MariaServer server() {
    throw new UnsupportedOperationException();
  }

  /** Returns how a store names it in its log line. */
  String version(EmptyDatabase database) {
    return (this == MYSQL ? "MySQL " : "MariaDB ") + database.query("select version()").get(0);
  }

  /** Returns connections of a user who may use the tables, once they are made, and no more. */
  DataSource userWhoMakesNothing(EmptyDatabase database) {
    String name = database.query("select database()").get(0);
    database.execute("create user if not exists weak");
    database.execute("grant select, insert, update, delete on " + name + ".* to weak");
    return server().source(name, "weak");
  }

  /** Returns connections that are made when they are asked for, and end when they are closed. */
  public DataSource unpooled(EmptyDatabase database) {
    return server().source(database.query("select database()").get(0));
  }

  /**
   * Copies a row of a table whose run is not the only one, many times, as runs of other ids, jobs
   * and states.
   */
  void copyRows(EmptyDatabase database, String table, String id, int count) {
    String columns = String.join(", ", columnsOf(database, table));
    String copied =
        columnsOf(database, table).stream()
            .map(
                column ->
                    switch (column) {
                      case "job" -> "concat('job-', mod(i.n, 50))";
                      case "status" -> "case mod(i.n, 97) when 0 then 'FAILED' else status end";
                      default -> column.equals(id) ? newId() : column;
                    })
            .collect(Collectors.joining(", "));
    database.execute(
        "insert into %s (%s) select %s from (select * from %s limit 1) r cross join %s"
            .formatted(table, columns, copied, table, numbers(count)));
  }

  private List<String> columnsOf(EmptyDatabase database, String table) {
    return database
        .query(
            "select lower(column_name) from information_schema.columns where table_schema = "
                + schema()
                + " and lower(table_name) = '"
                + table
                + "' order by ordinal_position")
        .stream()
        .toList();
  }

  /** Returns an expression for a new id. */
  String newId() {
    return "unhex(replace(uuid(), '-', ''))";
  }

  /** Returns a table i of the numbers n from 1 on. */
  String numbers(int count) {
    return "(select seq as n from seq_1_to_" + count + ") i";
  }

  /** Returns an expression for some minutes after a time. */
  String later(String time, String minutes) {
    return "date_add(" + time + ", interval " + minutes + " minute)";
  }

  /** Counts anew what plans are made from. */
  void analyze(EmptyDatabase database) {
    database.query("analyze table belfry_run, belfry_history, belfry_run_key");
  }

  /** Returns the plan of a select, in a database's own words. */
  String plan(EmptyDatabase database, String select) {
    return String.join("\n", database.query("explain format=json " + select));
  }

  /** Returns a URL by which another process gets there, as {@link #user()}. */
  public String url(EmptyDatabase database) {
    return server().url(database.query("select database()").get(0));
  }

  /** Returns the user of that URL. */
  public String user() {
    return "tests";
  }

  /** Returns the indexes of a database, described in its own words. */
  List<String> indexes(EmptyDatabase database) {
    return database.query(
        "select concat(table_name, ' ', index_name, ' ', column_name) as words"
            + " from information_schema.statistics where table_schema = database()"
            + " order by table_name, index_name, seq_in_index");
  }

  /** Returns the columns of all tables. */
  List<String> columns(EmptyDatabase database) {
    return database.query(
        "select concat(table_name, '.', column_name, ' ', data_type, ' ', is_nullable) as words"
            + " from information_schema.columns where table_schema = "
            + schema()
            + " order by table_name, ordinal_position");
  }

  /** Drops all tables. */
  void clear(EmptyDatabase database) {
    database
        .query("select table_name from information_schema.tables where table_schema = " + schema())
        .forEach(table -> database.execute("drop table " + table));
  }

  private String schema() {
    return this == MARIADB || this == MYSQL ? "database()" : "current_schema";
  }

  /** Returns an id as hexadecimal digits. */
  String digits(String column) {
    return this == MARIADB || this == MYSQL
        ? "lower(hex(" + column + "))"
        : "replace(cast(" + column + " as varchar(36)), '-', '')";
  }
}
