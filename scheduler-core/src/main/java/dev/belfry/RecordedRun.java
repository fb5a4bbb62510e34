// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.Failure;
import dev.belfry.run.Pass;
import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import dev.belfry.run.Trigger;
import dev.belfry.run.TypeRef;
import dev.belfry.store.Codec;
import dev.belfry.store.CodecException;
import dev.belfry.store.JobStore;
import dev.belfry.store.Memo;
import dev.belfry.store.RunRecord;
import dev.belfry.store.SentEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A run as it stood when it was exported. Its components are the properties of the document: one
 * may be added, none may change its meaning under the same {@code format}.
 *
 * @param format {@link #FORMAT}
 * @param run the id
 * @param at until when the run is recorded, by the store's clock: the end of its last pass, or the
 *     last sign of one that goes on
 * @param lastPass how its last pass ended
 * @param failure what its last pass died of
 * @param parts its memos, in the order in which they were last written
 */
record RecordedRun(
    String format,
    String run,
    String job,
    Status status,
    int attempt,
    long fence,
    int priority,
    Instant createdAt,
    Instant dueAt,
    Optional<Instant> startedAt,
    Instant at,
    Trigger trigger,
    List<String> tags,
    Map<String, String> notes,
    RecordedBytes input,
    Optional<RecordedEvent> event,
    Optional<RecordedBytes> result,
    Optional<Pass.Event> lastPass,
    Optional<Failure> failure,
    List<RecordedPart> parts) {
  static final String FORMAT = "belfry-run-1";
  private static final Codec JSON = Codec.standard();
  private static final TypeRef<RecordedRun> TYPE = TypeRef.of(RecordedRun.class);
  private static final int MOST_READS = 10;

  /**
   * Reads a run from a store.
   *
   * @throws IllegalArgumentException if there is no such run
   */
  static RecordedRun read(JobStore store, RunId id) {
    RunRecord before = find(store, id);
    for (int reads = 1; ; reads++) {
      List<Memo> memos = store.memos(List.of(id)).getOrDefault(id, List.of());
      List<Pass> passes = store.passes(id);
      RunRecord after = find(store, id);
      boolean stood = before.fence() == after.fence() && before.run().equals(after.run());
      if (stood || reads == MOST_READS) { // one that never stands is recorded as it runs
        return of(after, event(store, after.run().trigger()), passes, memos);
      }
      before = after;
    }
  }

  private static RunRecord find(JobStore store, RunId id) {
    return store.runs(List.of(id)).stream()
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no run " + id));
  }

  private static Optional<SentEvent> event(JobStore store, Trigger trigger) {
    return trigger.event().flatMap(id -> store.events(List.of(id)).stream().findFirst());
  }

  private static RecordedRun of(
      RunRecord record, Optional<SentEvent> event, List<Pass> passes, List<Memo> memos) {
    Run run = record.run();
    Optional<Pass> last =
        passes.isEmpty() ? Optional.empty() : Optional.of(passes.get(passes.size() - 1));
    return new RecordedRun(
        FORMAT,
        run.id().toString(),
        run.job(),
        run.status(),
        attempt(run.state(), last),
        record.fence(),
        run.priority(),
        run.createdAt(),
        run.dueAt(),
        run.startedAt(),
        at(run, last, memos),
        run.trigger(),
        run.tags(),
        run.notes(),
        RecordedBytes.of(record.input()),
        event.map(RecordedEvent::of),
        record.result().map(RecordedBytes::of),
        last.map(Pass::event),
        last.flatMap(Pass::failure),
        memos.stream().map(RecordedPart::of).toList());
  }

  private static int attempt(RunState state, Optional<Pass> last) {
    return state instanceof RunState.Open open ? open.attempt() : last.map(Pass::attempt).orElse(0);
  }

  private static Instant at(Run run, Optional<Pass> last, List<Memo> memos) {
    Instant ended = last.map(Pass::endedAt).orElse(run.createdAt());
    if (run.state() instanceof RunState.Running running) {
      Instant written = memos.isEmpty() ? ended : memos.get(memos.size() - 1).writtenAt();
      return written.isAfter(running.since()) ? written : running.since();
    }
    return ended;
  }

  String toJson() {
    return new String(JSON.encode(TYPE, this), StandardCharsets.UTF_8);
  }

  /**
   * Reads a document.
   *
   * @throws IllegalArgumentException if it is no exported run
   */
  static RecordedRun parse(String json) {
    RecordedRun run;
    try {
      run = JSON.decode(TYPE, json.getBytes(StandardCharsets.UTF_8));
    } catch (CodecException e) {
      throw new IllegalArgumentException(
          "not an exported run, at " + e.path() + ": " + e.problem(), e);
    }
    if (!FORMAT.equals(run.format)) {
      throw new IllegalArgumentException(
          "format of an exported run must be \"" + FORMAT + "\", was \"" + run.format + "\"");
    }
    return run;
  }

  RunId id() {
    return RunId.parse(run);
  }

  List<Memo> memos() {
    return parts.stream().map(RecordedPart::memo).toList();
  }
}
