// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.host.Host;
import dev.belfry.run.NodeId;
import dev.belfry.run.TypeRef;
import dev.belfry.store.Claimed;
import dev.belfry.store.Codec;
import dev.belfry.store.CodecException;
import dev.belfry.store.JobStore;
import dev.belfry.store.Memo;
import dev.belfry.store.MemoKey;
import dev.belfry.store.Payload;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A pass of a recorded run by present code, which goes no further than what is stored. */
final class RehearsedPass implements PassWatch {
  /*
   * What is wrong with a stored part is noted where it is met, and thrown as ever: a handler may
   * catch it, and it stays noted. All of this is on one thread, branches included.
   */
  private static final NodeId NOBODY = new NodeId(new UUID(0, 0));

  /** What a pass has come to. */
  sealed interface End {}

  /** The handler has returned. */
  record Returned(Payload result) implements End {}

  /** The handler has thrown. */
  record Threw(Throwable thrown) implements End {}

  /** The handler is suspended on parts that the run was suspended on, or may be. */
  record Suspended(PassCourse.Suspension on) implements End {}

  private final RecordedRun recorded;
  private final Codec codec;
  private final Map<MemoKey, Memo> stored = new LinkedHashMap<>();
  private final Set<MemoKey> met = new HashSet<>();
  private final List<Next> stops = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private final Set<Throwable> thrownFaults = Collections.newSetFromMap(new IdentityHashMap<>());
  private String last = "input";
  private @Nullable End end;
  private Optional<String> swallowed = Optional.empty();

  RehearsedPass(RecordedRun recorded, Codec codec) {
    this.recorded = recorded;
    this.codec = codec;
    recorded.memos().forEach(memo -> stored.put(memo.key(), memo));
    String writer = recorded.input().codec();
    if (!writer.equals(codec.id())) {
      throw new IllegalArgumentException(
          "run "
              + recorded.run()
              + " was written by codec \""
              + writer
              + "\", and is read by \""
              + codec.id()
              + "\"; read it by the codec of its scheduler");
    }
  }

  void go(JobDefinition<?, ?> job, Host host, Job<?>... jobs) {
    JobStore store = RecordedStore.of(recorded);
    Settings settings =
        Scheduler.builder()
            .store(store)
            .codec(new NotingCodec())
            .host(host)
            .register(jobs)
            .settings();
    carryOut(
        job,
        settings.payloads(),
        new PassFrame(
            claim(),
            NOBODY,
            settings,
            new MemoWriter(host, store),
            host.nanoTime(),
            () -> false,
            () -> true,
            () -> {},
            this));
  }

  private Claimed claim() {
    return new Claimed(
        recorded.id(),
        0,
        recorded.job(),
        Math.max(2, recorded.fence()), // the first pass of all would not look for memos
        recorded.attempt(),
        false,
        recorded.createdAt(),
        recorded.dueAt(),
        recorded.dueAt(),
        recorded.at(),
        recorded.startedAt().orElse(recorded.at()),
        recorded.input().payload(),
        recorded.trigger(),
        recorded.tags(),
        Optional.empty(),
        0,
        Optional.empty(),
        Optional.empty());
  }

  @SuppressWarnings("ReferenceEquality") // there is one signal
  private <I extends @Nullable Object, O extends @Nullable Object> void carryOut(
      JobDefinition<I, O> job, Payloads payloads, PassFrame frame) {
    var context = new PassContext(frame);
    Throwable thrown = null;
    try {
      I input = payloads.decode(job.input(), frame.claim().input());
      context.begin();
      end = new Returned(payloads.result(job, job.call().run(context, input)));
    } catch (Throwable any) { // a stranger's code
      thrown = any;
      end = new Threw(any);
    } finally {
      context.end();
    }
    PassCourse course = context.course();
    if (course.suspension().isPresent()) {
      if (thrown != PassCourse.SIGNAL) {
        course.swallow();
      }
      end = new Suspended(course.suspension().get());
    }
    swallowed = course.swallowed();
  }

  // What it meets

  @Override
  public void met(MemoKey key) {
    met.add(key);
    Memo memo = stored.get(key);
    if (memo != null) {
      last = RecordedCourse.words(memo.key(), memo.kind());
    }
  }

  @Override
  public void refused(IllegalStateException change) {
    note(String.valueOf(change.getMessage()), change);
  }

  @Override
  public boolean stopsBefore(Supplier<Next> next) {
    stops.add(next.get());
    return true;
  }

  private void note(String fault, Throwable thrown) {
    faults.add(fault);
    thrownFaults.add(thrown);
  }

  /** Reads as another codec does, and notes what that can't read. */
  private final class NotingCodec implements Codec {
    @Override
    public String id() {
      return codec.id();
    }

    @Override
    public void check(TypeRef<?> type) {
      codec.check(type);
    }

    @Override
    public <T extends @Nullable Object> byte[] encode(TypeRef<T> type, T value) {
      return codec.encode(type, value);
    }

    @Override
    public <T extends @Nullable Object> T decode(TypeRef<T> type, byte[] bytes) {
      try {
        return codec.decode(type, bytes);
      } catch (CodecException undecodable) {
        note(last + ": " + undecodable.getMessage(), undecodable);
        throw undecodable;
      }
    }
  }

  // What came of it

  /** Returns what is wrong with stored parts that it has met, in that order. */
  List<String> faults() {
    return faults;
  }

  /** Returns whether it ended by such a part, so that what comes after is not known. */
  boolean isBroken() {
    return end instanceof Threw threw && thrownFaults.contains(threw.thrown());
  }

  /** Returns what it would have done next, in each branch that came so far. */
  List<Next> stops() {
    return stops;
  }

  boolean hasMet(MemoKey key) {
    return met.contains(key);
  }

  /** Returns what the handler was suspended on and did not let itself be unwound from. */
  Optional<String> swallowed() {
    return swallowed;
  }

  End end() {
    return end == null ? new Threw(new IllegalStateException("it has not been gone over")) : end;
  }
}
