// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import dev.belfry.run.EventId;
import dev.belfry.run.RunId;
import dev.belfry.store.LookBack;
import dev.belfry.store.MemoWrite;
import dev.belfry.store.NewEvent;
import dev.belfry.store.OpenWait;
import dev.belfry.store.WaitHit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@link PlantedBug#WAIT_AND_EVENT_IN_ONE_TRANSACTION}: from the write of a wait to its look back,
 * others do not see the wait, and it sees no event that was sent since.
 */
final class WaitInOneTransaction implements ModelStore.Model {
  private final ModelStore.Model sound;
  private final Set<EventId> sent = new HashSet<>();
  private final Map<RunId, Set<EventId>> uncommitted = new HashMap<>();

  WaitInOneTransaction(World world, ModelStore.Model sound) {
    this.sound = sound;
  }

  @Override
  public @Nullable Object apply(StoreCall call) {
    Object answer = sound.apply(call);
    switch (call.name()) {
      case "send" -> call.<List<NewEvent>>argument(0).forEach(event -> sent.add(event.id()));
      case "record" -> call.<List<MemoWrite>>argument(1).forEach(this::begin);
      case "openWaits" -> {
        return ((List<?>) list(answer))
            .stream()
                .map(OpenWait.class::cast)
                .filter(wait -> !uncommitted.containsKey(wait.run()))
                .toList();
      }
      case "lookBack" -> {
        List<WaitHit> seen =
            ((List<?>) list(answer))
                .stream().map(WaitHit.class::cast).filter(this::isSeen).toList();
        call.<List<LookBack>>argument(0).forEach(question -> uncommitted.remove(question.run()));
        return seen;
      }
      default -> {
        // as it is
      }
    }
    return answer;
  }

  private static Object list(@Nullable Object answer) {
    return answer == null ? List.of() : answer;
  }

  private void begin(MemoWrite write) {
    if (write.memo().awaited().isPresent()) {
      uncommitted.putIfAbsent(write.run(), Set.copyOf(sent));
    }
  }

  private boolean isSeen(WaitHit hit) {
    Set<EventId> snapshot = uncommitted.get(hit.run());
    return snapshot == null || snapshot.contains(hit.event().id());
  }
}
