// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import dev.belfry.store.Firing;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link PlantedBug#TICK_IN_TWO_TRANSACTIONS}. */
final class TickInTwoTransactions implements ModelStore.Model {
  private final World world;
  private final ModelStore.Model sound;

  TickInTwoTransactions(World world, ModelStore.Model sound) {
    this.world = world;
    this.sound = sound;
  }

  @Override
  public @Nullable Object apply(StoreCall call) {
    if (!call.is("fire")) {
      return sound.apply(call);
    }
    var moves = new ArrayList<Firing>();
    for (Firing firing : call.<List<Firing>>argument(0)) {
      if (firing.tick() instanceof Firing.Start start) {
        world.model().memory().insert(List.of(start.run()));
        moves.add(onlyMoving(firing));
      } else {
        moves.add(firing);
      }
    }
    return world.model().memory().fire(moves);
  }

  static Firing onlyMoving(Firing firing) {
    return new Firing(
        firing.schedule(),
        firing.version(),
        firing.nominal(),
        firing.lastRun(),
        new Firing.Skip(),
        firing.next(),
        firing.missed());
  }
}
