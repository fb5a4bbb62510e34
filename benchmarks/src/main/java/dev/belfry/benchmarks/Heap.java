// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The bytes of all objects that can be reached, by class.
 *
 * @param bytes the bytes by name of class
 */
public record Heap(Map<String, Long> bytes) {
  /** Copies the map. */
  public Heap {
    bytes = Map.copyOf(bytes);
  }

  /*
   * The class histogram of the JVM itself, as in "jcmd GC.class_histogram": it collects garbage
   * first and then walks the heap, so it counts what lives, padding included, and guesses nothing.
   */
  private static final Pattern LINE =
      Pattern.compile("\\s*\\d+:\\s+\\d+\\s+(?<bytes>\\d+)\\s+(?<type>\\S+).*");

  /** Counts what lives now. */
  public static Heap walk() {
    var bytes = new HashMap<String, Long>();
    for (String line : histogram().split("\n", -1)) {
      var match = LINE.matcher(line);
      if (match.matches()) {
        bytes.merge(match.group("type"), Long.valueOf(match.group("bytes")), Long::sum);
      }
    }
    return new Heap(bytes);
  }

  private static String histogram() {
    try {
      return (String)
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  "gcClassHistogram",
                  new Object[] {new String[0]},
                  new String[] {String[].class.getName()});
    } catch (JMException e) {
      throw new IllegalStateException("this JVM has no class histogram", e);
    }
  }

  /** Returns what there is more than before. */
  public Heap minus(Heap before) {
    var more = new HashMap<>(bytes);
    before.bytes.forEach((type, size) -> more.merge(type, -size, Long::sum));
    return new Heap(more);
  }

  /** Prints the bytes for each of a number of things, and which classes they are of. */
  public void print(String what, int things) {
    long sum = bytes.values().stream().mapToLong(Long::longValue).sum();
    System.out.printf("%-46s %4d B%n", what, Math.round((double) sum / things));
    new TreeMap<>(bytes)
        .forEach(
            (type, size) -> {
              if (size >= things) {
                System.out.printf("  %-44s %6.1f%n", type, (double) size / things);
              }
            });
  }
}
