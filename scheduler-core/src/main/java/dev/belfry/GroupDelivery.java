// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.Run;
import dev.belfry.run.Trigger;
import dev.belfry.store.Delivery;
import dev.belfry.store.Delivery.Effect;
import dev.belfry.store.InboxEntry;
import dev.belfry.store.JobStore;
import dev.belfry.store.Payload;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts what comes after groups of runs. One thread at a time, not the control loop's. */
final class GroupDelivery {
  /*
   * The store counts the ends of the runs, as their entries are delivered, by whatever node. With
   * the last one the group has an entry of its own, for a node that knows the job to be started.
   * The run has the id of the group: however often it is started, it is one.
   */
  private static final Logger log = LoggerFactory.getLogger(Scheduler.class);

  private final JobStore store;
  private final Jobs jobs;
  private final Payloads payloads;
  private final LeftEntries leftToOthers;

  GroupDelivery(Settings settings) {
    this.store = settings.store();
    this.jobs = settings.jobs();
    this.payloads = settings.payloads();
    this.leftToOthers = new LeftEntries(settings);
  }

  /** Returns what follows for the group that an ended run belongs to, if it does. */
  static List<Effect> effects(Run ended) {
    Trigger trigger = ended.trigger();
    return trigger.kind() == Trigger.Kind.GROUP
        ? trigger.origin().stream()
            .filter(group -> !group.equals(ended.id()))
            .<Effect>map(group -> new Delivery.EndMember(group, ended.status()))
            .toList()
        : List.of();
  }

  /** Delivers ends of groups, and returns how many of them are gone for good. */
  int deliver(List<InboxEntry.Grouped> entries) {
    leftToOthers.keepOnly(entries);
    var deliveries = new ArrayList<Delivery>();
    for (InboxEntry.Grouped entry : entries) {
      JobDefinition<?, ?> then = jobs.find(entry.then());
      if (then != null) {
        deliveries.add(new Delivery(entry.id(), List.of(start(then, entry), over(entry))));
      } else if (leftToOthers.isPast(entry, entry.end().at())) {
        log.warn(
            "the end of group {} \"{}\" at {} is given up: no node knows job {}",
            entry.end().group(),
            entry.end().name(),
            entry.end().at(),
            entry.then());
        deliveries.add(new Delivery(entry.id(), List.of(over(entry))));
      } else {
        leftToOthers.addAll(List.of(entry));
      }
    }
    if (!deliveries.isEmpty()) {
      store.deliver(deliveries);
    }
    return deliveries.size();
  }

  private Effect start(JobDefinition<?, ?> then, InboxEntry.Grouped entry) {
    Payload input =
        payloads.encode("input of job \"" + then.name() + "\"", RunGroup.END, entry.end());
    return new Delivery.StartRun(
        entry.then(),
        EventDelivery.newRun(
            payloads, entry.end().group(), then, input, Trigger.group(entry.end().group())));
  }

  private static Effect over(InboxEntry.Grouped entry) {
    return new Delivery.EndGroup(entry.end().group());
  }
}
