// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

import dev.belfry.jdbc.EmptyDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A PostgreSQL server of a test's own, to do what nobody does to a server that others use. */
final class OwnPostgres implements ChaosServer {
  private final Path directory;
  private final EmbeddedPostgres server;

  /** Starts it; what it has answered survives its crash. */
  OwnPostgres(Path directory) {
    this.directory = directory.resolve("data");
    try {
      server =
          EmbeddedPostgres.builder()
              .setDataDirectory(this.directory)
              .setPort(Ports.free())
              .setServerConfig("synchronous_commit", "on") // off by default there
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public int port() {
    return server.getPort();
  }

  @Override
  public String newDatabase(String name, int port) {
    newSchema(name);
    return url(name, port) + "&socketTimeout=5";
  }

  /** Makes a schema; returns the URL of what sees nothing else. */
  String newSchema(String name) {
    execute("create schema " + name);
    return url(name, port());
  }

  /** Returns the URL of a schema, through a port. */
  static String url(String schema, int port) {
    return "jdbc:postgresql://127.0.0.1:"
        + port
        + "/postgres?user=postgres&currentSchema="
        + schema;
  }

  /** Executes a statement, also while the server is read-only to all others. */
  void execute(String sql) {
    try (Connection connection = admin();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the first column of what is selected, as text. */
  List<String> query(String sql) {
    try (Connection connection = admin()) {
      return EmptyDatabase.query(connection, sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private Connection admin() throws SQLException {
    return DriverManager.getConnection(
        url("public", port()) + "&options=-c%20default_transaction_read_only=off");
  }

  @Override
  public int endSessions() {
    return query(
            "select pg_terminate_backend(pid) from pg_stat_activity"
                + " where backend_type = 'client backend' and pid <> pg_backend_pid()")
        .size();
  }

  @Override
  public void restart() {
    crash();
  }

  /** Crashes the server and starts it again. */
  void crash() {
    try {
      long postmaster =
          Long.parseLong(Files.readAllLines(directory.resolve("postmaster.pid")).get(0));
      Path program =
          Path.of(ProcessHandle.of(postmaster).orElseThrow().info().command().orElseThrow());
      var command = new ArrayList<String>();
      if (System.getProperty("user.name").equals("root")) { // as whom it refuses to run
        command.addAll(List.of("unshare", "-U"));
      }
      command.addAll(
          List.of(
              program.resolveSibling("pg_ctl").toString(),
              "-D",
              directory.toString(),
              "-m",
              "immediate",
              "-w",
              "-l",
              directory.resolveSibling("log").toString(),
              "restart"));
      Process restart =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(directory.resolveSibling("restart").toFile())
              .start();
      if (!restart.waitFor(60, TimeUnit.SECONDS) || restart.exitValue() != 0) {
        throw new AssertionError(Files.readString(directory.resolveSibling("restart")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
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
