// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The process of a contender, seen from the one that leads. Closing it ends it. For one thread.
 * What it prints beside its answers goes to a file.
 */
final class Child implements AutoCloseable {
  /** What each JVM is given, the same for all. */
  static final List<String> OPTIONS = List.of("-Xms1g", "-Xmx1g");

  /** How many minutes a command may take: longer than any does. */
  private static final int PATIENCE = 15;

  private final Contender contender;
  private final Path log;
  private final Process process;
  private final PrintStream commands;
  private final BufferedReader answers;

  private Child(Contender contender, Path log, Process process) {
    this.contender = contender;
    this.log = log;
    this.process = process;
    this.commands = new PrintStream(process.getOutputStream(), true, UTF_8);
    this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
  }

  /** Starts a process whose log is written to a folder. */
  static Child start(Contender contender, Path logs) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(OPTIONS);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Worker.class.getName()));
    command.add(contender.key());
    try {
      Files.createDirectories(logs);
      Path log = Files.createTempFile(logs, contender.key() + "-", ".log");
      return new Child(
          contender, log, new ProcessBuilder(command).redirectError(log.toFile()).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Contender contender() {
    return contender;
  }

  /** Has it carry out a command; returns the answer, which has come with success. */
  Message ask(Message command) {
    tell(command);
    return answer();
  }

  /** Gives a command whose answer is read later. */
  void tell(Message command) {
    commands.println(command);
  }

  /** Returns the answer to the command before. */
  Message answer() {
    Message answer = Message.parse(line());
    if (!answer.word().equals("ok")) {
      throw new IllegalStateException(
          contender.title() + " failed: " + answer.text("why") + "; see " + log);
    }
    return answer;
  }

  private String line() {
    try {
      String line = CompletableFuture.supplyAsync(this::readLine).get(PATIENCE, TimeUnit.MINUTES);
      if (line.isEmpty()) {
        throw new IllegalStateException(
            contender.title() + " has ended; what it printed is in " + log);
      }
      return line;
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          contender.title() + " gave no answer for " + PATIENCE + " minutes; see " + log, e);
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the next line; an empty one after the last. */
  private String readLine() {
    try {
      String line = answers.readLine();
      return line == null ? "" : line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the process at once, as {@code kill -9} does. */
  void kill() {
    process.toHandle().destroyForcibly();
  }

  @Override
  public void close() {
    kill();
    commands.close();
    try {
      process.waitFor(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
