// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import dev.belfry.store.Firing;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link PlantedBug#TICK_MOVED_WITHOUT_ITS_RUN}. */
final class TickMovedWithoutItsRun implements ModelStore.Model {
  private static final int ONE_IN = 10;

  private final ModelStore.Model sound;
  private final Chance chance = new Chance(1);

  TickMovedWithoutItsRun(World world, ModelStore.Model sound) {
    this.sound = sound;
  }

  @Override
  public @Nullable Object apply(StoreCall call) {
    if (!call.is("fire") || !chance.oneIn(ONE_IN)) {
      return sound.apply(call);
    }
    List<Firing> firings = call.argument(0);
    return sound.apply(
        call.with(0, firings.stream().map(TickInTwoTransactions::onlyMoving).toList()));
  }
}
