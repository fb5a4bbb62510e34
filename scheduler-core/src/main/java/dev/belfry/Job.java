// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.OnActive;
import dev.belfry.run.RunEnd;
import dev.belfry.run.TypeRef;
import dev.belfry.schedule.Schedule;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A named piece of work: what it takes, what it does, and when and how it runs. A value: it does
 * nothing until it is registered with a {@link Scheduler}. The name is the job's identity in the
 * store.
 *
 * <pre>{@code
 * Job<Email> sendEmail = Job.named("send-email", Email.class)
 *     .retry(RetryPolicy.exponential(ofSeconds(2)).withMaxAttempts(5))
 *     .handler((ctx, email) -> mailer.send(email, ctx.idempotencyKey()));
 * }</pre>
 *
 * @param <I> the type of the input; {@link Void} for none
 */
public sealed interface Job<I extends @Nullable Object> permits ResultJob {
  /** Returns the name. */
  String name();

  /**
   * Begins a job without input.
   *
   * @param name 1 to 100 letters, digits and {@code . _ - / :}, beginning with a letter or digit
   * @throws IllegalArgumentException if the name is not of this form
   */
  static Builder<@Nullable Void> named(String name) {
    return new JobBuilder<>(name, JobBuilder.VOID);
  }

  /**
   * Begins a job with input.
   *
   * @param name as for {@link #named(String)}
   * @param input the type of the input, which the scheduler's codec must be able to carry
   */
  static <I> Builder<I> named(String name, Class<I> input) {
    return new JobBuilder<>(name, TypeRef.of(input));
  }

  /**
   * Begins a job with input of a generic type.
   *
   * @param name as for {@link #named(String)}
   * @param input the type of the input, which the scheduler's codec must be able to carry
   */
  static <I> Builder<I> named(String name, TypeRef<I> input) {
    return new JobBuilder<>(name, input);
  }

  /**
   * Collects what a job is; {@code handler} or {@code returning} ends it and checks the whole. A
   * builder is used once, by one thread.
   *
   * @param <I> the type of the input
   */
  interface Builder<I extends @Nullable Object> {
    /** Sets what people see in place of the name. Default: the name. */
    Builder<I> title(String title);

    /** Says what the job does. Default: nothing. */
    Builder<I> description(String description);

    /** Labels each run of the job. Default: none. */
    Builder<I> tags(String... tags);

    /** Takes over the runs that are stored under a former name of this job. */
    Builder<I> formerly(String name);

    /** Sets the queue, whose workers run this job. Default: {@code default}. */
    Builder<I> queue(String queue);

    /**
     * Sets which runs go first when workers are scarce. Default: 0.
     *
     * @param priority -4 to 4, higher first
     */
    Builder<I> priority(int priority);

    /**
     * Starts runs at the times of a schedule, which is called as the job is. For jobs without
     * input.
     */
    Builder<I> schedule(Schedule schedule);

    /** Starts runs with this input at the times of a schedule, which is called as the job is. */
    Builder<I> schedule(Schedule schedule, I input);

    /**
     * Starts runs with this input at the times of a schedule.
     *
     * @param id the id of the schedule, unique in the store; of the form of a job's name
     */
    Builder<I> schedule(String id, Schedule schedule, I input);

    /** Starts a run for each event of a type, with its data as input. */
    Builder<I> onEvent(EventType<? extends I> type);

    /**
     * Starts a run for each event of a type.
     *
     * @param mapping makes the input of the data; called by the node that delivers the event. If it
     *     throws, the run is BLOCKED
     */
    <E> Builder<I> onEvent(EventType<E> type, Function<? super E, ? extends I> mapping);

    /**
     * Starts a run for each event of a type that a filter takes.
     *
     * @param filter looks at the data; called by the node that delivers the event
     * @param mapping makes the input of the data, as above
     */
    <E> Builder<I> onEvent(
        EventType<E> type, Predicate<? super E> filter, Function<? super E, ? extends I> mapping);

    /** Sets what happens after a failure. Default: {@link RetryPolicy#defaults()}. */
    Builder<I> retry(RetryPolicy policy);

    /**
     * Limits one pass: when it is over, the handler is told and interrupted, and the attempt has
     * failed. Default: no limit, and a warning after an hour.
     */
    Builder<I> timeout(Duration ofOnePass);

    /**
     * Has runs that no handler could be started for in time end TIMED_OUT, without a handler and
     * without a retry: after an outage, say, or behind a limit. It is found out when a node claims
     * the run, so one that nobody claims stays as it is. Retries, and what goes on after a sleep or
     * on another node, have started before and are not concerned. Default: no limit.
     *
     * @param ofItsDueTime how long after its due time, by the store's clock, a run may be claimed
     *     for the first time; positive
     */
    Builder<I> startWithin(Duration ofItsDueTime);

    /**
     * Ends runs TIMED_OUT, without a retry, that have not ended some time after their first due
     * time, by the store's clock: whatever they do then. A handler that runs is interrupted, as by
     * {@link #timeout}; one that sleeps, waits, or waits for a retry is not called again. A run
     * that has not begun, and one that waits for a slot, ends when it is claimed; a BLOCKED one
     * when it is released. Default: no limit.
     *
     * @param ofItsDueTime positive, at most 36,525 days
     */
    Builder<I> finishWithin(Duration ofItsDueTime);

