// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import org.jspecify.annotations.Nullable;

/** {@link PlantedBug#NODE_CLOCKS}. */
final class NodeClocks implements ModelStore.Model {
  private final World world;
  private final ModelStore.Model sound;

  NodeClocks(World world, ModelStore.Model sound) {
    this.world = world;
    this.sound = sound;
  }

  @Override
  public @Nullable Object apply(StoreCall call) {
    return world.model().clock().by(call.host().skew(), () -> sound.apply(call));
  }
}
