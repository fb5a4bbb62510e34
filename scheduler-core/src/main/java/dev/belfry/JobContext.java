// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.EventId;
import dev.belfry.run.RunId;
import dev.belfry.run.Status;
import dev.belfry.run.Trigger;
import dev.belfry.run.TypeRef;
import dev.belfry.store.TransactionCall;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A run, as its handler sees it during one pass. For the handler's thread only: calls from another
 * thread and calls after the pass throw {@link IllegalStateException}, except {@link #cancelled()}
 * and {@link #leaseHeld()}, which any thread may ask.
 */
public interface JobContext {
  /** Returns the id of the run. */
  RunId runId();

  /** Returns the name of the job. */
  String job();

  /** Returns which attempt this is, from 1. */
  int attempt();

  /**
   * Returns a number that grows with every claim of the run. Hand it to resources that can refuse
   * writes with an older one; then a body that outlived its lease does no harm there.
   */
  long fence();

  /**
   * Returns a key that stays the same over all attempts of the run. Hand it to services that do
   * something once per key.
   */
  String idempotencyKey();

  /**
   * Returns the key of the step whose body calls this; {@link StepContext#key()} is the same.
   *
   * @throws IllegalStateException outside of a step
   */
  String stepKey();

  /**
   * Returns the tick that a run of a schedule stands for, or when the event was sent that has
   * started the run; of other runs, the due time of this start: after a sleep, of its end.
   */
  Instant dueAt();

  /** Returns what started the run. */
  Trigger trigger();

  /**
   * Returns the event that started the run, if it was one of this type. It is read from the store,
   * which keeps events for 7 days by default; what is needed for longer belongs to the input.
   */
  <E> Optional<Event<E>> event(EventType<E> type);

  /** Returns the run's labels. */
  List<String> tags();

  /**
   * Counts items that this pass processed; calls add up. A run that completes with failed items is
   * a partial success.
   *
   * @param succeeded a negative number takes back what was counted in this pass
   * @param failed as above
   * @throws IllegalArgumentException if more is taken back than was counted
   */
  void items(long succeeded, long failed);

  /**
   * Says how far the run is, for {@link SchedulerClient#progress} while it runs. Written once a
   * second at most, so that it may be called for each item.
   *
   * @param done not negative
   * @param total how much there is to do, at least {@code done}; 0 if that is not known
   */
  void progress(long done, long total);

  /**
   * Has something done once the run comes to its end in this pass, whichever way; an end without a
   * pass, as of a run that is cancelled while it sleeps, is nobody's. For what {@code finally}
   * should not do at each sleep. Each pass says it anew, best at its beginning.
   *
   * @param action called on the handler's thread, before the end is stored; what it throws is
   *     logged
   */
  void onFinish(Consumer<? super Status> action);

  /**
   * Keeps a note with the run; a later note of the same key replaces it.
   *
   * @param key at most 100 characters
   * @param value cut at 1,000 characters
   * @throws IllegalStateException if the pass has 100 notes already
   */
  void note(String key, String value);

  /**
   * Keeps a line with the run, with the time since the start of the pass. At most 64 KiB a pass;
   * what is more is dropped and the log says so.
   */
  void log(String line);

  // Steps

  /**
   * Does something, and remembers that it is done: later passes of the run find the memo and do not
   * call the body again. It is called until it has succeeded once.
   *
   * <pre>{@code
   * ctx.step("welcome", () -> mail.send(user, "welcome"));
   * ctx.sleep("wait-1-day", ofDays(1));
   * }</pre>
   *
   * <p>A body that throws fails the attempt, as what it threw comes out of this method; {@link
   * StepOptions} say otherwise. The body may have been carried out twice, if the process died
   * before its memo was written: {@link StepContext#key()} helps others to tell.
   *
   * <p>The body runs on the handler's thread and does not use this context, but for {@link
   * #stepKey()}, {@link #cancelled()}, {@link #log}, {@link #note} and {@link #items}.
   *
   * @param id names this part of the run, 1 to 200 characters. Its n-th use in a pass stands for
   *     the n-th in the others; after one that failed the pass can't use it again
   * @throws X what the body throws
   * @throws IllegalStateException if called inside of another part; if the id stood for something
   *     else in an earlier pass; or if the run was taken over meanwhile
   * @throws dev.belfry.retry.NonRetryableException if the run has 1,000 steps already
   * @throws dev.belfry.store.StoreException if the memo can't be written; then the pass can't go on
   */
  default <X extends Exception> void step(String id, StepBody<X> body) throws X {
    step(id, StepOptions.USUAL, body);
  }

  /** As {@link #step(String, StepBody)}, for a body that asks about itself. */
  default <X extends Exception> void step(String id, StepContextBody<X> body) throws X {
    step(id, StepOptions.USUAL, body);
  }

  /** As {@link #step(String, StepBody)}, with options. */
  default <X extends Exception> void step(String id, StepOptions options, StepBody<X> body)
      throws X {
    this.<@Nullable Void, X>step(
        id,
        options,
        JobBuilder.VOID,
        step -> {
          body.run();
          return null;
        });
  }

  /** As {@link #step(String, StepBody)}, with options, for a body that asks about itself. */
  default <X extends Exception> void step(String id, StepOptions options, StepContextBody<X> body)
      throws X {
    this.<@Nullable Void, X>step(
        id,
        options,
        JobBuilder.VOID,
        step -> {
          body.run(step);
          return null;
        });
  }

  /**
   * As {@link #step(String, StepBody)}, with a value, which is kept in the memo and comes back as
   * it is decoded from there, from the first pass on.
   *
   * @param type the type of the value, which is encoded as results are, at most 4 MiB, and 32 MiB
   *     for all steps of a run
   */
  default <T extends @Nullable Object, X extends Exception> T step(
      String id, Class<T> type, StepCall<? extends T, X> body) throws X {
    return step(id, StepOptions.USUAL, TypeRef.of(type), step -> body.call());
  }

  /** As {@link #step(String, Class, StepCall)}, for a body that asks about itself. */
  default <T extends @Nullable Object, X extends Exception> T step(
      String id, Class<T> type, StepContextCall<? extends T, X> body) throws X {
    return step(id, StepOptions.USUAL, TypeRef.of(type), body);
  }

  /** As {@link #step(String, Class, StepCall)}, for any type. */
  default <T extends @Nullable Object, X extends Exception> T step(
      String id, TypeRef<T> type, StepCall<? extends T, X> body) throws X {
    return step(id, StepOptions.USUAL, type, step -> body.call());
  }

  /** As {@link #step(String, Class, StepContextCall)}, for any type. */
  default <T extends @Nullable Object, X extends Exception> T step(
      String id, TypeRef<T> type, StepContextCall<? extends T, X> body) throws X {
    return step(id, StepOptions.USUAL, type, body);
  }

  /** As {@link #step(String, Class, StepCall)}, with options. */
  default <T extends @Nullable Object, X extends Exception> T step(
      String id, StepOptions options, Class<T> type, StepCall<? extends T, X> body) throws X {
    return step(id, options, TypeRef.of(type), step -> body.call());
  }

  /** As {@link #step(String, Class, StepContextCall)}, with options. */
  default <T extends @Nullable Object, X extends Exception> T step(
      String id, StepOptions options, Class<T> type, StepContextCall<? extends T, X> body)
      throws X {
    return step(id, options, TypeRef.of(type), body);
  }

  /** As {@link #step(String, Class, StepCall)}, with options, for any type. */
  default <T extends @Nullable Object, X extends Exception> T step(
      String id, StepOptions options, TypeRef<T> type, StepCall<? extends T, X> body) throws X {
    return step(id, options, type, step -> body.call());
  }

  /** As {@link #step(String, Class, StepContextCall)}, with options, for any type. */
  <T extends @Nullable Object, X extends Exception> T step(
      String id, StepOptions options, TypeRef<T> type, StepContextCall<? extends T, X> body)
      throws X;

  /**
   * Does something in the store's database exactly once for this run. The rows that the body writes
   * and the memo that it is done are committed together, if this pass still holds the run; later
   * passes of the run find the memo and do not call the body again.
   *
   * <pre>{@code
   * ctx.transaction("book", Connection.class, connection -> ledger.book(connection, order));
   * }</pre>
   *
   * <p>A body that throws is rolled back; what it threw comes out of this method. The body neither
   * commits, rolls back nor closes: it is one transaction at READ COMMITTED, on a connection of the
   * store, and its end is not its own. It may enqueue by {@code store.within(connection)}; by the
   * scheduler it would need a second connection while it holds one. It should be short: it holds a
   * connection, and for an H2 file the right to write, of all that the node does.
   *
   * @param id names this part of the run, 1 to 200 characters. Its n-th use in a pass stands for
   *     the n-th in the others; after one that failed the pass can't use it again
   * @param resource what the body works with: {@code java.sql.Connection} for a {@code
   *     JdbcJobStore}
   * @throws X what the body throws
   * @throws IllegalStateException if the run was taken over meanwhile, so that nothing was kept; if
   *     called inside of another transaction; or if the id stood for something else in an earlier
   *     pass
   * @throws dev.belfry.store.StoreException if the store has no transactions, or it failed. After
   *     one of kind UNKNOWN the pass can't go on; the next one finds out
   */
  default <C, X extends Exception> void transaction(
      String id, Class<C> resource, TransactionBody<? super C, X> body) throws X {
    this.<C, @Nullable Void, X>transaction(
        id,
        JobBuilder.VOID,
        resource,
        open -> {
          body.run(open);
          return null;
        });
  }

  /**
   * As {@link #transaction(String, Class, TransactionBody)}, with a value, which is kept in the
   * memo and comes back as it is decoded from there, from the first pass on.
   *
   * @param type the type of the value, which is encoded as results are, at most 1 MiB
   */
  default <C, T extends @Nullable Object, X extends Exception> T transaction(
      String id, Class<T> type, Class<C> resource, TransactionCall<? super C, ? extends T, X> body)
      throws X {
    return transaction(id, TypeRef.of(type), resource, body);
  }

  /** As {@link #transaction(String, Class, Class, TransactionCall)}, for any type. */
  <C, T extends @Nullable Object, X extends Exception> T transaction(
      String id,
      TypeRef<T> type,
      Class<C> resource,
      TransactionCall<? super C, ? extends T, X> body)
      throws X;

  // Many things

  /**
   * Does something with each of many items, and remembers each of them by itself: later passes do
   * only what is left. Items that fail do not keep the others from being done; they are counted, as
   * {@link #items} does, so that the run is a partial success.
   *
   * <p>The items should be the same in every pass, so they are best the value of a step, and known
   * by a key: see {@link MapOptions#keyedBy}. Items are no steps: a map has up to 100,000.
   *
   * @param id names this part of the run, as for {@link #step(String, StepBody)}
   * @param type the type of what each returns, as the value of a step
   * @throws StepFailedException if more items have failed than are tolerated
   */
  default <T, R extends @Nullable Object> MapResult<R> map(
      String id,
      Collection<? extends T> items,
      Class<R> type,
      ItemCall<? super T, ? extends R> body) {
    return map(id, items, TypeRef.of(type), MapOptions.<T>usual(), (item, step) -> body.call(item));
  }

  /** As {@link #map(String, Collection, Class, ItemCall)}, for a body that asks about itself. */
  default <T, R extends @Nullable Object> MapResult<R> map(
      String id,
      Collection<? extends T> items,
      Class<R> type,
      ItemContextCall<? super T, ? extends R> body) {
    return map(id, items, TypeRef.of(type), MapOptions.<T>usual(), body);
  }

  /** As {@link #map(String, Collection, Class, ItemCall)}, with options. */
  default <T, R extends @Nullable Object> MapResult<R> map(
      String id,
      Collection<? extends T> items,
      Class<R> type,
      MapOptions<T> options,
      ItemCall<? super T, ? extends R> body) {
    return map(id, items, TypeRef.of(type), options, (item, step) -> body.call(item));
  }

  /** As {@link #map(String, Collection, Class, ItemCall)}, with options, for any type. */
  <T, R extends @Nullable Object> MapResult<R> map(
      String id,
      Collection<? extends T> items,
      TypeRef<R> type,
      MapOptions<T> options,
      ItemContextCall<? super T, ? extends R> body);

  /**
   * Goes several ways side by side, each with steps and waits of its own, on threads of their own.
   * If one fails, the others go on to their next wait or end first, and its failure comes out of
   * here; the first one's, if there are several.
   *
   * <pre>{@code
   * ctx.parallel("ship",
   *     Branch.of("mail", branch -> branch.step("send", () -> mail.send(order))),
   *     Branch.of("parcel", branch -> branch.sleep("dry", ofHours(2))));
   * }</pre>
   *
   * @param id names this part of the run, as for {@link #step(String, StepBody)}
   * @param branches with different names
   * @throws Exception what a branch throws
   */
  default void parallel(String id, Branch<?>... branches) throws Exception {
    this.<@Nullable Object>parallel(id, List.of(branches));
  }

  /** As {@link #parallel(String, Branch...)}, and returns what each returned, in order. */
  <T extends @Nullable Object> List<T> parallel(
      String id, List<? extends Branch<? extends T>> branches) throws Exception;

  // Others

  /**
   * Has another job do something in a run of its own, waits for it, and returns its result.
   *
   * @param id names this part of the run, as for {@link #step(String, StepBody)}
   * @throws StepFailedException if that run does not end COMPLETED
   */
  <I extends @Nullable Object, O extends @Nullable Object> O invoke(
      String id, ResultJob<I, O> job, I input);

  /** Starts a run that goes its own way, once; see {@link Enqueuer#enqueue(Job, Object)}. */
  default <I extends @Nullable Object> RunId enqueue(String id, Job<I> job, I input) {
    return enqueue(id, job, input, EnqueueOptions.now());
  }

  /**
   * As {@link #enqueue(String, Job, Object)}, with options.
   *
   * @throws dev.belfry.run.KeyHeldException if its unique key is held and it is to be rejected then
   */
  <I extends @Nullable Object> RunId enqueue(
      String id, Job<I> job, I input, EnqueueOptions options);

  /**
   * Starts runs of a job that go their own ways, each once: all in one commit. If the pass dies
   * before it is known that they were started, the next one starts those that are not there yet.
   *
   * @param id names this part of the run, as for {@link #step(String, StepBody)}
   * @param inputs by what tells the runs apart, 1 to 200 characters; at most 1,000
   * @param options how each is enqueued; without a unique key
   */
  <I extends @Nullable Object> void enqueueAll(
      String id,
      Job<I> job,
      Map<String, ? extends I> inputs,
      Function<? super I, EnqueueOptions> options);

  /**
   * Starts a group of runs that goes its own way, once; see {@link Enqueuer#enqueueGroup}. To go on
   * after them here, {@link #parallel} has several runs invoked; or have the run after the group
   * send an event, and wait for that.
   *
   * @return the id of the group
   */
  RunId enqueueGroup(String id, RunGroup group);

  /** Sends an event, once; see {@link Enqueuer#send(EventType, Object)}. */
  <E> EventId send(String id, EventType<E> type, E data);

  // Waiting. While a run waits, it holds neither a thread nor a slot of a limit.

  /**
   * Ends this pass and has the run go on later, here. The end of the sleep is stored when it
   * begins; a longer or shorter time in later code does not move it.
   *
   * <p>The handler is left by an {@link Error} that is to be let pass: code that catches it can't
   * go on, as each later call throws it again. {@code finally} blocks run at each such end; {@link
   * #onFinish} is for what is to run once.
   *
   * @param id names this part of the run, as for {@link #step(String, StepBody)}
   * @param time zero to 100 years
   */
  void sleep(String id, Duration time);

  /**
   * As {@link #sleep}, until an instant by the store's clock.
   *
   * @param end in the years 1 to 9999; one in the past is no sleep, but ends the pass all the same
   */
  void sleepUntil(String id, Instant end);

  /**
   * Waits for an event of a key: one that is sent while the run waits, or was sent since the end of
   * the sleep or wait, or the start of the step, that came before; or, if nothing did, since the
   * run was made. An event ends one wait of a run at most. The end of the time is stored when the
   * wait begins.
   *
   * @param id names this part of the run, as for {@link #step(String, StepBody)}
   * @param type is keyed; see {@link EventType#keyedBy}
   * @param timeout zero to 100 years
   * @return the event, or empty if the time was over before
   */
  default <E> Optional<Event<E>> waitForEvent(
      String id, EventType<E> type, String key, Duration timeout) {
    return waitForEvent(id, type, EventMatch.key(key), timeout);
  }

  /**
   * As {@link #waitForEvent(String, EventType, String, Duration)}, for an event that a predicate
   * takes. Each event of the type has the handler begin a pass to ask; prefer a key.
   */
  default <E> Optional<Event<E>> waitForEvent(
      String id, EventType<E> type, Predicate<? super E> match, Duration timeout) {
    return waitForEvent(id, type, EventMatch.where(match), timeout);
  }

  /** As {@link #waitForEvent(String, EventType, String, Duration)}, for an event that matches. */
  <E> Optional<Event<E>> waitForEvent(
      String id, EventType<E> type, EventMatch<E> match, Duration timeout);

  /**
   * Waits for the first event of several kinds; the others stay free for later waits.
   *
   * @return the event, whose type {@link Event#as} tells, or empty if the time was over before
   */
  Optional<Event<?>> waitForAny(String id, Duration timeout, Awaited... events);

  /**
   * Looks at something again and again, with pauses in which the run holds nothing, until it is
   * what it should be.
   *
   * <pre>{@code
   * Payment paid = ctx.waitUntil("paid", Payment.class, Polling.every(ofMinutes(1)).upTo(60), last -> {
   *   Payment now = bank.status(order);
   *   return now.isSettled() ? Poll.done(now) : Poll.again(now);
   * });
   * }</pre>
   *
   * @param id names this part of the run, as for {@link #step(String, StepBody)}
   * @param type the type of what is carried from look to look, and returned in the end
   * @throws StepFailedException if all looks were in vain
   * @throws Exception what a look throws, which fails the attempt
   */
  default <S> S waitUntil(String id, Class<S> type, Polling polling, Poll.Look<S> look)
      throws Exception {
    return waitUntil(id, TypeRef.of(type), polling, look);
  }

  /** As {@link #waitUntil(String, Class, Polling, Poll.Look)}, for any type. */
  <S> S waitUntil(String id, TypeRef<S> type, Polling polling, Poll.Look<S> look) throws Exception;

  // Values that are the same in all passes

  /**
   * Returns the time of the store at the first call in this place, in microseconds. Calls of all
   * passes are told apart by their number, here and for {@link #random()} and {@link #uuid()}.
   */
  Instant now();

  /** Returns a source of numbers that draws the same in every pass. Not for secrets. */
  RandomGenerator random();

  /** Returns a UUID of version 4 that is the same in every pass. Not for secrets. */
  UUID uuid();

  /**
   * Returns which version of the code a run is to follow from here: {@code max} for one that comes
   * by for the first time, {@code min} for one that has been further before this call was added,
   * and what it got then for one that has had an answer.
   *
   * <pre>{@code
   * if (ctx.version("two-reminders", 0, 1) == 1) {
   *   ctx.step("second-reminder", () -> mail.send(user, "again"));
   * }
   * }</pre>
   *
   * @param change names the change, 1 to 200 characters
   * @param min the oldest version that this code can still follow
   * @param max the newest
   * @throws IllegalStateException if the run follows a version that this code does not know
   */
  int version(String change, int min, int max);

  /** Returns whether the handler should end early: it was cancelled or timed out, or we close. */
  boolean cancelled();

  /** Returns whether this node's lease is valid, so that no other node runs this run too. */
  boolean leaseHeld();
}
