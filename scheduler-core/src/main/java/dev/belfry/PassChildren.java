// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.EventId;
import dev.belfry.run.KeyHeldException;
import dev.belfry.run.RunId;
import dev.belfry.run.Trigger;
import dev.belfry.run.TypeRef;
import dev.belfry.run.Unique;
import dev.belfry.store.Accepted;
import dev.belfry.store.Memo;
import dev.belfry.store.MemoKey;
import dev.belfry.store.MemoKind;
import dev.belfry.store.MemoValue;
import dev.belfry.store.NewGroup;
import dev.belfry.store.NewMemo;
import dev.belfry.store.NewRun;
import dev.belfry.store.Payload;
import dev.belfry.store.RunRecord;
import dev.belfry.store.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a pass starts outside of its run: runs of other jobs, and events. */
final class PassChildren {
  /*
   * The ids of what is started follow from the run and the part. So it is started once, however often
   * a pass dies between that and the memo.
   */
  private static final TypeRef<String> TEXT = TypeRef.of(String.class);

  private static final int MOST_AT_ONCE = 1_000;

  private final PassFrame frame;
  private final PassMemos memos;
  private final Payloads payloads;

  PassChildren(PassFrame frame, PassMemos memos) {
    this.frame = frame;
    this.memos = memos;
    this.payloads = frame.payloads();
  }

  private RunId idFor(MemoKey part) {
    return PassValues.idFor(frame.claim().id(), part);
  }

  /** Has another job do something, and waits for what comes of it. */
  <I extends @Nullable Object, O extends @Nullable Object> O invoke(
      String id, JobDefinition<I, O> job, I input) {
    checkKnown(job);
    NewRun child = newRun(job, input, EnqueueOptions.now());
    try (PassMemos.Part part = memos.enter(id, MemoKind.INVOKE, TypeWords.of(job.result()))) {
      Optional<Memo> begun = part.begun();
      NewMemo pending =
          begun.map(part::stillPending).orElseGet(() -> part.pending(Optional.empty()));
      boolean over = part.value(MemoValue.class).filter(MemoValue::isSettled).isPresent();
      if (!over && begun.isEmpty()) {
        part.goOn();
        part.write(pending); // first, so that the child's end finds it
      }
      RunId childId = idFor(part.key());
      if (!over) {
        frame.store().insert(List.of(child.withId(childId).withWatched(true)));
        over = begun.isPresent() && takeEnd(part, childId);
      }
      if (!over) {
        throw part.suspend(pending, part + ", run " + childId + " of job " + job.name());
      }
      return payloads.decode(job.result(), part.end().orElseThrow());
    }
  }

  /** Settles the part itself if the child has ended, and nobody has come to say so. */
  private boolean takeEnd(PassMemos.Part part, RunId child) {
    Optional<RunRecord> ended =
        frame.store().runs(List.of(child)).stream()
            .filter(record -> record.run().status().isFinal())
            .findFirst();
    if (ended.isEmpty()) {
      return false;
    }
    NewMemo end = part.memo(ChildDelivery.valueOf(ended.get()));
    if (memos.run().write(List.of(end)).get(0) == Verdict.REFUSED && !memos.run().isHeld()) {
      throw memos.run().lost(part.toString());
    }
    part.findAgain();
    return true;
  }

  /** Starts a run that goes its own way. */
  <I extends @Nullable Object> RunId enqueue(
      String id, JobDefinition<I, ?> job, I input, EnqueueOptions options) {
    checkKnown(job);
    NewRun child = newRun(job, input, options);
    try (PassMemos.Part part = memos.enter(id, MemoKind.STEP, "run")) {
      Optional<Payload> before = part.result();
      if (before.isPresent()) {
        return RunId.parse(payloads.decode(TEXT, before.get()));
      }
      part.goOn();
      Accepted accepted = frame.store().insert(List.of(child.withId(idFor(part.key())))).get(0);
      if (accepted instanceof Accepted.Rejected rejected) {
        throw new KeyHeldException(
            job.name(), child.unique().map(Unique::key).orElse(""), rejected.run());
      }
      keep(part, accepted.run().toString());
      return accepted.run();
    }
  }

  /** Starts runs that go their own ways. */
  <I extends @Nullable Object> void enqueueAll(
      String id,
      JobDefinition<I, ?> job,
      Map<String, ? extends I> inputs,
      Function<? super I, EnqueueOptions> options) {
    checkKnown(job);
    if (inputs.size() > MOST_AT_ONCE) {
      throw new IllegalArgumentException(
          "a part starts at most " + MOST_AT_ONCE + " runs, was to start " + inputs.size());
    }
    try (PassMemos.Part part = memos.enter(id, MemoKind.STEP, "runs")) {
      if (part.result().isPresent()) {
        return;
      }
      part.goOn();
      var children = new ArrayList<NewRun>(inputs.size());
      inputs.forEach((key, input) -> children.add(child(part.key(), key, job, input, options)));
      frame.store().insert(children);
      keep(part, String.valueOf(children.size()));
    }
  }

  private <I extends @Nullable Object> NewRun child(
      MemoKey part,
      String key,
      JobDefinition<I, ?> job,
      I input,
      Function<? super I, EnqueueOptions> options) {
    NewRun child = newRun(job, input, options.apply(input));
    if (child.unique().isPresent()) {
      throw new IllegalArgumentException(
          "runs that are started together have no unique key, had \""
              + child.unique().get().key()
              + "\"; use enqueue");
    }
    String number = Integer.toString(part.occurrence());
    RunId id =
        PassValues.idFor(frame.claim().id(), part.scope(), part.id(), number, MemoKey.of(key).id());
    return child.withId(id);
  }

  /** Starts a group of runs that goes its own way. */
  RunId enqueueGroup(String id, RunGroup group) {
    try (PassMemos.Part part = memos.enter(id, MemoKind.STEP, "group")) {
      Optional<Payload> before = part.result();
      if (before.isPresent()) {
        return RunId.parse(payloads.decode(TEXT, before.get()));
      }
      NewGroup fresh = group.toInsert(payloads, idFor(part.key()));
      fresh.members().forEach(member -> checkKnown(member.job()));
      checkKnown(fresh.then());
      part.goOn();
      frame.store().insert(fresh);
      keep(part, fresh.id().toString());
      return fresh.id();
    }
  }

  /** Sends an event. */
  <E> EventId send(String id, EventType<E> type, E data) {
    try (PassMemos.Part part = memos.enter(id, MemoKind.STEP, "event")) {
      Optional<Payload> before = part.result();
      var event = new EventId(idFor(part.key()).value());
      if (before.isEmpty()) {
        part.goOn();
        frame.store().send(List.of(Inserts.newEvent(payloads, type, data, event)));
        keep(part, event.toString());
      }
      return event;
    }
  }

  private void keep(PassMemos.Part part, String id) {
    part.write(part.memo(new MemoValue.Result(payloads.encode("id of " + part, TEXT, id))));
    part.settled();
  }

  private <I extends @Nullable Object> NewRun newRun(
      JobDefinition<I, ?> job, I input, EnqueueOptions options) {
    return Inserts.newRun(
        payloads, frame.claim().id(), job, input, options, Trigger.parent(frame.claim().id()));
  }

  private void checkKnown(JobDefinition<?, ?> job) {
    checkKnown(job.name());
  }

  private void checkKnown(String job) {
    Jobs known = frame.settings().jobs();
    if (known.find(job) == null) {
      throw new IllegalArgumentException(
          "job \""
              + job
              + "\" is not registered with this scheduler; registered: "
              + known.names());
    }
  }
}
