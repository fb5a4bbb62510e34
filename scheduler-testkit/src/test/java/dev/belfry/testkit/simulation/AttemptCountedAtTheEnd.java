// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import dev.belfry.run.Pass;
import dev.belfry.store.Claimed;
import dev.belfry.store.Exchanged;
import org.jspecify.annotations.Nullable;

/** {@link PlantedBug#ATTEMPT_COUNTED_AT_THE_END}: claims leave out attempts that were lost. */
final class AttemptCountedAtTheEnd implements ModelStore.Model {
  private final World world;
  private final ModelStore.Model sound;

  AttemptCountedAtTheEnd(World world, ModelStore.Model sound) {
    this.world = world;
    this.sound = sound;
  }

  @Override
  public @Nullable Object apply(StoreCall call) {
    Object answer = sound.apply(call);
    if (!(answer instanceof Exchanged exchanged)) {
      return answer;
    }
    return new Exchanged(
        exchanged.verdicts(),
        exchanged.claimed().stream().map(this::withoutLost).toList(),
        exchanged.nextDue(),
        exchanged.now(),
        exchanged.cancels(),
        exchanged.catalogVersion(),
        exchanged.inbox());
  }

  private Claimed withoutLost(Claimed claim) {
    long lost =
        world.model().memory().passes(claim.id()).stream()
            .filter(pass -> pass.event() == Pass.Event.LOST)
            .count();
    return new Claimed(
        claim.id(),
        claim.lane(),
        claim.job(),
        claim.fence(),
        claim.attempt() - (int) lost,
        claim.opened(),
        claim.createdAt(),
        claim.firstDueAt(),
        claim.dueAt(),
        claim.claimedAt(),
        claim.firstClaimedAt(),
        claim.input(),
        claim.trigger(),
        claim.tags(),
        claim.cancelRequested(),
        claim.interruptions(),
        claim.skipped(),
        claim.batch());
  }
}
