// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The time that processes have spent on processors, as Linux accounts for it. In microseconds; 0
 * where there is no {@code /proc}.
 *
 * <p>Ticks of 10 ms are too coarse for a server of many short-lived processes, so a process of one
 * thread is asked for its nanoseconds.
 */
final class Cpu {
  private static final long MICROS_PER_TICK = 10_000;
  private static final OperatingSystemMXBean THIS_PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private Cpu() {}

  /** Returns what this process has spent. */
  static long ofThisProcess() {
    return THIS_PROCESS.getProcessCpuTime() / 1_000;
  }

  /** Returns what a process and its children have spent, those included that have ended. */
  static long ofServer(long pid) {
    if (pid == 0) {
      return 0;
    }
    long children =
        ProcessHandle.of(pid).stream()
            .flatMap(ProcessHandle::children)
            .mapToLong(child -> ofProcess(child.pid()))
            .sum();
    return ofProcess(pid) + ofEndedChildren(pid) + children;
  }

  private static long ofProcess(long pid) {
    try {
      Path process = Path.of("/proc", Long.toString(pid));
      if (isSingleThreaded(process)) {
        return Long.parseLong(Files.readString(process.resolve("schedstat")).split(" ", 0)[0])
            / 1_000;
      }
      return ticks(process, 14, 15);
    } catch (IOException | NumberFormatException gone) {
      return 0;
    }
  }

  private static long ofEndedChildren(long pid) {
    try {
      return ticks(Path.of("/proc", Long.toString(pid)), 16, 17);
    } catch (IOException gone) {
      return 0;
    }
  }

  private static boolean isSingleThreaded(Path process) throws IOException {
    try (Stream<Path> threads = Files.list(process.resolve("task"))) {
      return threads.limit(2).count() == 1;
    }
  }

  /** Returns the sum of two fields, counted from 1 as in proc(5), of a process's {@code stat}. */
  private static long ticks(Path process, int user, int system) throws IOException {
    String stat = Files.readString(process.resolve("stat"));
    // the second field is a name in parentheses, which may have blanks
    List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", 0));
    return (Long.parseLong(fields.get(user - 3)) + Long.parseLong(fields.get(system - 3)))
        * MICROS_PER_TICK;
  }
}
