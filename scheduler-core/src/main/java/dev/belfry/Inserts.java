// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.KeyHeldException;
import dev.belfry.run.Trigger;
import dev.belfry.run.Unique;
import dev.belfry.store.Accepted;
import dev.belfry.store.NewRun;
import dev.belfry.store.Payload;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Turns calls to enqueue into inserts, whatever they are inserted by. Thread-safe. */
final class Inserts implements Enqueuer {
  private static final int BATCH = 1_000;

  private final Payloads payloads;
  private final RunIds ids;
  private final UnaryOperator<List<NewRun>> check;
  private final Function<List<NewRun>, List<Accepted>> insert;
  private final Handles handles;

  Inserts(
      Payloads payloads,
      RunIds ids,
      UnaryOperator<List<NewRun>> check,
      Function<List<NewRun>, List<Accepted>> insert,
      Handles handles) {
    this.payloads = payloads;
    this.ids = ids;
    this.check = check;
    this.insert = insert;
    this.handles = handles;
  }

  @Override
  @SuppressWarnings("NullAway") // the input of a Job<Void> is null
  public RunHandle enqueue(Job<@Nullable Void> job) {
    return enqueue(job, null);
  }

  @Override
  public <I extends @Nullable Object> RunHandle enqueue(Job<I> job, I input) {
    return enqueue(job, input, EnqueueOptions.now());
  }

  @Override
  public <I extends @Nullable Object, O extends @Nullable Object> ResultHandle<O> enqueue(
      ResultJob<I, O> job, I input) {
    return enqueue(job, input, EnqueueOptions.now());
  }

  @Override
  public <I extends @Nullable Object> RunHandle enqueue(
      Job<I> job, I input, EnqueueOptions options) {
    return handles.of(insertOne(JobDefinition.of(job), input, options));
  }

  @Override
  public <I extends @Nullable Object, O extends @Nullable Object> ResultHandle<O> enqueue(
      ResultJob<I, O> job, I input, EnqueueOptions options) {
    JobDefinition<I, O> definition = JobDefinition.of(job);
    return handles.of(insertOne(definition, input, options), definition);
  }

  @Override
  public <I extends @Nullable Object> List<RunHandle> enqueueAll(
      Job<I> job, Collection<? extends I> inputs) {
    JobDefinition<I, ?> definition = JobDefinition.of(job);
    var runs = new ArrayList<NewRun>(inputs.size());
    for (I input : inputs) { // all are encoded before the first is inserted: bad input, no run
      runs.add(newRun(definition, input, EnqueueOptions.now()));
    }
    var result = new ArrayList<RunHandle>(runs.size());
    for (int from = 0; from < runs.size(); from += BATCH) {
      List<NewRun> batch = runs.subList(from, Math.min(runs.size(), from + BATCH));
      insert.apply(check.apply(batch)).forEach(accepted -> result.add(handles.of(accepted)));
    }
    return result;
  }

  private <I extends @Nullable Object> Accepted insertOne(
      JobDefinition<I, ?> job, I input, EnqueueOptions options) {
    NewRun run = newRun(job, input, options);
    Accepted accepted = insert.apply(check.apply(List.of(run))).get(0);
    if (accepted instanceof Accepted.Rejected rejected) {
      throw new KeyHeldException(
          job.name(), run.unique().map(Unique::key).orElse(""), rejected.run());
    }
    return accepted;
  }

  private <I extends @Nullable Object> NewRun newRun(
      JobDefinition<I, ?> job, I input, EnqueueOptions options) {
    Payload payload = payloads.input(job, input);
    Trigger trigger = Trigger.enqueue();
    return NewRun.of(ids.next(), job.name(), payload)
        .withQueue(job.queue())
        .withPriority(options.priority().orElse(job.priority()))
        .withDue(options.due())
        .withTags(Stream.concat(job.tags().stream(), options.tags().stream()).distinct().toList())
        .withTrigger(options.actor().map(trigger::by).orElse(trigger))
        .withUnique(options.unique());
  }
}
