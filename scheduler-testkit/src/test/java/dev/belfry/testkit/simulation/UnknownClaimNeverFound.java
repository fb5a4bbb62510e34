// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import dev.belfry.store.Claimed;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link PlantedBug#UNKNOWN_CLAIM_NEVER_FOUND}. */
final class UnknownClaimNeverFound implements ModelStore.Model {
  private final World world;
  private final ModelStore.Model sound;

  UnknownClaimNeverFound(World world, ModelStore.Model sound) {
    this.world = world;
    this.sound = sound;
  }

  @Override
  public @Nullable Object apply(StoreCall call) {
    Object answer = sound.apply(call);
    return call.is("heldBy") && answer instanceof List<?> held
        ? held.stream()
            .map(Claimed.class::cast)
            .filter(claim -> !world.model().isUnheard(claim))
            .toList()
        : answer;
  }
}
