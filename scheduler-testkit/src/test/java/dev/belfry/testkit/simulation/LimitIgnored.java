// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import dev.belfry.store.Limit;
import dev.belfry.store.NewRun;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link PlantedBug#LIMIT_IGNORED}, {@link PlantedBug#ORDER_IGNORED}: runs are kept without. */
final class LimitIgnored implements ModelStore.Model {
  private final ModelStore.Model sound;
  private final Limit.Kind kind;

  LimitIgnored(ModelStore.Model sound, Limit.Kind kind) {
    this.sound = sound;
    this.kind = kind;
  }

  @Override
  public @Nullable Object apply(StoreCall call) {
    return call.is("insert") && call.argument(0) instanceof List<?> runs
        ? sound.apply(
            call.with(0, runs.stream().map(NewRun.class::cast).map(this::without).toList()))
        : sound.apply(call);
  }

  private NewRun without(NewRun run) {
    return run.withLimits(run.limits().stream().filter(key -> key.kind() != kind).toList());
  }
}
