// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static java.util.Objects.requireNonNull;

import dev.belfry.run.EventId;
import dev.belfry.run.RunId;
import dev.belfry.run.Status;
import dev.belfry.run.Trigger;
import dev.belfry.run.TypeRef;
import dev.belfry.store.MemoKey;
import dev.belfry.store.PassReport;
import dev.belfry.store.TransactionCall;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a handler, or a branch of one, sees of its run, and what it leaves there. */
final class PassContext implements JobContext {
  private static final Logger log = LoggerFactory.getLogger(JobContext.class);

  /** What a pass and its branches have in common. */
  private record Shared(
      PassFrame frame,
      RunMemos run,
      PassNotes notes,
      PassProgress progress,
      List<Consumer<? super Status>> finishers) {}

  private final Shared shared;
  private final PassFrame frame;
  private final PassNotes notes;
  private final PassThread thread;
  private final PassCourse course;
  private final Runnable interrupter;
  private final String scope;
  private final Instant start;
  private @Nullable Parts parts; // most handlers have none

  /** What the parts of a handler are made by. */
  private final class Parts {
    private final PassMemos memos = new PassMemos(shared.run, thread, course, frame, scope, start);
    private final PassSteps steps = new PassSteps(frame, memos, interrupter);
    private final PassSleeps sleeps = new PassSleeps(frame, memos);
    private final PassWaits waits = new PassWaits(frame, memos);
    private final PassPolls polls = new PassPolls(frame, memos);
    private final PassValues values = new PassValues(frame, memos);
    private final PassMaps maps = new PassMaps(frame, memos, notes);
    private final PassBranches branches = new PassBranches(frame, PassContext.this, memos);
    private final PassChildren children = new PassChildren(frame, memos);
    private final PassTransactions transactions = new PassTransactions(frame, memos);
  }

  /** Creates the context of a pass. */
  PassContext(PassFrame frame) {
    this(frame, new PassCourse());
  }

  private PassContext(PassFrame frame, PassCourse course) {
    this(
        new Shared(
            frame,
            new RunMemos(frame, course),
            new PassNotes(frame.host()),
            new PassProgress(frame),
            new CopyOnWriteArrayList<>()),
        course,
        frame.interrupter(),
        "",
        start(frame));
  }

  private PassContext(
      Shared shared, PassCourse course, Runnable interrupter, String scope, Instant start) {
    this.shared = shared;
    this.frame = shared.frame;
    this.notes = shared.notes;
    this.thread = new PassThread(frame.claim().id());
    this.course = course;
    this.interrupter = interrupter;
    this.scope = scope;
    this.start = start;
  }

  private Parts parts() {
    thread.check();
    Parts made = parts;
    if (made == null) {
      made = new Parts();
      parts = made;
    }
    return made;
  }

  /** Returns the context of a branch, which begins on the caller's thread. */
  PassContext branch(String itsScope) {
    Thread own = Thread.currentThread();
    return new PassContext(
        shared,
        course.branch(),
        thread.isCurrent() ? frame.interrupter() : own::interrupt,
        itsScope,
        requireNonNull(parts, "a branch is a part").memos.lookBackTo());
  }

  /** The first wait of a run is to miss nothing that came after what the run was made for. */
  private static Instant start(PassFrame frame) {
    Trigger trigger = frame.claim().trigger();
    return trigger.event().flatMap(event -> trigger.nominal()).orElse(frame.claim().createdAt());
  }

  void begin() {
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
    for (MemoKey key : shared.run.unmet()) {
      notes.log("\"" + key.id() + "\" is stored, and this code does not have it");
    }
  }

  /** Tells those who want to know that the run has come to its end. */
  void finished(Status status) {
    for (Consumer<? super Status> finisher : shared.finishers) {
      try {
        finisher.accept(status);
      } catch (Throwable thrown) { // a stranger's code; the run has ended all the same
        log.warn("what run {} was to do at its end failed", runId(), thrown);
      }
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
        parts()
            .memos
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
  public void progress(long done, long total) {
    thread.check();
    shared.progress.say(done, total);
  }

  @Override
  public void onFinish(Consumer<? super Status> action) {
    thread.check();
    shared.finishers.add(requireNonNull(action, "action"));
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
    return parts().steps.run(id, options, type, body);
  }

  @Override
  public <C, T extends @Nullable Object, X extends Exception> T transaction(
      String id,
      TypeRef<T> type,
      Class<C> resource,
      TransactionCall<? super C, ? extends T, X> body)
      throws X {
    return parts().transactions.run(id, type, resource, body);
  }

  @Override
  public <T, R extends @Nullable Object> MapResult<R> map(
      String id,
      Collection<? extends T> items,
      TypeRef<R> type,
      MapOptions<T> options,
      ItemContextCall<? super T, ? extends R> body) {
    return parts().maps.map(id, items, type, options, body);
  }

  @Override
  public <T extends @Nullable Object> List<T> parallel(
      String id, List<? extends Branch<? extends T>> several) throws Exception {
    return parts().branches.run(id, several);
  }

  // Others

  @Override
  public <I extends @Nullable Object, O extends @Nullable Object> O invoke(
      String id, ResultJob<I, O> job, I input) {
    return parts().children.invoke(id, JobDefinition.of(job), input);
  }

  @Override
  public <I extends @Nullable Object> RunId enqueue(
      String id, Job<I> job, I input, EnqueueOptions options) {
    return parts().children.enqueue(id, JobDefinition.of(job), input, options);
  }

  @Override
  public <I extends @Nullable Object> void enqueueAll(
      String id,
      Job<I> job,
      Map<String, ? extends I> inputs,
      Function<? super I, EnqueueOptions> options) {
    parts().children.enqueueAll(id, JobDefinition.of(job), inputs, options);
  }

  @Override
  public RunId enqueueGroup(String id, RunGroup group) {
    return parts().children.enqueueGroup(id, group);
  }

  @Override
  public <E> EventId send(String id, EventType<E> type, E data) {
    return parts().children.send(id, type, data);
  }

  // Waiting

  @Override
  public void sleep(String id, Duration time) {
    parts().sleeps.sleep(id, time);
  }

  @Override
  public void sleepUntil(String id, Instant end) {
    parts().sleeps.sleepUntil(id, end);
  }

  @Override
  public <E> Optional<Event<E>> waitForEvent(
      String id, EventType<E> type, EventMatch<E> match, Duration timeout) {
    return parts().waits.forOne(id, type, match, timeout);
  }

  @Override
  public Optional<Event<?>> waitForAny(String id, Duration timeout, Awaited... events) {
    if (events.length == 0) {
      throw new IllegalArgumentException("wait \"" + id + "\" must be for at least one event");
    }
    return parts()
        .waits
        .forAny(id, Stream.of(events).map(Awaited::of).toList(), timeout)
        .map(event -> event);
  }

  @Override
  public <S> S waitUntil(String id, TypeRef<S> type, Polling polling, Poll.Look<S> look)
      throws Exception {
    return parts().polls.until(id, type, polling, look);
  }

  // Values

  @Override
  public Instant now() {
    return parts().values.now();
  }

  @Override
  public RandomGenerator random() {
    return parts().values.random();
  }

  @Override
  public UUID uuid() {
    return parts().values.uuid();
  }

  @Override
  public int version(String change, int min, int max) {
    return parts().values.version(change, min, max);
  }
}
