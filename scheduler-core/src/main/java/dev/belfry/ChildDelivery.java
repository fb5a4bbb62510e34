// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.Failure;
import dev.belfry.run.RunId;
import dev.belfry.run.RunState;
import dev.belfry.run.Trigger;
import dev.belfry.store.Delivery;
import dev.belfry.store.Delivery.Effect;
import dev.belfry.store.JobStore;
import dev.belfry.store.Memo;
import dev.belfry.store.MemoKind;
import dev.belfry.store.MemoValue;
import dev.belfry.store.RunRecord;
import java.util.List;
import java.util.Optional;

/** Brings the ends of runs to the runs that have invoked them. Not on the control loop. */
final class ChildDelivery {
  /*
   * The id of a child follows from its parent and the part that invokes it. So the part is found
   * among those of the parent that wait, and nothing need be stored for it.
   */
  private final JobStore store;

  ChildDelivery(JobStore store) {
    this.store = store;
  }

  /** Returns what follows for a parent, if there is one that waits. */
  List<Effect> effects(RunRecord child) {
    return Optional.of(child.run().trigger())
        .filter(trigger -> trigger.kind() == Trigger.Kind.PARENT)
        .flatMap(Trigger::origin)
        .flatMap(parent -> waiting(parent, child.run().id()))
        .<List<Effect>>map(
            memo ->
                List.of(
                    new Delivery.WakeRun(
                        child.run().trigger().origin().orElseThrow(), memo.key(), valueOf(child))))
        .orElse(List.of());
  }

  private Optional<Memo> waiting(RunId parent, RunId child) {
    return store.memos(List.of(parent)).getOrDefault(parent, List.of()).stream()
        .filter(memo -> memo.kind() == MemoKind.INVOKE && !memo.value().isSettled())
        .filter(memo -> PassValues.idFor(parent, memo.key()).equals(child))
        .findFirst();
  }

  /** Returns what an ended run means to the part that has invoked it. */
  static MemoValue valueOf(RunRecord child) {
    RunState state = child.run().state();
    if (state instanceof RunState.Completed && child.result().isPresent()) {
      return new MemoValue.Result(child.result().get());
    } else if (state instanceof RunState.Failed failed) {
      return new MemoValue.Failed(failed.failure());
    } else if (state instanceof RunState.TimedOut timedOut) {
      return new MemoValue.Failed(timedOut.failure());
    }
    return new MemoValue.Failed(
        Failure.of(
            "run " + state.status(), "run " + child.run().id() + " " + Handles.endOf(state)));
  }
}