    /**
     * Cancels runs of the job that have not ended when an event comes whose key is that of their
     * input. The event must have been sent after the run was made, by the store's clock, or after
     * the event that has started the run; any node delivers it. A handler that runs is interrupted
     * within 2 s; a run that is not running ends when a node that knows the job claims it, at once
     * as a rule. Default: no event.
     *
     * @param type an event with a key; a job says for each type once what it cancels
     * @param key of an input, at most 200 characters; called by whoever makes the run
     */
    Builder<I> cancelOn(EventType<?> type, Function<? super I, String> key);

    /**
     * Cancels all runs of the job that have not ended when an event comes, whatever its key; else
     * as {@link #cancelOn(EventType, Function)}.
     */
    Builder<I> cancelOn(EventType<?> type);

    /**
     * Has at most so many runs of this job going at once, over all nodes of the store. A run takes
     * its slot when it is claimed and gives it back at the end of the pass, so one that sleeps,
     * waits, or waits for a retry holds none. Runs that do not fit are put aside and take no room
     * in any queue; whoever gives back a slot has the first of them, by due time, go on. Counted
     * are the runs that were enqueued by code that has the limit. Default: no limit.
     *
     * @param atOnce at least 1
     */
    Builder<I> limitRuns(int atOnce);

    /**
     * Has at most so many runs of each key going at once, as above.
     *
     * @param atOnce at least 1
     * @param key of an input, at most 200 characters, never null; called when a run is made. If it
     *     throws, {@code enqueue} does; a run that an event or a schedule makes is then limited
     *     together with all others without a key
     */
    Builder<I> limitRuns(int atOnce, Function<? super I, String> key);

    /**
     * Has at most so many runs going at once of all jobs that name this limit, as above; a run that
     * has several limits needs a slot of each.
     *
     * @param shared the name of the limit, of the form of a job's name
     * @param atOnce at least 1, and the same in all jobs that name it
     */
    Builder<I> limitRuns(String shared, int atOnce);

    /** Has at most so many runs of each key going at once, of all jobs that name this limit. */
    Builder<I> limitRuns(String shared, int atOnce, Function<? super I, String> key);

    /**
     * Has the runs of each key come one after another, over all nodes: by due time, then in the
     * order of being made, among those that are due. A run has its turn from its first claim to its
     * final state, and keeps it while it sleeps, waits, waits for a retry, or is BLOCKED; no other
     * run of its key starts meanwhile. A run that waits for another one of its own key, say by
     * {@code invoke}, waits for ever. Default: no order.
     *
     * @param key of an input, as for {@link #limitRuns(int, Function)}
     */
    Builder<I> inOrder(Function<? super I, String> key);

    /**
     * Spreads the starts of runs evenly, over all nodes: at most one in each {@code per / starts},
     * so that never more than {@code starts + 1} fall into any time of that length. Others wait and
     * start in the order of their due times; after an outage nothing is made up for. Counted is the
     * first start of a run, not a retry and not what goes on after a wait. Default: no throttle.
     *
     * @param starts at least 1
     * @param per by the store's clock; at least a microsecond a start
     */
    Builder<I> throttle(int starts, Duration per);

    /**
     * Spreads the starts of runs of each key, as above.
     *
     * @param key of an input, as for {@link #limitRuns(int, Function)}
     */
    Builder<I> throttle(int starts, Duration per, Function<? super I, String> key);

    /**
     * Lets so many runs of a time through, over all nodes; the others end SKIPPED, without a
     * handler. The first run that is due when or after a window has ended opens the next one, of
     * the length {@code per}; what counts are due times, not when a node gets round to a run.
     * Default: all runs.
     *
     * @param starts how many of a window; at least 1
     * @param per by the store's clock; at least a microsecond a start
     */
    Builder<I> rateLimit(int starts, Duration per);

    /**
     * Lets so many runs of each key through, as above.
     *
     * @param key of an input, as for {@link #limitRuns(int, Function)}
     */
    Builder<I> rateLimit(int starts, Duration per, Function<? super I, String> key);

    /**
     * Has one run of this job active at a time, over all nodes, from its first claim to its final
     * state: also while it sleeps, waits, waits for a retry, or is BLOCKED. Default: any number.
     *
     * @param onActive what becomes of a run that is to start meanwhile
     */
    Builder<I> singleton(OnActive onActive);

    /**
     * Has one run of each key active at a time, as above.
     *
     * @param key of an input, as for {@link #limitRuns(int, Function)}
     */
    Builder<I> singleton(OnActive onActive, Function<? super I, String> key);

    /**
     * Has a run start only once no other has come for a while: each is due this long after it was
     * made, and ends SKIPPED then if a newer one is there. So of many in a row the last one starts.
     * Default: each starts.
     *
     * @param quiet by the store's clock; positive
     */
    Builder<I> debounce(Duration quiet);

