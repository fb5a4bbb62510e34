// SPDX-License-Identifier: Apache-2.0

package dev.belfry.benchmarks.databases;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the benchmark runs on, in words. */
final class Machine {
  private static final String UNKNOWN = "unknown";

  private Machine() {}

  /** Returns processors, system and Java. */
  static String describe() {
    return "%d processors, %s; %s %s; Java %s"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            processor(),
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            Runtime.version());
  }

  private static String processor() {
    try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .orElse(UNKNOWN);
    } catch (IOException notLinux) {
      return UNKNOWN;
    }
  }

  /** Returns the version of a library, from the name of its file on the class path. */
  static String version(String library) {
    Matcher file =
        Pattern.compile("\\b" + Pattern.quote(library) + "-([0-9][^/\\\\]*)\\.jar")
            .matcher(System.getProperty("java.class.path"));
    return file.find() ? file.group(1) : UNKNOWN;
  }
}
