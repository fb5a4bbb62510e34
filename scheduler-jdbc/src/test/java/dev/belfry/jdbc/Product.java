// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
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
    Words words() {
      return new H2Words();
    }
  },

  /** A schema of a PostgreSQL server. */
  POSTGRES {
    @Override
    Words words() {
      return new PostgresWords();
    }
  },

  /** A database of a MariaDB server. */
  MARIADB {
    @Override
    Words words() {
      return new MariaWords("MariaDB", MariaServer.maria());
    }
  },

  /** A database of a MySQL server. */
  MYSQL {
    @Override
    Words words() {
      return new MariaWords("MySQL", MariaServer.mysql());
    }
  };

  abstract Words words();

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
    return words().open();
  }

  /** Returns how a store names it in its log line. */
  String version(EmptyDatabase database) {
    return words().version(database);
  }

  /** Returns connections of a user who may use the tables, once they are made, and no more. */
  DataSource userWhoMakesNothing(EmptyDatabase database) {
    return words().userWhoMakesNothing(database);
  }

  /** Returns connections that are made when they are asked for, and end when they are closed. */
  public DataSource unpooled(EmptyDatabase database) {
    return words().unpooled(database);
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
                + words().schema()
                + " and lower(table_name) = '"
                + table
                + "' order by ordinal_position")
        .stream()
        .toList();
  }

  /** Returns an expression for a new id. */
  String newId() {
    return words().newId();
  }

  /** Returns a table i of the numbers n from 1 on. */
  String numbers(int count) {
    return words().numbers(count);
  }

  /** Returns an expression for some minutes after a time. */
  String later(String time, String minutes) {
    return words().later(time, minutes);
  }

  /** Counts anew what plans are made from. */
  void analyze(EmptyDatabase database) {
    words().analyze(database);
  }

  /** Returns the plan of a select, in a database's own words. */
  String plan(EmptyDatabase database, String select) {
    return words().plan(database, select);
  }

  /** Returns the plan of a select in a transaction of a store that is no search. */
  String planByIndexes(EmptyDatabase database, String select) {
    return words().planByIndexes(database, select);
  }

  /** Returns a URL by which another process gets there, as {@link #user()}. */
  public String url(EmptyDatabase database) {
    return words().url(database);
  }

  /** Returns the user of that URL. */
  public String user() {
    return words().user();
  }

  /** Returns the indexes of a database, described in its own words. */
  List<String> indexes(EmptyDatabase database) {
    return words().indexes(database);
  }

  /** Returns the columns of all tables. */
  List<String> columns(EmptyDatabase database) {
    return database.query(
        "select concat(table_name, '.', column_name, ' ', data_type, ' ', is_nullable) as words"
            + " from information_schema.columns where table_schema = "
            + words().schema()
            + " order by table_name, ordinal_position");
  }

  /** Drops all tables. */
  void clear(EmptyDatabase database) {
    database
        .query(
            "select table_name from information_schema.tables where table_schema = "
                + words().schema())
        .forEach(table -> database.execute("drop table " + table));
  }

  /** Returns whether it is one of the two that share their statements. */
  boolean isMariaOrMySql() {
    return this == MARIADB || this == MYSQL;
  }

  /** Returns an id as hexadecimal digits. */
  String digits(String column) {
    return words().digits(column);
  }

  /** What is said in another way to each. */
  interface Words {
    EmptyDatabase open();

    String version(EmptyDatabase database);

    DataSource userWhoMakesNothing(EmptyDatabase database);

    List<String> indexes(EmptyDatabase database);

    DataSource unpooled(EmptyDatabase database);

    String newId();

    String numbers(int count);

    String later(String time, String minutes);

    void analyze(EmptyDatabase database);

    String plan(EmptyDatabase database, String select);

    default String planByIndexes(EmptyDatabase database, String select) {
      return plan(database, select);
    }

    default String url(EmptyDatabase database) {
      return database.url();
    }

    default String user() {
      return "";
    }

    /** Returns what the connection's schema is called. */
    default String schema() {
      return "current_schema";
    }

    default String digits(String column) {
      return "replace(cast(" + column + " as varchar(36)), '-', '')";
    }
  }

  private record H2Words() implements Words {
    @Override
    public EmptyDatabase open() {
      return EmptyDatabase.h2();
    }

    @Override
    public String version(EmptyDatabase database) {
      return "H2 " + Constants.VERSION;
    }

    @Override
    public DataSource userWhoMakesNothing(EmptyDatabase database) {
      database.execute("create user weak password ''");
      database.execute("grant select, insert, update, delete on schema public to weak");
      var source = new JdbcDataSource();
      source.setUrl(database.url());
      source.setUser("weak");
      return source;
    }

    @Override
    public List<String> indexes(EmptyDatabase database) {
      return database.query(
          "select index_name || ' ' || column_name from information_schema.index_columns"
              + " where table_schema = 'PUBLIC' and index_name not like 'PRIMARY%'"
              + " and index_name not like 'CONSTRAINT%' order by index_name, ordinal_position");
    }

    @Override
    public DataSource unpooled(EmptyDatabase database) {
      var source = new JdbcDataSource();
      source.setUrl(database.url());
      return source;
    }

    @Override
    public String later(String time, String minutes) {
      return "dateadd(minute, " + minutes + ", " + time + ")";
    }

    @Override
    public String newId() {
      return "random_uuid()";
    }

    @Override
    public String numbers(int count) {
      return "(select x as n from system_range(1, " + count + ")) i";
    }

    @Override
    public void analyze(EmptyDatabase database) {
      database.execute("analyze");
    }

    @Override
    public String plan(EmptyDatabase database, String select) {
      return String.join("\n", database.query("explain " + select));
    }
  }

  private record PostgresWords() implements Words {
    @Override
    public EmptyDatabase open() {
      return PostgresServer.shared().emptyDatabase();
    }

    @Override
    public String version(EmptyDatabase database) {
      return "PostgreSQL " + database.query("show server_version").get(0).split(" ", 2)[0];
    }

    @Override
    public DataSource userWhoMakesNothing(EmptyDatabase database) {
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
    public List<String> indexes(EmptyDatabase database) {
      return database.query(
          "select indexdef from pg_indexes where schemaname = current_schema order by indexname");
    }

    @Override
    public DataSource unpooled(EmptyDatabase database) {
      return PostgresServer.shared().source(schemaOf(database), "postgres");
    }

    @Override
    public String url(EmptyDatabase database) {
      return PostgresServer.shared().url(schemaOf(database));
    }

    private static String schemaOf(EmptyDatabase database) {
      return database.query("select current_schema").get(0);
    }

    @Override
    public String user() {
      return "postgres";
    }

    @Override
    public String later(String time, String minutes) {
      return time + " + " + minutes + " * interval '1 minute'";
    }

    @Override
    public String newId() {
      return "gen_random_uuid()";
    }

    @Override
    public String numbers(int count) {
      return "generate_series(1, " + count + ") i(n)";
    }

    @Override
    public void analyze(EmptyDatabase database) {
      database.execute("analyze");
    }

    @Override
    public String plan(EmptyDatabase database, String select) {
      return String.join("\n", database.query("explain (costs off) " + select));
    }

    @Override
    public String planByIndexes(EmptyDatabase database, String select) {
      try (Connection connection = database.pool().getConnection()) {
        connection.setAutoCommit(false);
        new PostgresSql("belfry_").begin(connection); // which says how to plan
        String plan =
            String.join("\n", EmptyDatabase.query(connection, "explain (costs off) " + select));
        connection.rollback();
        connection.setAutoCommit(true);
        return plan;
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** MariaDB and MySQL, which differ in their names here. */
  private record MariaWords(String name, MariaServer server) implements Words {
    @Override
    public EmptyDatabase open() {
      return server.emptyDatabase();
    }

    @Override
    public String version(EmptyDatabase database) {
      return name + " " + database.query("select version()").get(0);
    }

    @Override
    public DataSource userWhoMakesNothing(EmptyDatabase database) {
      String schema = database.query("select database()").get(0);
      database.execute("create user if not exists weak");
      database.execute("grant select, insert, update, delete on " + schema + ".* to weak");
      return server.source(schema, "weak");
    }

    @Override
    public List<String> indexes(EmptyDatabase database) {
      return database.query(
          "select concat(table_name, ' ', index_name, ' ', column_name) as words"
              + " from information_schema.statistics where table_schema = database()"
              + " order by table_name, index_name, seq_in_index");
    }

    @Override
    public String schema() {
      return "database()";
    }

    @Override
    public String digits(String column) {
      return "lower(hex(" + column + "))";
    }

    @Override
    public DataSource unpooled(EmptyDatabase database) {
      return server.source(schemaOf(database));
    }

    @Override
    public String url(EmptyDatabase database) {
      return server.url(schemaOf(database));
    }

    private static String schemaOf(EmptyDatabase database) {
      return database.query("select database()").get(0);
    }

    @Override
    public String user() {
      return "tests";
    }

    @Override
    public String later(String time, String minutes) {
      return "date_add(" + time + ", interval " + minutes + " minute)";
    }

    @Override
    public String newId() {
      return "unhex(replace(uuid(), '-', ''))";
    }

    @Override
    public String numbers(int count) {
      return "(select seq as n from seq_1_to_" + count + ") i";
    }

    @Override
    public void analyze(EmptyDatabase database) {
      database.query("analyze table belfry_run, belfry_history, belfry_run_key");
    }

    @Override
    public String plan(EmptyDatabase database, String select) {
      return String.join("\n", database.query("explain format=json " + select));
    }
  }
}
