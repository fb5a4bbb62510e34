// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
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
  private final Console admin;
  private final long pid;
  private final String version;
  private final Map<String, String> settings = new LinkedHashMap<>();

  private PostgresServer(EmbeddedPostgres server, long pid) {
    this.server = server;
    this.admin = new Console(server.getJdbcUrl("postgres", "postgres"));
    this.pid = pid;
    this.version = admin.query("show server_version");
    SHOWN.forEach(name -> settings.put(name, admin.query("show " + name)));
    SETTINGS.forEach(
        (name, wanted) -> {
          String real = admin.query("show " + name);
          if (!real.equals(wanted)) {
            throw new IllegalStateException(name + " must be " + wanted + ", was " + real);
          }
        });
    admin.execute("create extension pg_stat_statements");
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
    admin.execute("drop database if exists " + place.database() + " with (force)");
    admin.execute("create database " + place.database());
  }

  @Override
  public void copy(Place from, Place to) {
    admin.execute("drop database if exists " + to.database() + " with (force)");
    admin.execute(
        "create database "
            + to.database()
            + " template "
            + from.database()
            + " strategy file_copy");
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
    var database = new Console(place.url());
    database.execute("vacuum (analyze)");
    database.execute("checkpoint");
  }

  @Override
  public Map<String, Long> counters() {
    admin.execute("select pg_stat_clear_snapshot()");
    return Map.of(
        "wal",
        admin.number("select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint"),
        "commits",
        admin.number(
            "select sum(xact_commit)::bigint from pg_stat_database where datname <> 'postgres'"),
        "statements",
        admin.number("select coalesce(sum(calls), 0)::bigint from pg_stat_statements"));
  }

  @Override
  public void countStatements(boolean count) {
    admin.execute("alter system set pg_stat_statements.track = " + (count ? "'all'" : "'none'"));
    admin.execute("select pg_reload_conf()");
  }

  @Override
  public String describe() {
    return "PostgreSQL " + version + ", " + settings;
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
