// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.store.InboxEntry;
import dev.belfry.store.JobStore;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings endings and events to those who wait for them or subscribe to them. For the control loop
 * only.
 */
final class Deliverer {
  private static final int BATCH = 100;
  private static final String DELIVER = "deliver endings and events";

  private final Node node;
  private final Calls calls;
  private final JobStore store;
  private final Outage outage;
  private final EventDelivery events; // off the loop, by the one round at a time
  private final EndingDelivery endings;
  private final GroupDelivery groups;
  private boolean delivering;
  private boolean again;
  private int leftOver; // entries at the head that only another node can deliver

  /**
   * What a round did.
   *
   * @param ended how many of the entries found were ends of runs, which may have ended groups
   */
  private record Round(int found, int delivered, int ended) {}

  Deliverer(Node node, Settings settings, RunIds ids, Outage outage) {
    this.node = node;
    this.calls = new Calls(settings.host());
    this.store = settings.store();
    this.outage = outage;
    this.events = new EventDelivery(settings, ids);
    this.endings = new EndingDelivery(settings);
    this.groups = new GroupDelivery(settings);
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
          boolean more =
              again || (round.delivered() > 0 && (round.found() == limit || round.ended() > 0));
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
    var ended = new ArrayList<InboxEntry.Ended>();
    var sent = new ArrayList<InboxEntry.Sent>();
    var grouped = new ArrayList<InboxEntry.Grouped>();
    for (InboxEntry entry : entries) {
      if (entry instanceof InboxEntry.Sent event) {
        sent.add(event);
      } else if (entry instanceof InboxEntry.Grouped group) {
        grouped.add(group);
      } else {
        ended.add((InboxEntry.Ended) entry);
      }
    }
    int delivered = endings.deliver(ended) + events.deliver(sent) + groups.deliver(grouped);
    return new Round(entries.size(), delivered, ended.size());
  }

  boolean isIdle() {
    return !delivering;
  }
}
