// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A PostgreSQL server that loses nothing, with its data in a folder that is deleted. */
final class PostgresServer implements Server {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "fsync", "on",
          "synchronous_commit", "on",
          "full_page_writes", "on",
          "shared_buffers", "1GB",
          "max_wal_size", "8GB",
          "checkpoint_timeout", "30min",
          "max_connections", "300",
          "shared_preload_libraries", "pg_stat_statements");
  private static final List<String> SHOWN =
      List.of("fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "max_wal_size");

  private final EmbeddedPostgres server;
  private final long pid;
  private final String version;
  private final Map<String, String> settings = new LinkedHashMap<>();

  private PostgresServer(EmbeddedPostgres server, long pid) {
    this.server = server;
    this.pid = pid;
    this.version = query("show server_version");
    SHOWN.forEach(name -> settings.put(name, query("show " + name)));
    SETTINGS.forEach(
        (name, wanted) -> {
          String real = query("show " + name);
          if (!real.equals(wanted)) {
            throw new IllegalStateException(name + " must be " + wanted + ", was " + real);
          }
        });
    execute("create extension pg_stat_statements");
    countStatements(false);
  }

  static PostgresServer start(Path folder) {
    try {
      Path data = Files.createTempDirectory(folder, "postgresql-");
      var builder = EmbeddedPostgres.builder().setDataDirectory(data).setCleanDataDirectory(true);
      SETTINGS.forEach(builder::setServerConfig);
      EmbeddedPostgres server = builder.start();
      try {
        String pid = Files.readAllLines(data.resolve("postmaster.pid")).get(0);
        return new PostgresServer(server, Long.parseLong(pid.strip()));
      } catch (IOException | RuntimeException e) {
        server.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Place place(String name) {
    return new Place(
        Product.POSTGRESQL,
        server.getJdbcUrl("postgres", name) + "&reWriteBatchedInserts=true",
        pid);
  }

  @Override
  public void empty(Place place) {
    execute("drop database if exists " + nameOf(place) + " with (force)");
    execute("create database " + nameOf(place));
  }

  @Override
  public void copy(Place from, Place to) {
    execute("drop database if exists " + nameOf(to) + " with (force)");
    execute("create database " + nameOf(to) + " template " + nameOf(from) + " strategy file_copy");
  }

  private static String nameOf(Place place) {
    return place.url().replaceFirst(".*/([a-z0-9_]+)\\?.*", "$1");
  }

  @Override
  public Connection pin(Place place) {
    try {
      Connection connection = DriverManager.getConnection(place.url());
      connection.setAutoCommit(false);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      try (Statement statement = connection.createStatement()) {
        statement.execute("select count(*) from pg_class");
      }
      return connection;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void calm(Place place) {
    try (Connection connection = DriverManager.getConnection(place.url());
        Statement statement = connection.createStatement()) {
      statement.execute("vacuum (analyze)");
      statement.execute("checkpoint");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Map<String, Long> counters() {
    execute("select pg_stat_clear_snapshot()");
    return Map.of(
        "wal",
        number("select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint"),
        "commits",
        number("select sum(xact_commit)::bigint from pg_stat_database where datname <> 'postgres'"),
        "statements",
        number("select coalesce(sum(calls), 0)::bigint from pg_stat_statements"));
  }

  @Override
  public void countStatements(boolean count) {
    execute("alter system set pg_stat_statements.track = " + (count ? "'all'" : "'none'"));
    execute("select pg_reload_conf()");
  }

  @Override
  public String describe() {
    return "PostgreSQL " + version + ", " + settings;
  }

  private long number(String sql) {
    return Long.parseLong(query(sql));
  }

  private String query(String sql) {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private void execute(String sql) {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
