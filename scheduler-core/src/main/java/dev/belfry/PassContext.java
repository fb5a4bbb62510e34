// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.RunId;
import dev.belfry.run.Trigger;
import dev.belfry.run.TypeRef;
import dev.belfry.store.MemoKey;
import dev.belfry.store.PassReport;
import dev.belfry.store.TransactionCall;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a handler, or a branch of one, sees of its run, and what it leaves there. */
final class PassContext implements JobContext {
  private final PassFrame frame;
  private final PassNotes notes;
  private final PassThread thread;
  private final PassCourse course;
  private final PassMemos memos;
  private final PassSteps steps;
  private final PassSleeps sleeps;
  private final PassWaits waits;
  private final PassValues values;
  private final PassTransactions transactions;

  /** Creates the context of a pass. */
  PassContext(PassFrame frame) {
    this.frame = frame;
    this.notes = new PassNotes(frame.host());
    this.thread = new PassThread(frame.claim().id());
    this.course = new PassCourse();
    var run = new RunMemos(frame, course);
    this.memos = new PassMemos(run, thread, course, frame, "", start(frame));
    this.steps = new PassSteps(frame, memos, frame.interrupter());
    this.sleeps = new PassSleeps(frame, memos);
    this.waits = new PassWaits(frame, memos);
    this.values = new PassValues(frame, memos);
    this.transactions = new PassTransactions(frame, memos);
  }

  /** The first wait of a run is to miss nothing that came after what the run was made for. */
  private static Instant start(PassFrame frame) {
    Trigger trigger = frame.claim().trigger();
    return trigger.event().flatMap(event -> trigger.nominal()).orElse(frame.claim().createdAt());
  }

  void begin() {
    notes.begin();
    thread.begin();
  }

  void end() {
    thread.end();
  }

  /** Returns whether the pass could go on, whatever its handler returned or threw. */
  PassCourse course() {
    return course;
  }

  /** Notes, at the end of a run, which parts are stored that its code does not have any more. */
  void noteUnmet() {
    for (MemoKey key : memos.run().unmet()) {
      notes.log("\"" + key.id() + "\" is stored, and this code does not have it");
    }
  }

  PassReport report(Duration waited, Duration ran) {
    return notes.report(waited, ran);
  }

  // About the run

  @Override
  public RunId runId() {
    return frame.claim().id();
  }

  @Override
  public String job() {
    return frame.claim().job();
  }

  @Override
  public int attempt() {
    return frame.claim().attempt();
  }

  @Override
  public long fence() {
    return frame.claim().fence();
  }

  @Override
  public String idempotencyKey() {
    return frame.claim().id().toString();
  }

  @Override
  public String stepKey() {
    MemoKey part =
        memos
            .inside()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "stepKey() is a step's and was asked for outside of one;"
                            + " idempotencyKey() is the run's"));
    return PassSteps.keyOf(frame, part);
  }

  @Override
  public Instant dueAt() {
    return frame.claim().trigger().nominal().orElse(frame.claim().dueAt());
  }

  @Override
  public Trigger trigger() {
    return frame.claim().trigger();
  }

  @Override
  public <E> Optional<Event<E>> event(EventType<E> type) {
    return trigger()
        .event()
        .flatMap(id -> frame.store().events(List.of(id)).stream().findFirst())
        .filter(sent -> sent.name().equals(type.name()))
        .map(sent -> ReceivedEvent.of(sent, type, frame.payloads()));
  }

  @Override
  public List<String> tags() {
    return frame.claim().tags();
  }

  @Override
  public void items(long succeeded, long failed) {
    thread.check();
    notes.items(succeeded, failed);
  }

  @Override
  public void note(String key, String value) {
    thread.check();
    notes.note(key, value);
  }

  @Override
  public void log(String line) {
    thread.check();
    notes.log(line);
  }

  @Override
  public boolean cancelled() {
    return frame.cancelled().getAsBoolean() || !leaseHeld();
  }

  @Override
  public boolean leaseHeld() {
    return frame.leaseHeld().getAsBoolean() && course.broken().isEmpty();
  }

  // Steps

  @Override
  public <T extends @Nullable Object, X extends Exception> T step(
      String id, StepOptions options, TypeRef<T> type, StepContextCall<? extends T, X> body)
      throws X {
    return steps.run(id, options, type, body);
  }

  @Override
  public <C, T extends @Nullable Object, X extends Exception> T transaction(
      String id,
      TypeRef<T> type,
      Class<C> resource,
      TransactionCall<? super C, ? extends T, X> body)
      throws X {
    return transactions.run(id, type, resource, body);
  }

  // Waiting

  @Override
  public void sleep(String id, Duration time) {
    sleeps.sleep(id, time);
  }

  @Override
  public void sleepUntil(String id, Instant end) {
    sleeps.sleepUntil(id, end);
  }

  @Override
  public <E> Optional<Event<E>> waitForEvent(
      String id, EventType<E> type, EventMatch<E> match, Duration timeout) {
    return waits.forOne(id, type, match, timeout);
  }

  @Override
  public Optional<Event<?>> waitForAny(String id, Duration timeout, Awaited... events) {
    if (events.length == 0) {
      throw new IllegalArgumentException("wait \"" + id + "\" must be for at least one event");
    }
    return waits
        .forAny(id, Stream.of(events).map(Awaited::of).toList(), timeout)
        .map(event -> event);
  }

  // Values

  @Override
  public Instant now() {
    return values.now();
  }

  @Override
  public RandomGenerator random() {
    return values.random();
  }

  @Override
  public UUID uuid() {
    return values.uuid();
  }

  @Override
  public int version(String change, int min, int max) {
    return values.version(change, min, max);
  }
}
