// SPDX-License-Identifier: Apache-2.0

package dev.belfry.benchmarks.databases;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Files of H2, each opened by the process of a contender. */
final class H2Files implements Server {
  private static final String OPTIONS = ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";

  private final Path folder;

  H2Files(Path folder) {
    try {
      this.folder = Files.createTempDirectory(folder, "h2-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Place place(String name) {
    return new Place(Product.H2, "jdbc:h2:file:" + folder.resolve(name) + OPTIONS, 0);
  }

  @Override
  public void empty(Place place) {
    deleteAll();
  }

  private void deleteAll() {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.toList();
      for (Path file : all) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Does nothing: the file is in the hands of the contender, and H2 analyses its tables itself. */
  @Override
  public void calm(Place place) {}

  @Override
  public Map<String, Long> counters() {
    return Map.of();
  }

  @Override
  public void countStatements(boolean count) {}

  @Override
  public String describe() {
    return "H2, a file of the contender's process, " + OPTIONS.substring(1).replace(";", ", ");
  }

  @Override
  public void close() {
    deleteAll();
    try {
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
