// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@link PlantedBug#MEMO_FORGOTTEN}. */
final class MemoForgotten implements ModelStore.Model {
  private static final int ONE_IN = 5;

  private final ModelStore.Model sound;
  private final Chance chance = new Chance(1);

  MemoForgotten(World world, ModelStore.Model sound) {
    this.sound = sound;
  }

  @Override
  public @Nullable Object apply(StoreCall call) {
    return call.is("memos") && chance.oneIn(ONE_IN) ? Map.of() : sound.apply(call);
  }
}