    /**
     * Does the same for the runs of each key by themselves.
     *
     * @param key of an input, as for {@link #limitRuns(int, Function)}
     */
    Builder<I> debounce(Duration quiet, Function<? super I, String> key);

    /**
     * As {@link #debounce(Duration)}, but not for ever: a run starts though newer ones are there
     * once the first of those in a row is as old as {@code max}.
     *
     * @param max longer than {@code quiet}
     */
    Builder<I> debounce(Duration quiet, Duration max);

    /** Does the same for the runs of each key by themselves. */
    Builder<I> debounce(Duration quiet, Duration max, Function<? super I, String> key);

    // What comes before and after

    /**
     * Starts a run after runs of another job, with the same input; see {@link #after(Job,
     * Function)}.
     */
    After<I> after(Job<? extends I> parent);

    /**
     * Starts a run, once, after each run of another job that ends as {@link After#on} says. It is
     * started by any node that knows this job, also if that is later. After several jobs means
     * after each of their runs, not after all of them.
     *
     * @param parent the other job; it need not be registered with the same schedulers
     * @param mapping makes the input of the other run's; called by the node that starts this one,
     *     perhaps twice. If it throws, the run is BLOCKED
     */
    <P extends @Nullable Object> After<I> after(
        Job<P> parent, Function<? super P, ? extends I> mapping);

    /**
     * As {@link #after(Job, Function)}, with what the other run returned.
     *
     * @param mapping makes the input of the other run's input and result, which is empty unless it
     *     completed with one
     */
    <P extends @Nullable Object, R extends @Nullable Object> After<I> after(
        ResultJob<P, R> parent, BiFunction<? super P, ? super Optional<R>, ? extends I> mapping);

    /**
     * Lets only those runs start that a condition takes; the others end SKIPPED. It is asked before
     * each attempt, not when a run goes on after a wait. Default: all runs.
     *
     * @param condition looks at the input; called on a worker. If it throws, the attempt has failed
     */
    Builder<I> onlyIf(Predicate<? super I> condition);

    /**
     * Calls something after each run that ended COMPLETED: as a run of its own, of the job {@code
     * <name>/onSuccess}, in the same queue, retried by {@link RetryPolicy#defaults()}. Default:
     * nothing.
     */
    Builder<I> onSuccess(InputBody<? super RunEnd> body);

    /**
     * Calls something after each run that ended FAILED or TIMED_OUT, as {@link #onSuccess} does;
     * the job is {@code <name>/onFailure}. Default: nothing.
     */
    Builder<I> onFailure(InputBody<? super RunEnd> body);

    /**
     * Calls something after each run, however it ended, as {@link #onSuccess} does; the job is
     * {@code <name>/onEnd}. Default: nothing.
     */
    Builder<I> onEnd(InputBody<? super RunEnd> body);

    /**
     * Has somebody told when one of these rules finds something; see {@link
     * SchedulerBuilder#onAlert}. Default: those that the scheduler has for all jobs.
     */
    Builder<I> alert(AlertRule... rules);

    /** Ends the builder with what a job without input does. */
    Job<I> handler(ContextBody body);

    /** Ends the builder with what the job does; the value of an expression is dropped. */
    Job<I> handler(InputBody<? super I> body);

    /** Ends the builder with what the job does and returns. */
    <O extends @Nullable Object> ResultJob<I, O> returning(
        Class<O> result, InputCall<? super I, ? extends O> body);

    /** Ends the builder with what the job does and returns, of a generic type. */
    <O extends @Nullable Object> ResultJob<I, O> returning(
        TypeRef<O> result, InputCall<? super I, ? extends O> body);

    /**
     * Ends the builder with what the job does with several runs at once. Runs that are due are
     * gathered, over all nodes, and one call gets them as soon as there are {@code maxSize}, or
     * when the first of them has waited for {@code maxWait}. Each stays a run of its own: those
     * that fail are retried by the policy of the job, at their time, together with whatever is
     * gathered then; the others are done. A batch takes one worker. Runs of different priorities do
     * not meet. Not for jobs that limit or order their runs.
     *
     * <pre>{@code
     * Job<Sale> report = Job.named("report-sale", Sale.class)
     *     .batch(100, ofSeconds(5), (ctx, sales) ->
     *         statistics.add(sales.stream().map(BatchItem::input).toList()));
     * }</pre>
     *
     * @param maxSize 1 to 1,000; the inputs of a batch are in memory together
     * @param maxWait how long after its due time a run waits for others, at most; a millisecond to
     *     a day
     */
    Job<I> batch(int maxSize, Duration maxWait, BatchBody<I> body);

    /**
     * As {@link #batch(int, Duration, BatchBody)}, where runs of a batch all have the same key.
     *
     * @param key of an input, as for {@link #limitRuns(int, Function)}
     */
    Job<I> batch(int maxSize, Duration maxWait, Function<? super I, String> key, BatchBody<I> body);
  }

  /**
   * A dependency whose ends are still to be said.
   *
   * @param <I> the type of the input of the job that depends
   */
  @FunctionalInterface
  interface After<I extends @Nullable Object> {
    /** Says after which ends of the other job's runs, and goes on with the builder. */
    Builder<I> on(On end);
  }
}
