// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Another JVM that runs a class of these tests and prints lines. Closing it kills it. */
final class Child implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String END = "\0end";

  private final Process process;
  private final OutputStream lifeline;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final Thread reader;

  private Child(Process process) {
    this.process = process;
    this.lifeline = process.getOutputStream();
    this.reader = new Thread(this::read, "lines of process " + process.pid());
    reader.start();
  }

  static Child start(Class<?> main, String... arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-Xmx64m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    try {
      return new Child(
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Has a child die with its parent, whose end closes the child's standard input. */
  static void dieWithParent() {
    var watch =
        new Thread(
            () -> {
              try {
                while (System.in.read() >= 0) {
                  // nothing is ever written
                }
              } catch (IOException gone) {
                // as good as the end
              }
              Runtime.getRuntime().halt(3);
            },
            "parent watch");
    watch.setDaemon(true);
    watch.start();
  }

  private void read() {
    // A line counts once its newline has come: the last one may have been cut short by the kill.
    var line = new StringBuilder();
    try (var in =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (int c = in.read(); c >= 0; c = in.read()) {
        if (c == '\n') {
          lines.add(line.toString());
          line.setLength(0);
        } else {
          line.append((char) c);
        }
      }
    } catch (IOException gone) {
      // its end
    } finally {
      lines.add(END);
    }
  }

  /** Returns the next line; empty once the process has ended and all its lines were read. */
  Optional<String> nextLine() throws InterruptedException {
    String line = lines.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    if (line == null) {
      throw new AssertionError("no line from " + process + " within " + PATIENCE);
    }
    if (line.equals(END)) {
      lines.add(END);
      return Optional.empty();
    }
    return Optional.of(line);
  }

  /** Reads lines until one that begins so; returns all, that one included. */
  List<String> linesUntil(String start) throws InterruptedException {
    var read = new ArrayList<String>();
    for (Optional<String> line = nextLine(); line.isPresent(); line = nextLine()) {
      read.add(line.get());
      if (line.get().startsWith(start)) {
        return read;
      }
    }
    throw new AssertionError(process + " ended before it printed \"" + start + "\": " + read);
  }

  /** Kills the process as {@code kill -9} does, and returns the lines that were not read yet. */
  List<String> kill() throws InterruptedException {
    process.toHandle().destroyForcibly(); // the process's own method would close its pipes, too
    return rest();
  }

  /** Returns whether {@link #terminate} asks the process to end, as SIGTERM does. */
  boolean canBeAsked() {
    return process.supportsNormalTermination();
  }

  /** Asks the process to end. */
  void terminate() {
    process.toHandle().destroy();
  }

  /** Stops the process where it is, as SIGSTOP does, until it is told to go on. */
  void stop() {
    signal("STOP");
  }

  /** Lets a stopped process go on. */
  void goOn() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      Process kill =
          new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start();
      if (kill.waitFor() != 0) {
        throw new AssertionError("kill -" + name + " " + process.pid() + " failed");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits until the process has ended, and returns the lines that were not read yet. */
  List<String> rest() throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError(process + " did not end within " + PATIENCE);
    }
    reader.join(PATIENCE.toMillis());
    var rest = new ArrayList<String>();
    for (Optional<String> line = nextLine(); line.isPresent(); line = nextLine()) {
      rest.add(line.get());
    }
    return rest;
  }

  int exitValue() {
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      lifeline.close();
      process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (IOException gone) {
      // it was dead already
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
