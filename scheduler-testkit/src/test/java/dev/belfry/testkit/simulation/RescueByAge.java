// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import dev.belfry.run.Run;
import dev.belfry.run.RunQuery;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import dev.belfry.store.Ending;
import dev.belfry.store.JobStore;
import dev.belfry.store.Outcome;
import dev.belfry.store.PassReport;
import dev.belfry.store.RunRecord;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link PlantedBug#RESCUE_BY_AGE}: each renewal looks for runs that run for a lease. */
final class RescueByAge implements ModelStore.Model {
  private final World world;
  private final ModelStore.Model sound;

  RescueByAge(World world, ModelStore.Model sound) {
    this.world = world;
    this.sound = sound;
  }

  @Override
  public @Nullable Object apply(StoreCall call) {
    if (call.is("renew")) {
      JobStore memory = world.model().memory();
      memory.runs(RunQuery.all().in(Status.RUNNING)).items().forEach(this::rescueIfOld);
    }
    return sound.apply(call);
  }

  private void rescueIfOld(RunRecord record) {
    Run run = record.run();
    JobStore memory = world.model().memory();
    Instant tooOld = memory.now().minus(world.lease());
    if (run.state() instanceof RunState.Running running && running.since().isBefore(tooOld)) {
      var rescue =
          new Outcome(
              run.id(),
              record.fence(),
              new Ending.HandedBack(true, "too old"),
              PassReport.NOT_STARTED);
      memory.exchange(running.node(), List.of(rescue), List.of());
    }
  }
}
