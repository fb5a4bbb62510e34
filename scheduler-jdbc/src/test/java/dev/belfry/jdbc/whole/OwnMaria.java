// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

import dev.belfry.jdbc.EmptyDatabase;
import dev.belfry.jdbc.MariaFiles;
import dev.belfry.jdbc.TcpProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A MariaDB server of a test's own, to do what nobody does to a server that others use. After a
 * crash it is some time before it gets its port again, so it comes back at another one.
 */
final class OwnMaria implements ChaosServer {
  private static final int NO_SUCH_SESSION = 1094;

  private final Path log;
  private final List<String> command;
  private final TcpProxy door;
  private Process server;

  /** Starts it; what it has answered survives its crash. */
  OwnMaria(Path directory) {
    log = directory.resolve("log");
    try {
      Path init =
          Files.writeString(
              directory.resolve("init.sql"),
              """
              create user if not exists tests;
              grant all on *.* to tests;
              """);
      Path data = directory.resolve("data");
      Path base = MariaFiles.newServer(data).build().getBaseDir().toPath().toAbsolutePath();
      command =
          List.of(
              base.resolve("bin/mariadbd").toString(),
              "--no-defaults",
              "--user=" + System.getProperty("user.name"),
              "--basedir=" + base,
              "--datadir=" + data,
              "--socket=" + directory.resolve("s"),
              "--bind-address=127.0.0.1",
              "--skip-name-resolve",
              "--skip-ssl", // whose key takes seconds to make
              "--init-file=" + init,
              "--innodb-flush-log-at-trx-commit=2", // nobody cuts the power of a test
              "--innodb-flush-method=nosync",
              "--debug-no-sync");
      int port = Ports.free();
      door = new TcpProxy(port);
      server = start(port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process start(int port) throws IOException {
    var words = new ArrayList<>(command);
    words.add("--port=" + port);
    Process started =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    Await.until("MariaDB answers", Duration.ofMinutes(2), this::answers);
    return started;
  }

  private boolean answers() {
    try (Connection connection = DriverManager.getConnection(url(""))) {
      return connection.isValid(1);
    } catch (SQLException notYet) {
      return false;
    }
  }

  private String url(String database) {
    return url(database, port());
  }

  private static String url(String database, int port) {
    return "jdbc:mariadb://127.0.0.1:" + port + "/" + database + "?user=tests";
  }

  @Override
  public String newDatabase(String name, int port) {
    newDatabase(name);
    // Else a session whose client has gone without a word keeps its locks for hours.
    return url(name, port) + "&socketTimeout=5000&sessionVariables=idle_transaction_timeout=5";
  }

  /** Makes a database; returns its URL. */
  String newDatabase(String name) {
    try (Connection connection = DriverManager.getConnection(url(""));
        Statement statement = connection.createStatement()) {
      statement.execute("create database " + name);
      return url(name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public int port() {
    return door.port();
  }

  @Override
  public int endSessions() {
    try (Connection connection = DriverManager.getConnection(url(""));
        Statement statement = connection.createStatement()) {
      List<String> sessions =
          EmptyDatabase.query(
              connection,
              "select id from information_schema.processlist"
                  + " where user = 'tests' and id <> connection_id()");
      for (String session : sessions) {
        end(statement, session);
      }
      return sessions.size();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void end(Statement statement, String session) throws SQLException {
    try {
      statement.execute("kill " + session);
    } catch (SQLException e) {
      if (e.getErrorCode() != NO_SUCH_SESSION) { // it has ended meanwhile
        throw e;
      }
    }
  }

  @Override
  public void restart() throws InterruptedException {
    crash();
  }

  /** Kills the server as {@code kill -9} does, and starts it again. */
  void crash() throws InterruptedException {
    try {
      kill();
      int port = Ports.free();
      door.forwardTo(port);
      server = start(port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void kill() throws InterruptedException {
    server.destroyForcibly();
    if (!server.waitFor(30, TimeUnit.SECONDS)) {
      throw new AssertionError(server + " does not end");
    }
  }

  @Override
  public void close() {
    try (door) {
      kill();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
