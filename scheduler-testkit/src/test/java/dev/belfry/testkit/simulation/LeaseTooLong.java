// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** {@link PlantedBug#LEASE_TOO_LONG}. */
final class LeaseTooLong implements ModelStore.Model {
  private final ModelStore.Model sound;

  LeaseTooLong(ModelStore.Model sound) {
    this.sound = sound;
  }

  @Override
  public @Nullable Object apply(StoreCall call) {
    return call.is("join") || call.is("renew")
        ? sound.apply(call.with(1, call.<Duration>argument(1).multipliedBy(3)))
        : sound.apply(call);
  }
}
