// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.host.Host;
import dev.belfry.schedule.Schedule;
import dev.belfry.store.Delivery;
import dev.belfry.store.Delivery.Effect;
import dev.belfry.store.InboxEntry;
import dev.belfry.store.JobStore;
import dev.belfry.store.ScheduleRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Brings endings to the schedules that wait for them. For the control loop only. */
final class Deliverer {
  private static final int BATCH = 100;

  private final Node node;
  private final Host host;
  private final JobStore store;
  private final Outage outage;
  private boolean delivering;
  private boolean again;

  Deliverer(Node node, Host host, JobStore store, Outage outage) {
    this.node = node;
    this.host = host;
    this.store = store;
    this.outage = outage;
  }

  /** Delivers what waits in the inbox. */
  void deliver() {
    if (delivering) {
      again = true;
      return;
    }
    delivering = true;
    host.<Integer>io(
        () -> {
          List<InboxEntry> entries = store.inbox(BATCH);
          if (!entries.isEmpty()) {
            store.deliver(entries.stream().map(this::deliveryOf).toList());
          }
          return entries.size();
        },
        (count, thrown) -> {
          delivering = false;
          if (count == null) {
            again = false; // the next exchange says again that something waits
            outage.failed(
                "deliver", thrown == null ? new IllegalStateException("no answer") : thrown);
            return;
          }
          outage.answered();
          if (count > 0) {
            node.lookAtSchedules();
          }
          if (again || count == BATCH) {
            again = false;
            deliver();
          }
          node.checkIdle();
        });
  }

  /** Called off the loop. */
  private Delivery deliveryOf(InboxEntry entry) {
    return entry instanceof InboxEntry.Ended ended
        ? deliveryOf(ended)
        : new Delivery(entry.id(), List.of());
  }

  private Delivery deliveryOf(InboxEntry.Ended entry) {
    var effects = new ArrayList<Effect>();
    Optional<ScheduleRow> row = entry.schedule().flatMap(store::schedule);
    if (row.isPresent()) {
      String id = row.get().id();
      effects.add(new Delivery.Unpark(id, entry.run()));
      Schedule schedule = Schedule.parse(row.get().definition());
      if (schedule.isAfterCompletion()) {
        schedule
            .next(entry.endedAt())
            .ifPresent(at -> effects.add(new Delivery.NextTick(id, entry.run(), at)));
      }
    }
    return new Delivery(entry.id(), effects);
  }

  boolean isIdle() {
    return !delivering;
  }
}
