// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import dev.belfry.store.Accepted;
import dev.belfry.store.NewRun;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link PlantedBug#ACKNOWLEDGED_BEFORE_COMMIT}. */
final class AcknowledgedBeforeCommit implements ModelStore.Model {
  private static final int ONE_IN = 10;

  private final ModelStore.Model sound;
  private final Chance chance = new Chance(1);

  AcknowledgedBeforeCommit(World world, ModelStore.Model sound) {
    this.sound = sound;
  }

  @Override
  public @Nullable Object apply(StoreCall call) {
    return call.is("insert") && call.argument(0) instanceof List<?> runs && chance.oneIn(ONE_IN)
        ? runs.stream().map(run -> new Accepted.Created(((NewRun) run).id())).toList()
        : sound.apply(call);
  }
}
