// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import dev.belfry.run.NodeId;
import dev.belfry.store.Lease;
import dev.belfry.store.NodeCard;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@link PlantedBug#REAPING_AFTER_AN_OUTAGE}: one who never loses its lease reaps for all. */
final class ReapingAfterAnOutage implements ModelStore.Model {
  private static final Duration FOR_EVER = Duration.ofDays(365);

  private final World world;
  private final ModelStore.Model sound;
  private @Nullable NodeId immortal;

  ReapingAfterAnOutage(World world, ModelStore.Model sound) {
    this.world = world;
    this.sound = sound;
  }

  @Override
  public @Nullable Object apply(StoreCall call) {
    if (immortal == null) {
      immortal = world.model().memory().join(new NodeCard("immortal", "", Set.of()), FOR_EVER);
    }
    if (call.is("reap")) {
      return world.model().memory().reap(immortal, call.argument(1), call.<Integer>argument(2));
    }
    Object answer = sound.apply(call);
    return answer instanceof Lease.Held held
        ? new Lease.Held(held.until(), true, held.expired())
        : answer;
  }
}
