// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.store.Accepted;
import dev.belfry.store.JobStore;
import dev.belfry.store.MemoWrite;
import dev.belfry.store.RunRecord;
import dev.belfry.store.SentEvent;
import dev.belfry.store.Verdict;
import dev.belfry.store.WaitHit;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A store with one recorded run. It answers what a pass asks, and keeps nothing. */
final class RecordedStore implements InvocationHandler {
  /*
   * A proxy, as a pass uses six of the store's many methods, and the rest is refused alike.
   */
  private final RecordedRun recorded;

  private RecordedStore(RecordedRun recorded) {
    this.recorded = recorded;
  }

  static JobStore of(RecordedRun recorded) {
    return (JobStore)
        Proxy.newProxyInstance(
            JobStore.class.getClassLoader(),
            new Class<?>[] {JobStore.class},
            new RecordedStore(recorded));
  }

  @Override
  public Object invoke(Object proxy, Method method, Object @Nullable [] arguments) {
    return switch (method.getName()) {
      case "memos" -> Map.of(recorded.id(), recorded.memos());
      case "events" -> event().map(List::of).orElse(List.of());
      case "record" -> verdicts(arguments);
      case "runs" -> List.<RunRecord>of();
      case "insert" -> List.<Accepted>of();
      case "lookBack" -> List.<WaitHit>of();
      default ->
          throw new UnsupportedOperationException(
              "a recorded run has no store for " + method.getName() + "()");
    };
  }

  private Optional<SentEvent> event() {
    return recorded.event().map(RecordedEvent::sent);
  }

  /** Says that all was written: a pass that is refused would take the run for another's. */
  private static List<Verdict> verdicts(Object @Nullable [] arguments) {
    @SuppressWarnings("unchecked") // record(NodeId, List<MemoWrite>)
    List<MemoWrite> writes = arguments == null ? List.of() : (List<MemoWrite>) arguments[1];
    return writes.stream().map(write -> Verdict.APPLIED).toList();
  }
}
