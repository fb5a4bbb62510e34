// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.schedule.Schedule;
import dev.belfry.store.Delivery;
import dev.belfry.store.Delivery.Effect;
import dev.belfry.store.InboxEntry;
import dev.belfry.store.JobStore;
import dev.belfry.store.ScheduleRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings endings and events to those who wait for them or subscribe to them. For the control loop
 * only.
 */
final class Deliverer {
  private static final Logger log = LoggerFactory.getLogger(Scheduler.class);
  private static final int BATCH = 100;
  private static final String DELIVER = "deliver endings and events";

  private final Node node;
  private final Calls calls;
  private final JobStore store;
  private final Jobs jobs;
  private final Outage outage;
  private final EventDelivery events; // off the loop, by the one round at a time
  private final ChildDelivery children;
  private boolean delivering;
  private boolean again;
  private int leftOver; // entries at the head that only another node can deliver

  /** What a round did. */
  private record Round(int found, int delivered) {}

  Deliverer(Node node, Settings settings, RunIds ids, Outage outage) {
    this.node = node;
    this.calls = new Calls(settings.host());
    this.store = settings.store();
    this.jobs = settings.jobs();
    this.outage = outage;
    this.events = new EventDelivery(settings, ids);
    this.children = new ChildDelivery(settings.store());
  }

  /** Delivers what waits in the inbox. */
  void deliver() {
    if (delivering) {
      again = true;
      return;
    }
    delivering = true;
    int limit = BATCH + leftOver;
    calls.<Round>make(
        () -> round(limit),
        (round, thrown) -> {
          delivering = false;
          if (round == null) {
            again = false; // the next exchange says again that something waits
            outage.failed(DELIVER, thrown);
            return;
          }
          outage.answered(DELIVER);
          leftOver = round.found() - round.delivered();
          if (round.delivered() > 0) {
            node.lookAtSchedules();
          }
          boolean more = again || (round.found() == limit && round.delivered() > 0);
          again = false;
          if (more) {
            deliver();
          }
          node.checkIdle();
        });
  }

  /** Called off the loop. */
  private Round round(int limit) {
    List<InboxEntry> entries = store.inbox(limit);
    var deliveries = new ArrayList<Delivery>();
    var sent = new ArrayList<InboxEntry.Sent>();
    for (InboxEntry entry : entries) {
      if (entry instanceof InboxEntry.Sent event) {
        sent.add(event);
      } else {
        deliveryOf((InboxEntry.Ended) entry).ifPresent(deliveries::add);
      }
    }
    if (!deliveries.isEmpty()) {
      store.deliver(deliveries);
    }
    return new Round(entries.size(), deliveries.size() + events.deliver(sent));
  }

  /** Empty for an entry that concerns others: of a job that they know, or that they can read. */
  private Optional<Delivery> deliveryOf(InboxEntry.Ended entry) {
    if (entry.schedule().isEmpty()) {
      return Optional.of(new Delivery(entry.id(), children.effects(entry)));
    }
    if (jobs.find(entry.job()) == null) {
      return Optional.empty();
    }
    Optional<ScheduleRow> row = entry.schedule().flatMap(store::schedule);
    if (row.isEmpty()) {
      return Optional.of(new Delivery(entry.id(), List.of()));
    }
    try {
      return Optional.of(new Delivery(entry.id(), effects(entry, row.get())));
    } catch (IllegalArgumentException unreadable) {
      log.debug("inbox entry {} is left to another node", entry.id(), unreadable);
      return Optional.empty();
    }
  }

  private static List<Effect> effects(InboxEntry.Ended entry, ScheduleRow row) {
    Schedule schedule = Schedule.parse(row.definition());
    var effects = new ArrayList<Effect>();
    if (schedule.isAfterCompletion()) { // first, so that a tick that waited for the end counts too
      schedule
          .next(entry.endedAt())
          .ifPresent(at -> effects.add(new Delivery.NextTick(row.id(), entry.run(), at)));
    }
    effects.add(new Delivery.Unpark(row.id(), entry.run()));
    return effects;
  }

  boolean isIdle() {
    return !delivering;
  }
}
