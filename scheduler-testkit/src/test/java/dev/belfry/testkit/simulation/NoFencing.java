// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import static java.util.Objects.requireNonNull;

import dev.belfry.run.NodeId;
import dev.belfry.run.RunState;
import dev.belfry.store.Exchanged;
import dev.belfry.store.JobStore;
import dev.belfry.store.MemoWrite;
import dev.belfry.store.Outcome;
import dev.belfry.store.RunRecord;
import dev.belfry.store.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link PlantedBug#NO_FENCING}: an outcome that is refused is written for whoever holds the run.
 */
final class NoFencing implements ModelStore.Model {
  private final World world;
  private final ModelStore.Model sound;

  NoFencing(World world, ModelStore.Model sound) {
    this.world = world;
    this.sound = sound;
  }

  @Override
  public @Nullable Object apply(StoreCall call) {
    Object answer = sound.apply(call);
    if (call.is("record")) {
      return recordAnyway(call.argument(1), answer);
    } else if (!(answer instanceof Exchanged exchanged)) {
      return answer;
    } else {
      return exchangeAnyway(call, exchanged);
    }
  }

  private Object exchangeAnyway(StoreCall call, Exchanged exchanged) {
    List<Outcome> outcomes = call.argument(1);
    var verdicts = new ArrayList<>(exchanged.verdicts());
    for (int i = 0; i < outcomes.size(); i++) {
      if (verdicts.get(i) == Verdict.REFUSED) {
        verdicts.set(i, writeAnyway(outcomes.get(i)));
      }
    }
    return new Exchanged(
        verdicts,
        exchanged.claimed(),
        exchanged.nextDue(),
        exchanged.now(),
        exchanged.cancels(),
        exchanged.catalogVersion(),
        exchanged.inbox());
  }

  private List<Verdict> recordAnyway(List<MemoWrite> writes, @Nullable Object answer) {
    var verdicts = new ArrayList<Verdict>();
    for (int i = 0; i < writes.size(); i++) {
      Verdict verdict = (Verdict) requireNonNull((List<?>) answer).get(i);
      verdicts.add(verdict == Verdict.REFUSED ? recordAnyway(writes.get(i)) : verdict);
    }
    return verdicts;
  }

  private Verdict recordAnyway(MemoWrite write) {
    JobStore memory = world.model().memory();
    RunRecord record = memory.runs(List.of(write.run())).get(0);
    if (!(record.run().state() instanceof RunState.Running running)) {
      return Verdict.REFUSED;
    }
    var its = new MemoWrite(write.run(), record.fence(), write.memo());
    return memory.record(running.node(), List.of(its)).get(0);
  }

  private Verdict writeAnyway(Outcome outcome) {
    JobStore memory = world.model().memory();
    RunRecord record = memory.runs(List.of(outcome.run())).get(0);
    if (!(record.run().state() instanceof RunState.Running running)) {
      return Verdict.REFUSED;
    }
    NodeId holder = running.node();
    var its =
        new Outcome(
            outcome.run(), record.fence(), outcome.ending(), outcome.report(), outcome.latest());
    return memory.exchange(holder, List.of(its), List.of()).verdicts().get(0);
  }
}
