// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import dev.belfry.run.RunQuery;
import dev.belfry.run.Status;
import dev.belfry.store.Amendment;
import dev.belfry.store.Due;
import dev.belfry.store.Exchanged;
import dev.belfry.store.JobStore;
import dev.belfry.store.Outcome;
import dev.belfry.store.RunRecord;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link PlantedBug#HELD_RUN_NEVER_FREED}: a run that waits for a slot when another gives one back
 * is due in a hundred years, which is as good as forgotten.
 */
final class HeldRunNeverFreed implements ModelStore.Model {
  private static final Duration CENTURY = Duration.ofDays(36_500);

  private final World world;
  private final ModelStore.Model sound;

  HeldRunNeverFreed(World world, ModelStore.Model sound) {
    this.world = world;
    this.sound = sound;
  }

  @Override
  public @Nullable Object apply(StoreCall call) {
    JobStore memory = world.model().memory();
    Object answer = sound.apply(call);
    if (answer instanceof Exchanged && !call.<List<Outcome>>argument(1).isEmpty()) {
      RunQuery waiting = RunQuery.ofJob(SimulatedJobs.LIMITED).in(Status.SCHEDULED);
      for (RunRecord record : memory.runs(waiting).items()) {
        if (!record.heldFor().isEmpty()) {
          var never = new Due.At(memory.now().plus(CENTURY));
          memory.amend(List.of(new Amendment.Reschedule(record.run().id(), never, "nobody")));
        }
      }
    }
    return answer;
  }
}
