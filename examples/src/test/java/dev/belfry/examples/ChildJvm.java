// SPDX-License-Identifier: Apache-2.0
package dev.belfry.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program run to its end in a JVM of its own, as a user would start it.
 *
 * @param exitCode what it ended with
 * @param output what it wrote to both streams
 */
public record ChildJvm(int exitCode, String output) {
  /** Runs a main class in a folder; kills it if it has not ended after a minute. */
  public static ChildJvm run(Path folder, Class<?> main, String... args)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    String classPath = System.getProperty("java.class.path");
    command.add(System.getProperty("surefire.test.class.path", classPath));
    command.add(main.getName());
    command.addAll(List.of(args));
    Path output = Files.createTempFile(folder, "output", ".txt");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        throw new AssertionError(
            "has not ended after 60 s; it wrote:\n" + Files.readString(output));
      }
      return new ChildJvm(process.exitValue(), Files.readString(output));
    } finally {
      process.destroyForcibly();
    }
  }

  /** Returns the lines that are not from the log. */
  public List<String> printed() {
    return output.lines().filter(line -> !line.matches("[0-9:.]{12} [A-Z]+ .*")).toList();
  }
}
