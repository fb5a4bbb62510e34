// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.GroupEnd;
import dev.belfry.run.RunId;
import dev.belfry.run.Status;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Something committed that others may depend on, waiting for delivery. */
public sealed interface InboxEntry {
  /** Returns the number of the entry; later ones have larger numbers. */
  long id();

  /** Returns the subscribers that have had theirs already. */
  Set<String> delivered();

  /** Returns this entry with others who have had theirs. */
  InboxEntry withDelivered(Set<String> newDelivered);

  /**
   * A run has ended that is watched, or whose job others follow, see {@link Declaration#endOf}.
   *
   * @param id the entry
   * @param run the run that ended
   * @param job its job
   * @param schedule the schedule that it was started by, if it was
   * @param status how it ended
   * @param endedAt when it ended
   * @param delivered the subscribers that have had theirs already
   */
  record Ended(
      long id,
      RunId run,
      String job,
      Optional<String> schedule,
      Status status,
      Instant endedAt,
      Set<String> delivered)
      implements InboxEntry {
    /** Copies the names. */
    public Ended {
      delivered = Set.copyOf(delivered);
    }

    @Override
    public Ended withDelivered(Set<String> newDelivered) {
      return new Ended(id, run, job, schedule, status, endedAt, newDelivered);
    }
  }

  /**
   * The last run of a group has ended.
   *
   * @param id the entry
   * @param then the job of the run that comes after it
   * @param end how its runs ended
   * @param delivered the subscribers that have had theirs already
   */
  record Grouped(long id, String then, GroupEnd end, Set<String> delivered) implements InboxEntry {
    /** Copies the names. */
    public Grouped {
      delivered = Set.copyOf(delivered);
    }

    @Override
    public Grouped withDelivered(Set<String> newDelivered) {
      return new Grouped(id, then, end, newDelivered);
    }
  }

  /**
   * An event was sent.
   *
   * @param id the entry
   * @param event the event
   * @param delivered the subscribers that have had theirs already
   */
  record Sent(long id, SentEvent event, Set<String> delivered) implements InboxEntry {
    /** Copies the names. */
    public Sent {
      delivered = Set.copyOf(delivered);
    }

    @Override
    public Sent withDelivered(Set<String> newDelivered) {
      return new Sent(id, event, newDelivered);
    }
  }
}
