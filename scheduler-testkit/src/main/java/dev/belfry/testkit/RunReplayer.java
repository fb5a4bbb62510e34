// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit;

import static java.util.Objects.requireNonNull;

import dev.belfry.Job;
import dev.belfry.Rehearsal;
import dev.belfry.store.Codec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Goes over exported runs with the present code of their jobs, to find out before a deploy whether
 * runs that are under way will go on with it.
 *
 * <pre>{@code
 * RunReplayer.of(onboarding, billing).replay(Path.of("src/test/runs")).assertSame();
 * }</pre>
 *
 * <p>Nothing is done on the way: a step that is not stored ends the replay of its run, and its body
 * is not called. There is no store, and it is the time at which the run was exported. The code
 * between the parts runs. {@link Rehearsal} says more. Immutable.
 */
public final class RunReplayer {
  private final List<Job<?>> jobs;
  private final Codec codec;

  private RunReplayer(List<Job<?>> jobs, Codec codec) {
    this.jobs = jobs;
    this.codec = codec;
  }

  /**
   * Returns a replayer for runs of these jobs, that reads values by the standard codec.
   *
   * @param jobs the jobs of the runs, and those that they invoke; best all of the application
   */
  public static RunReplayer of(Job<?>... jobs) {
    return new RunReplayer(List.of(jobs), Codec.standard());
  }

  /** Returns a replayer that reads values by another codec: that of the scheduler. */
  public RunReplayer withCodec(Codec newCodec) {
    return new RunReplayer(jobs, requireNonNull(newCodec, "codec"));
  }

  /**
   * Goes over the runs of a file, one a line, or of all files in a directory whose names end in
   * {@code .json} or {@code .jsonl}, in the order of their names.
   *
   * @throws IllegalArgumentException if there is no run, or something is none
   */
  public Replay replay(Path fileOrDirectory) throws IOException {
    var runs = new LinkedHashMap<String, Rehearsal>();
    for (Path file : files(fileOrDirectory)) {
      try (Reader reader = Files.newBufferedReader(file)) {
        read(file.toString(), reader, runs);
      }
    }
    return replay(fileOrDirectory.toString(), runs);
  }

  /**
   * Goes over the runs of a text, one a line.
   *
   * @param text not closed
   * @throws IllegalArgumentException if there is no run, or something is none
   */
  public Replay replay(Reader text) throws IOException {
    var runs = new LinkedHashMap<String, Rehearsal>();
    read("text", text, runs);
    return replay("the text", runs);
  }

  private static Replay replay(String source, Map<String, Rehearsal> runs) {
    if (runs.isEmpty()) {
      throw new IllegalArgumentException(
          "there is no exported run in " + source + "; SchedulerClient.exportRun writes one");
    }
    return new Replay(runs);
  }

  private static List<Path> files(Path fileOrDirectory) throws IOException {
    if (!Files.isDirectory(fileOrDirectory)) {
      return List.of(fileOrDirectory);
    }
    try (Stream<Path> files = Files.list(fileOrDirectory)) {
      return files.filter(RunReplayer::isOfRuns).sorted().toList();
    }
  }

  private static boolean isOfRuns(Path file) {
    return file.toString().endsWith(".json") || file.toString().endsWith(".jsonl");
  }

  private void read(String source, Reader text, Map<String, Rehearsal> runs) throws IOException {
    var lines = new BufferedReader(text);
    int number = 1;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String place = source + ":" + number++;
      if (!line.isBlank()) {
        runs.put(place, rehearse(place, line));
      }
    }
  }

  private Rehearsal rehearse(String place, String document) {
    var host = VirtualTime.from(Instant.EPOCH, 0).newHost(); // nobody moves its time
    try {
      return Rehearsal.of(document, codec, host, jobs.toArray(Job<?>[]::new));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(place + ": " + e.getMessage(), e);
    }
  }
}
