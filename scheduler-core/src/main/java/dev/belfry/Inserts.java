// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.EventId;
import dev.belfry.run.KeyHeldException;
import dev.belfry.run.RunId;
import dev.belfry.run.Trigger;
import dev.belfry.run.Unique;
import dev.belfry.store.Accepted;
import dev.belfry.store.Due;
import dev.belfry.store.NewEvent;
import dev.belfry.store.NewGroup;
import dev.belfry.store.NewRun;
import dev.belfry.store.Payload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Turns calls to enqueue into inserts, whatever they are inserted by. Thread-safe. */
final class Inserts implements Enqueuer {
  private final Payloads payloads;
  private final RunIds ids;
  private final Handles handles;
  private final int batch;
  private final Function<List<NewRun>, List<Accepted>> insert;
  private final Function<NewGroup, List<Accepted>> insertGroup;
  private final Consumer<List<NewEvent>> send;

  /**
   * Creates an enqueuer.
   *
   * @param batch the most runs to insert at once
   * @param insert inserts all of a batch, or none
   * @param insertGroup inserts a group
   * @param send sends all of a batch, or none
   */
  Inserts(
      Payloads payloads,
      RunIds ids,
      Handles handles,
      int batch,
      Function<List<NewRun>, List<Accepted>> insert,
      Function<NewGroup, List<Accepted>> insertGroup,
      Consumer<List<NewEvent>> send) {
    this.payloads = payloads;
    this.ids = ids;
    this.handles = handles;
    this.batch = batch;
    this.insert = insert;
    this.insertGroup = insertGroup;
    this.send = send;
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
    for (int from = 0; from < runs.size(); from += Math.min(batch, runs.size())) {
      List<NewRun> next = runs.subList(from, from + Math.min(batch, runs.size() - from));
      insert.apply(next).forEach(accepted -> result.add(handles.of(accepted)));
    }
    return result;
  }

  @Override
  public GroupHandle enqueueGroup(RunGroup group) {
    NewGroup fresh = group.toInsert(payloads, ids.next());
    List<RunHandle> members = insertGroup.apply(fresh).stream().map(handles::of).toList();
    return new Group(handles.of(new Accepted.Created(fresh.id())), members);
  }

  private record Group(RunHandle then, List<RunHandle> members) implements GroupHandle {
    @Override
    public RunId id() {
      return then.id();
    }
  }

  @Override
  public <E> EventId send(EventType<E> type, E data) {
    return send(type, data, nextEvent());
  }

  @Override
  public <E> EventId send(EventType<E> type, E data, EventId id) {
    send.accept(List.of(newEvent(payloads, type, data, id)));
    return id;
  }

  @Override
  public <E> List<EventId> sendAll(EventType<E> type, Collection<? extends E> data) {
    var events = new ArrayList<NewEvent>(data.size());
    for (E one : data) {
      events.add(newEvent(payloads, type, one, nextEvent()));
    }
    for (int from = 0; from < events.size(); from += Math.min(batch, events.size())) {
      send.accept(events.subList(from, from + Math.min(batch, events.size() - from)));
    }
    return events.stream().map(NewEvent::id).toList();
  }

  private EventId nextEvent() {
    return new EventId(ids.next().value());
  }

  static <E> NewEvent newEvent(Payloads payloads, EventType<E> type, E data, EventId id) {
    Payload payload = payloads.encode("data of event \"" + type.name() + "\"", type.data(), data);
    return new NewEvent(id, type.name(), type.keyOf(data), payload);
  }

  private <I extends @Nullable Object> Accepted insertOne(
      JobDefinition<I, ?> job, I input, EnqueueOptions options) {
    NewRun run = newRun(job, input, options);
    Accepted accepted = insert.apply(List.of(run)).get(0);
    if (accepted instanceof Accepted.Rejected rejected) {
      throw new KeyHeldException(
          job.name(), run.unique().map(Unique::key).orElse(""), rejected.run());
    }
    return accepted;
  }

  private <I extends @Nullable Object> NewRun newRun(
      JobDefinition<I, ?> job, I input, EnqueueOptions options) {
    return newRun(payloads, ids.next(), job, input, options, Trigger.enqueue());
  }

  static <I extends @Nullable Object> NewRun newRun(
      Payloads payloads,
      RunId id,
      JobDefinition<I, ?> job,
      I input,
      EnqueueOptions options,
      Trigger trigger) {
    if (options.priority().isPresent() && job.limits().stream().anyMatch(RunLimit::isOrder)) {
      throw new IllegalArgumentException(
          "runs of job \""
              + job.name()
              + "\" come in order, so all have the job's priority; leave that of this run out");
    }
    NewRun run = NewRun.of(id, job.name(), payloads.input(job, input));
    NewRun placed = RunLimit.place(job, input, run);
    return placed
        .withPriority(options.priority().orElse(job.priority()))
        .withDue(dueOf(job, placed, options))
        .withTags(Stream.concat(job.tags().stream(), options.tags().stream()).distinct().toList())
        .withTrigger(options.actor().map(trigger::by).orElse(trigger))
        .withUnique(options.unique());
  }

  private static Due dueOf(JobDefinition<?, ?> job, NewRun placed, EnqueueOptions options) {
    boolean now = options.due() instanceof Due.Now;
    Optional<Duration> quiet = RunLimit.quiet(job);
    if (!now && quiet.isPresent()) {
      throw new IllegalArgumentException(
          "runs of job \""
              + job.name()
              + "\" are debounced, so each is due "
              + quiet.get()
              + " after it is made; leave the time of this run out");
    }
    return now ? placed.due() : options.due();
  }
}
